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
// made. The page shows the outcome of that attempt in a banner.
const queryDone = "done"

// maxDone is how long after an attempt its banner may be shown.
const maxDone = 5 * time.Minute

// afterAct redirects to the meeting's page, which then shows the outcome of the newest
// attempt once.
func (s *Server) afterAct(w http.ResponseWriter, r *http.Request, meetingID int64) error {
	attempts, err := s.Store.Attempts(r.Context(), meetingID)
	if err != nil {
		return err
	}
	to := paths.Meeting(meetingID)
	if len(attempts) > 0 {
		to = paths.With(to, url.Values{queryDone: {strconv.FormatInt(attempts[0].ID, 10)}})
	}
	return s.seeOther(w, r, to)
}

// justDone returns the ID of the attempt whose outcome is news to the person, or 0 if
// there is none. The URL must name the attempt, which must be the meeting's newest, made
// by the person, and only a few minutes old. A reloaded page does not show the outcome
// again: what was confirmed may have changed since, and the section About says who did
// what. The server remembers which outcomes were shown. A cookie would not do, because
// whichever tab loads a page first would use it up. After a restart, an outcome may at
// worst be shown twice.
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
