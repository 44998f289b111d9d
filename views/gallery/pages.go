package gallery

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// Gallery serves the samples at /dev/pages.
type Gallery struct {
	Locale *locale.Catalogue
	Static func(string) string
}

var themes = []string{meeting.ThemeLight, meeting.ThemeDark}

// Page returns the sample named by the path value "name", or nil if there is no such sample.
// Without a name, it returns the index.
func (g Gallery) Page(r *http.Request) templ.Component {
	query := r.URL.Query()
	look := Look{T: g.Locale.Printer(query.Get("language")), Static: g.Static}
	if theme := query.Get("theme"); slices.Contains(themes, theme) {
		look.Theme = theme
	}
	name := r.PathValue("name")
	if name == "" {
		return index(look, Samples(look))
	}
	for _, s := range Samples(look) {
		if s.Name == name {
			return s.Page
		}
	}
	return nil
}

func samplePath(name, language, theme string) string {
	return paths.With(paths.SamplePage(name), url.Values{"language": {language}, "theme": {theme}})
}
