//go:build dev

package server

import (
	"net/http"

	"github.com/a-h/templ"

	"meetdesk/locale"
	"meetdesk/static"
	"meetdesk/views/gallery"
)

// samplePages returns a function that finds the sample page for a request to /dev/pages.
func samplePages(c *locale.Catalogue, files *static.Files) func(*http.Request) templ.Component {
	return gallery.Gallery{Locale: c, Static: files.URL}.Page
}
