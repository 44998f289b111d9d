package web

import (
	"net/http"
	"strconv"

	"meetdesk/form"
	"meetdesk/paths"
)

// attemptRetry continues the attempt in the address and shows its meeting. The form may
// name in base_reply the response that the person saw. If the button is pressed twice,
// the second press must not overwrite a change that the first one found.
func (s *Server) attemptRetry(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	seen, _ := strconv.ParseInt(r.PostFormValue(form.FieldBaseReply), 10, 64) // 0 without the field: any response
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
