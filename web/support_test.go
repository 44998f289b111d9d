package web_test

import (
	"net/url"
	"sync"
	"testing"

	"meetdesk/locale"
)

func urlQuery(name, value string) string { return url.Values{name: {value}}.Encode() }

// loadCatalogue loads the catalogue once, because parsing it takes longer than most tests.
var loadCatalogue = sync.OnceValues(locale.Load)

func catalogue(t testing.TB) *locale.Catalogue {
	t.Helper()
	c, err := loadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func english(t *testing.T) locale.Printer {
	t.Helper()
	return catalogue(t).Printer("en")
}
