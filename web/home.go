package web

import (
	"net/http"
	"time"

	"meetdesk/views"
)

// homeRows is the maximum number of meetings in each list on the home page.
const homeRows = 10

// recentImports is how long the home page shows a draft after its upload and an import
// after its end. Running and paused imports are shown regardless of their age.
const recentImports = 24 * time.Hour

// home lists the person's upcoming meetings, the meetings that need attention, and recent
// imports.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), visitOf(r)
	person := v.session.User
	upcoming, err := s.Store.Upcoming(ctx, person.ID, homeRows)
	if err != nil {
		return err
	}
	unfinished, err := s.Store.Unfinished(ctx, person.ID, homeRows)
	if err != nil {
		return err
	}
	failed, err := s.Store.Failed(ctx, person.ID, homeRows)
	if err != nil {
		return err
	}
	imports, err := s.Store.RecentImports(ctx, person.ID, recentImports)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.Home(s.page(r, v.text.T("home.title")), views.HomeData{
		Upcoming: upcoming, Unfinished: unfinished, Failed: failed, Imports: imports, Zone: zoneOf(person.TimeZone), Now: s.Now(),
	}))
}
