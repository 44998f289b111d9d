package web

import (
	"context"
	"net/http"

	"meetdesk/desk"
)

func (s *Server) attemptRetry(w http.ResponseWriter, r *http.Request) error {
	return s.onAttempt(w, r, s.Desk.Retry)
}

func (s *Server) attemptDismiss(w http.ResponseWriter, r *http.Request) error {
	return s.onAttempt(w, r, s.Desk.Dismiss)
}

// onAttempt does an act on the attempt in the address and shows its meeting.
func (s *Server) onAttempt(w http.ResponseWriter, r *http.Request, act func(context.Context, desk.Actor, int64) (int64, error)) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	meetingID, err := act(r.Context(), actor(r), id)
	if err != nil {
		return err
	}
	return seeOther(w, r, meetingPath(meetingID))
}
