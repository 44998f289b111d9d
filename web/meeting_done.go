package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
)

// queryDone is the query parameter with the ID of the attempt that the person has just
// made. The page shows the outcome of this attempt.
const queryDone = "done"

// maxDone is how long after an attempt its banner may be shown.
const maxDone = 5 * time.Minute

// afterAct redirects to the meeting's page, which then shows the outcome of the newest
// attempt once.
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

// justDone returns the ID of the attempt in the URL if its outcome is news to the person,
// and 0 otherwise. The outcome is news if the person made the attempt, the attempt is the
// meeting's newest and ended at most maxDone ago, and no page has shown the outcome yet.
//
// A reload does not show the outcome again, because the meeting may have changed since. The
// server, not a cookie, records which outcomes were shown: a cookie would be used up by
// whichever tab loads a page first.
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
