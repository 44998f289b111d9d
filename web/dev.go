package web

import (
	"net/http"

	"meetdesk/meeting"
)

// samplePage shows a page with sample data, or the index of all such pages.
func (s *Server) samplePage(w http.ResponseWriter, r *http.Request) error {
	page := s.Samples(r)
	if page == nil {
		return &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonPageUnknown}
	}
	return s.render(w, r, http.StatusOK, page)
}
