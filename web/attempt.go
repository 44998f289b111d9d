package web

import (
	"net/http"
	"strconv"

	"meetdesk/form"
	"meetdesk/paths"
)

// attemptRetry retries the attempt in the URL. The base_reply form field contains the ID of
// the last reply that the person saw, so that the retry does not overwrite a newer change.
func (s *Server) attemptRetry(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	seen, _ := strconv.ParseInt(r.PostFormValue(form.FieldBaseReply), 10, 64) // 0 if the field is missing, which disables the check in Retry
	meetingID, err := s.Desk.Retry(r.Context(), actor(r), id, seen)
	if err != nil {
		return err
	}
	return s.afterAct(w, r, meetingID)
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
