package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
)

// queryDone is the query parameter that contains the ID of the attempt whose outcome the
// page announces.
const queryDone = "done"

// maxDone is the maximum age of an outcome that a page announces.
const maxDone = 5 * time.Minute

// afterAct redirects to the meeting's page, which announces the outcome of the newest
// attempt.
func (s *Server) afterAct(w http.ResponseWriter, r *http.Request, meetingID int64) error {
	newest, err := s.Store.NewestAttempt(r.Context(), meetingID)
	if err != nil {
		return err
	}
	to := paths.Meeting(meetingID)
	if newest != 0 {
		to = paths.With(to, url.Values{queryDone: {strconv.FormatInt(newest, 10)}})
	}
	return s.seeOther(w, r, to)
}

// justDone returns the ID of the attempt in the URL if the page should announce its
// outcome, and 0 otherwise. The attempt must be the person's own and the meeting's newest,
// must have ended within the last maxDone, and must not have been announced before.
//
// A reload does not announce the outcome again, because the meeting may have changed in the
// meantime. The server records the announcements itself, because a cookie would be consumed
// by the first tab that loads a page.
func (s *Server) justDone(r *http.Request, attempts []meeting.Attempt) int64 {
	done := r.URL.Query().Get(queryDone)
	if len(attempts) == 0 || done != strconv.FormatInt(attempts[0].ID, 10) {
		return 0
	}
	newest := attempts[0]
	if newest.Actor.ID != visitOf(r).session.User.ID || s.Now().Sub(newest.UpdatedAt) > maxDone || newest.State == meeting.AttemptPending || !s.told.add(done+"@"+newest.UpdatedAt.String()) {
		return 0
	}
	return newest.ID
}
