//go:build !dev

package server

import (
	"net/http"

	"github.com/a-h/templ"

	"meetdesk/locale"
	"meetdesk/static"
)

// samplePages returns nil, because released builds have no sample pages.
func samplePages(*locale.Catalogue, *static.Files) func(*http.Request) templ.Component { return nil }
