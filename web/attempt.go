package web

import (
	"net/http"
	"strconv"

	"meetdesk/form"
	"meetdesk/paths"
)

// attemptRetry goes on with the attempt in the address and shows its meeting.
// base_reply, where the form has it, is the reply that the person saw: of two
// presses of the button, the second must not overwrite what the first came upon.
func (s *Server) attemptRetry(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	seen, _ := strconv.ParseInt(r.PostFormValue(form.FieldBaseReply), 10, 64) // absent: whichever it is
	meetingID, err := s.Desk.Retry(r.Context(), actor(r), id, seen)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Meeting(meetingID))
}

func (s *Server) attemptDismiss(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	meetingID, err := s.Desk.Dismiss(r.Context(), actor(r), id)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Meeting(meetingID))
}
