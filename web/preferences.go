package web

import (
	"net/http"
	"slices"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/store"
)

// The fields of the language and theme switches; see also form.FieldReturnTo.
const (
	fieldLanguage = "language"
	fieldTheme    = "theme"
)

// preferences stores a person's language, theme and time zone. An empty field clears the
// stored choice; a missing field leaves it unchanged. If any value is unknown, nothing is
// stored.
func (s *Server) preferences(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	var p store.Preferences
	formOn := values.Get(form.FieldFormOn)
	withForm, importID := isFormPage(formOn), importOfPage(formOn)
	for _, field := range []struct {
		name  string
		into  **string
		known func(string) bool
		wrong meeting.Reason
	}{
		{fieldLanguage, &p.Language, s.Locale.Has, meeting.ReasonPreferencesLanguage},
		{fieldTheme, &p.Theme, isTheme, meeting.ReasonPreferencesTheme},
		{meeting.FieldTimeZone, &p.TimeZone, isZone, meeting.ReasonPreferencesTimeZone},
	} {
		if !values.Has(field.name) || withForm && field.name == meeting.FieldTimeZone { // the form's time zone is not a preference
			continue
		}
		value := strings.TrimSpace(values.Get(field.name))
		if value != "" && !field.known(value) {
			return &meeting.Error{
				Code: meeting.Invalid, Key: field.wrong,
				Args: meeting.Args{"Value": meeting.Shorten(value, maxPreference)},
			}
		}
		*field.into = &value
	}
	if p.Theme != nil && *p.Theme == meeting.ThemeSystem {
		*p.Theme = "" // use the browser's setting
	}
	if err := s.Store.Prefer(r.Context(), visitOf(r).session.User.ID, p); err != nil {
		return err
	}
	switch {
	case importID != 0:
		return s.keepCorrections(w, r, importID, validText(values))
	case withForm:
		return s.showFormAgain(w, r, p)
	case values.Has(form.FieldHeld):
		return s.showHeldAgain(w, r, p)
	}
	return s.seeOther(w, r, localPath(values.Get(form.FieldReturnTo)))
}

// maxPreference is the maximum length of an unknown value in an error message, in
// characters.
const maxPreference = 80

func isTheme(value string) bool { return slices.Contains(meeting.Themes(), value) }

func isZone(value string) bool {
	_, known := meeting.LoadZone(value)
	return known
}
