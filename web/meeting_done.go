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
// made, for the banner that says so.
const queryDone = "done"

// maxDone is the time after an attempt within which its banner may be shown.
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
// there is none. The URL names the attempt. It must be the newest one and the person's
// own, and only a few minutes old. A page that is reloaded shows no news: what was
// confirmed then may have changed since, and About says who did what. The server
// remembers the attempt and not the tab, because a cookie would be used up by whichever
// tab loads a page first. A restart forgets it, and the news is at worst shown twice.
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
