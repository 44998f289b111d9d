package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/views"
)

// maxLocation is the longest address in a redirect's header, in bytes. A response's
// headers have about 1 KB without it, and nginx has room for 4 KB by default.
const maxLocation = 2800

// seeOther redirects after a POST, or to where a page really is. An address that
// does not fit into a header goes into a page that leads there.
func (s *Server) seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	if len(to) > maxLocation {
		return s.onward(w, r, http.StatusOK, "onward", to)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// onward shows a page that opens the address by itself. A form's answer leads to
// other sites this way: browsers hold form-action against every redirect of a
// form, and the policy keeps forms within this site.
func (s *Server) onward(w http.ResponseWriter, r *http.Request, status int, key, address string) error {
	text := visitOf(r).text
	page := s.page(r, text.T(key+".heading"))
	page.User, page.SignedInAs, page.Refresh = meeting.User{Theme: page.User.Theme}, "", address
	return s.render(w, r, status, views.Onward(page, text.T(key), text.T(key+".button")))
}
