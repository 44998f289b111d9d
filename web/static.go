package web

import (
	"net/http"

	"meetdesk/meeting"
)

// favicon redirects to the icon. Browsers request this URL for responses that cannot link
// to the icon, such as a QR code.
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
