package web

import (
	"strings"
	"testing"
)

// TestFormPages checks that isFormPage returns true for every page whose form the language
// and theme switches must preserve, and false for some other pages.
func TestFormPages(t *testing.T) {
	for _, route := range new(Server).routeTable() {
		if route.page == "/meetings/{id}" {
			continue // the language and theme switches do not submit this page's form, which is for a note
		}
		if page := strings.Replace(route.page, "{id}", "7", 1); route.refill && !isFormPage(page) {
			t.Errorf("a switch on %s loses the form", page)
		}
	}
	for _, page := range []string{"", "/", "/history", "/meetings/7", "//evil.example/meetings/7/edit", "/meetings/7/edit/", "/meetings/7/8/edit"} {
		if isFormPage(page) {
			t.Errorf("%q counts as a page with a form", page)
		}
	}
}
