package web

import (
	"net/http"

	"meetdesk/views"
)

// adminOverview shows an administrator the state of the desk at a glance.
func (s *Server) adminOverview(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, views.Admin(s.page(r, visitOf(r).text.T("admin.overview")), views.AdminData{}))
}
