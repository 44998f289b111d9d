package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/views"
)

// maxLocation is the length of the longest address in a Location header, in bytes. The
// other headers of a response take about 1 KB, and nginx accepts 4 KB by default.
const maxLocation = 2800

// seeOther redirects to the address, with 303. If the address does not fit into a header,
// it shows a page that opens it.
func (s *Server) seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	if len(to) > maxLocation {
		return s.onward(w, r, http.StatusOK, "onward", to)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// onward shows a page that opens the address by itself. After a form, it is the only way to
// another site: browsers check form-action at every redirect of a form, and the policy
// allows only this site.
func (s *Server) onward(w http.ResponseWriter, r *http.Request, status int, key, address string) error {
	text := visitOf(r).text
	page := s.page(r, text.T(key+".heading"))
	page.User, page.SignedInAs, page.Refresh = meeting.User{Theme: page.User.Theme}, "", address
	return s.render(w, r, status, views.Onward(page, text.T(key), text.T(key+".button")))
}
