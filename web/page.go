package web

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"meetdesk/meeting"
	"meetdesk/views"
)

// page returns the data that is common to all pages.
func (s *Server) page(r *http.Request, title string) views.Page {
	v := visitOf(r)
	p := views.Page{
		Title: title, T: v.text, Path: pagePath(r), Emulator: s.Auth.IsEmulator(),
		Static: s.Static.URL, Ticket: s.Ticket,
	}
	p.Here = here(r)
	if v.session != nil {
		p.User = v.session.User
		p.SignedInAs = s.identities.Load().valueFor(p.User.ID)
		if p.User.Role.Has(meeting.Admin) {
			p.Skew, _ = s.Desk.Skew()
		}
	}
	return p
}

// render renders the whole page before it writes the response, so that an error page can
// be sent if rendering fails.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	buf := s.buffer()
	defer s.releaseBuffer(buf)
	if err := page.Render(r.Context(), buf); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return s.send(w, r, status, "text/html; charset=utf-8", buf.Bytes())
}
