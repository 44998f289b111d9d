//go:build !dev

package main

import (
	"net/http"

	"github.com/a-h/templ"

	"meetdesk/locale"
	"meetdesk/static"
)

// samplePages returns nil: the sample pages are in no program that people use.
func samplePages(*locale.Catalogue, *static.Files) func(*http.Request) templ.Component { return nil }
