package web_test

import (
	"net/http"
	"testing"
)

// TestNavigationMarksCurrentPage checks that the navigation marks the current page. The
// response to a form counts as the page of the form.
func TestNavigationMarksCurrentPage(t *testing.T) {
	t.Parallel()
	b := newSite(t).signIn(priya)
	for name, tt := range map[string]struct {
		page *page
		want string // the address of the marked link; "" if none is marked
	}{
		"the home page":          {b.get("/"), "/"},
		"the history":            {b.get("/history?q=printer"), "/history"},
		"the form":               {b.get("/meetings/new?subject=x"), "/meetings/new"},
		"the form with problems": {b.post("/meetings", b.form("external_id", "")).want(http.StatusUnprocessableEntity), "/meetings/new"},
		"a page without a link":  {b.get("/meetings/adopt"), ""},
		"a missing page":         {b.get("/history/7").want(http.StatusNotFound), ""},
	} {
		if got := tt.page.doc.Find(`nav a[aria-current="page"]`).AttrOr("href", ""); got != tt.want {
			t.Errorf("on %s, the navigation marks %q, want %q", name, got, tt.want)
		}
	}
}
