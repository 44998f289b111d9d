package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/views"
)

func (s *Server) meetingQR(w http.ResponseWriter, r *http.Request) error {
	m, err := s.meetingForKit(r, "qr.svg")
	switch {
	case err != nil:
		return err
	case m.State.Withdrawn():
		return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonKitOver}
	case m.JoinURL == "":
		return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonKitNoLink}
	}
	code, err := views.QR(visitOf(r).text.T("qr.title"), m.JoinURL)
	if err != nil {
		return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonKitTooLong, Err: err}
	}
	w.Header().Set("Content-Disposition", contentDisposition("inline", m, ".svg"))
	return s.send(w, r, http.StatusOK, "image/svg+xml; charset=utf-8", code)
}
