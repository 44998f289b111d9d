package web_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestNavigationOfEachRole(t *testing.T) {
	t.Parallel()
	everyRole := []string{"/", "/meetings/new", "/history"}
	s := newSite(t)
	for person, want := range map[string][]string{
		"":    nil,
		sam:   nil, // no role
		priya: everyRole,
		dana:  everyRole,
		alex:  append(everyRole, "/admin"),
	} {
		page := s.visitor(person).get("/nowhere").want(http.StatusNotFound)
		if n := page.doc.Find(`form[method="post"][action="/auth/logout"]`).Length(); (n == 1) != (person != "") {
			t.Errorf("the page of %q has %d buttons to sign out", person, n)
		}
		got := page.doc.Find("nav a").Map(func(_ int, link *goquery.Selection) string {
			return link.AttrOr("href", "")
		})
		if !slices.Equal(got, want) {
			t.Errorf("the navigation of %q (%s) links to %q, want %q: if you added a page, say here which roles see its link", person, roles[person], got, want)
		}
	}
}

// TestNavigationMarksCurrentPage checks that the navigation marks the current page or, in
// the response to a submitted form, the form's page.
func TestNavigationMarksCurrentPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, a := s.signIn(priya), s.signIn(alex)
	for name, tt := range map[string]struct {
		page *page
		want string // the URL of the marked link; "" if none is marked
	}{
		"the administration":     {a.get("/admin"), "/admin"},
		"the home page":          {b.get("/"), "/"},
		"the history":            {b.get("/history?q=printer"), "/history"},
		"the form":               {b.get("/meetings/new?subject=x"), "/meetings/new"},
		"the form with problems": {b.post("/meetings", b.form("external_id", "")).want(http.StatusUnprocessableEntity), "/meetings/new"},
		"a page without a link":  {b.get("/meetings/adopt"), ""},
		"a missing page":         {b.get("/history/7").want(http.StatusNotFound), ""},
	} {
		if got := tt.page.doc.Find(`header nav a[aria-current="page"]`).AttrOr("href", ""); got != tt.want {
			t.Errorf("on %s, the navigation marks %q, want %q", name, got, tt.want)
		}
	}
}
