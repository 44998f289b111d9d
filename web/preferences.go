package web

import (
	"maps"
	"net/http"
	"net/url"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/store"
)

// The fields of the forms at the bottom of every page.
const (
	fieldLanguage = "language"
	fieldTheme    = "theme"
	fieldReturnTo = "return_to"
)

// preferences remembers a person's language, theme and time zone, and leads back
// to the page they came from. A field that is blank forgets the choice, one that
// was not sent leaves it as it is. Where one has a value that the desk does not
// know, nothing is changed at all.
func (s *Server) preferences(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	var p store.Preferences
	for _, field := range []struct {
		name  string
		into  **string
		known func(string) bool
	}{
		{fieldLanguage, &p.Language, s.Locale.Has},
		{fieldTheme, &p.Theme, isTheme},
		{meeting.FieldTimeZone, &p.TimeZone, isZone},
	} {
		if !values.Has(field.name) {
			continue
		}
		value := strings.TrimSpace(values.Get(field.name))
		if value != "" && !field.known(value) {
			return &meeting.Error{
				Code: meeting.Invalid, Key: "preferences." + field.name,
				Args: meeting.Args{"Value": meeting.Shorten(value, maxPreference)},
			}
		}
		*field.into = &value
	}
	if p.Theme != nil && *p.Theme == themeSystem {
		*p.Theme = "" // nothing to remember: the browser knows
	}
	if err := s.Store.Prefer(r.Context(), visitOf(r).session.User.ID, p); err != nil {
		return err
	}
	return s.seeOther(w, r, localPath(values.Get(fieldReturnTo)))
}

// maxPreference is how many characters of an unknown value are repeated.
const maxPreference = 80

// themeSystem is the form's word for no theme of one's own.
const themeSystem = "system"

func isTheme(value string) bool {
	return value == themeSystem || value == "light" || value == "dark"
}

func isZone(value string) bool {
	_, known := meeting.LoadZone(value)
	return known
}

// here is an address that shows the page again after a change of language. What
// a form answered with has none of its own: then it is the page that the form
// was on.
func here(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, "/auth/") {
		return "/" // the steps of a sign-in are good for once
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	page, isFilledIn := formPage(r)
	if isFilledIn {
		page += filledIn(r, url.Values{queryAsLeft: {"1"}})
	}
	return page
}

// formPage is the page that a form was on, and whether an address can fill it in.
func formPage(r *http.Request) (page string, isFilledIn bool) {
	path := r.URL.Path
	switch path {
	case "/meetings":
		return "/meetings/new", true
	case "/meetings/adopt":
		return path, true
	case "/preferences":
		return localPath(r.PostForm.Get(fieldReturnTo)), false
	}
	if changed, ok := strings.CutSuffix(path, "/update"); ok {
		return changed + "/edit", true
	}
	if rest, ok := strings.CutPrefix(path, "/meetings/"); ok {
		id, _, _ := strings.Cut(rest, "/")
		return "/meetings/" + id, false
	}
	return "/", false
}

// filledIn is the query that fills the form in again as it was sent, with more;
// "" where it is too long for an address.
func filledIn(r *http.Request, more url.Values) string {
	query := form.FromValues(validText(r.PostForm)).Query()
	for _, name := range []string{form.FieldBaseReply, meeting.FieldJoinURL} {
		if value := r.PostForm.Get(name); value != "" {
			query.Set(name, printableText(value))
		}
	}
	maps.Copy(query, more)
	if filled := "?" + query.Encode(); len(r.URL.Path)+len(filled) <= maxReturnTo {
		return filled
	}
	return ""
}
