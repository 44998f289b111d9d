package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"meetdesk/locale"
	"meetdesk/static"
	"meetdesk/testenv"
	"meetdesk/views/gallery"
)

func withSamples(s *siteSettings) { s.samples = true }

func samplePages(c *locale.Catalogue, files *static.Files) func(*http.Request) templ.Component {
	return gallery.Gallery{Locale: c, Static: files.URL}.Page
}

// TestSamplePages checks that the index links to every sample in every language and theme.
// It opens each sample in only one language and theme.
func TestSamplePages(t *testing.T) {
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t, withSamples)
	b := s.browser()
	index := b.get("/dev/pages").want(200, "Sample pages", "form-twice", "error-signin.guest")
	wantStrict(t, index)
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	perSample := 2 * len(catalogue.Printer().Languages()) // two themes
	links := index.doc.Find("td a")
	if want := perSample * index.doc.Find("tbody tr").Length(); links.Length() != want || want < 400 {
		t.Errorf("%d links, want %d", links.Length(), want)
	}
	for i, link := range links.EachIter() {
		if i%perSample != i/perSample%perSample {
			continue
		}
		href, _ := link.Attr("href")
		address, err := url.Parse(href)
		if err != nil {
			t.Fatal(err)
		}
		p := b.get(href).want(200)
		wantStrict(t, p)
		html := p.doc.Find("html")
		if lang, _ := html.Attr("lang"); lang != address.Query().Get("language") {
			t.Errorf("%s is in language %q", href, lang)
		}
		if theme, _ := html.Attr("data-theme"); theme != address.Query().Get("theme") {
			t.Errorf("%s has the theme %q", href, theme)
		}
	}
	wantErrorPage(t, b.get("/dev/pages/nothing").want(404))
	if html := b.get("/dev/pages/home?theme=purple").want(200).doc.Find("html[data-theme]"); html.Length() != 0 {
		t.Error("an unknown theme is accepted")
	}
}

func TestNoSamplePagesInProduction(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, route := range s.server.Routes() {
		if strings.Contains(route.Pattern, "/dev") {
			t.Errorf("the route %s exists without sample pages", route.Pattern)
		}
	}
	b := s.signIn(alex)
	b.get("/dev/pages").want(404)
	b.get("/dev/pages/home").want(404)
}
