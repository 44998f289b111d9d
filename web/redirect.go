package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/views"
)

// maxLocation is the maximum length of a URL in a Location header, in bytes. The other
// headers of a response take about 1 KB, and by default nginx accepts 4 KB in total.
const maxLocation = 2800

// seeOther redirects to the URL with status 303. If the URL is too long for a header, it
// shows a page that opens the URL.
func (s *Server) seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	if len(to) > maxLocation {
		return s.onward(w, r, http.StatusOK, "onward", to)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// onward shows a page that opens the URL by itself. This is the only way in which the
// response to a form can lead to another site. Browsers apply form-action to every
// redirect that follows a form, and our policy allows only this site.
func (s *Server) onward(w http.ResponseWriter, r *http.Request, status int, key, address string) error {
	text := visitOf(r).text
	page := s.page(r, text.T(key+".heading"))
	page.User, page.SignedInAs, page.Refresh = meeting.User{Theme: page.User.Theme}, "", address
	return s.render(w, r, status, views.Onward(page, text.T(key), text.T(key+".button")))
}
