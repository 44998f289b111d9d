package web

import (
	"html"
	"net/http"
)

// maxLocation is the longest address in a redirect's header, in bytes. A response's
// headers have about 1 KB without it, and nginx has room for 4 KB by default.
const maxLocation = 2800

// seeOther redirects after a POST, or to where a page really is. An address that
// does not fit into a header goes into a page that leads there at once.
func seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	if len(to) <= maxLocation {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	to = html.EscapeString(to)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err := w.Write([]byte(`<!doctype html><html lang="en"><meta charset="utf-8"><title>meetdesk</title>` +
		`<meta http-equiv="refresh" content="0;url=` + to + `"><p><a href="` + to + `">meetdesk</a>`))
	return err
}
