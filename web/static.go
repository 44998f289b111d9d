package web

import (
	"net/http"

	"meetdesk/meeting"
)

// favicon leads to the icon. Pages name it themselves; a browser asks here when it
// shows something that cannot, such as a QR code.
func (s *Server) favicon(w http.ResponseWriter, r *http.Request) error {
	return s.seeOther(w, r, s.Static.URL("icon.svg"))
}

func (s *Server) staticFile(w http.ResponseWriter, r *http.Request) error {
	if !s.Static.Has(r.URL.Path) {
		return &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonPageUnknown}
	}
	s.Static.ServeHTTP(w, r)
	return nil
}
