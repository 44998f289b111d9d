package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/views"
)

// maxLocation is the maximum length of a URL in a Location header, in bytes. By default,
// nginx accepts 4 KB of headers, and the other headers take about 1 KB.
const maxLocation = 2800

// seeOther redirects with status 303. If the URL is too long for a header, seeOther shows a
// page that opens the URL.
func (s *Server) seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	if len(to) > maxLocation {
		return s.onward(w, r, http.StatusOK, "onward", to)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// onward shows a page that opens the URL automatically. The response to a form cannot
// redirect to another site, because browsers also apply the form-action policy to redirects.
func (s *Server) onward(w http.ResponseWriter, r *http.Request, status int, key, address string) error {
	text := visitOf(r).text
	page := s.page(r, text.T(key+".heading"))
	page.User, page.SignedInAs, page.Refresh = meeting.User{Theme: page.User.Theme}, "", address
	return s.render(w, r, status, views.Onward(page, text.T(key), text.T(key+".button")))
}
