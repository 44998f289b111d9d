package web

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
)

// The language and theme switches submit the page's form along with the choice. The
// functions in this file show the form again with the user's input.

// isFormPage reports whether the page at this path has a form that the language and theme
// switches submit.
func isFormPage(page string) bool {
	meetingID, _ := strconv.ParseInt(path.Base(path.Dir(page)), 10, 64)
	presetID, _ := strconv.ParseInt(path.Base(page), 10, 64)
	switch page {
	case paths.NewMeeting, paths.AdoptMeeting, paths.NewPreset, paths.NewImport:
		return true
	}
	return meetingID > 0 && page == paths.EditMeeting(meetingID) || presetID > 0 && page == paths.Preset(presetID)
}

// showFormAgain redirects to the page whose form a switch submitted. If the form is too
// long for a cookie, or if the page must ask for an uploaded file again, it responds with
// the page itself.
func (s *Server) showFormAgain(w http.ResponseWriter, r *http.Request, chosen store.Preferences) error {
	page := formPage(r)
	address, fits := s.sent.keep(w, page, r.PostForm, "", false)
	if !fits || visitOf(r).upload.name != "" {
		s.usePreferences(r, visitOf(r), chosen)
		if s.showTyped(w, r, page, http.StatusOK, typedForm{values: r.PostForm}) {
			return nil
		}
	}
	return s.seeOther(w, r, address)
}

func importOfPage(page string) int64 {
	id, _ := strconv.ParseInt(path.Base(page), 10, 64)
	if id > 0 && page == paths.Import(id) {
		return id
	}
	return 0
}

// keepCorrections stores the corrections from a dry run's page and redirects to that page.
// It changes only the person's own drafts.
func (s *Server) keepCorrections(w http.ResponseWriter, r *http.Request, id int64, sent url.Values) error {
	i, err := s.Store.Import(r.Context(), id)
	if err == nil && i.User.ID == visitOf(r).session.User.ID && i.State == meeting.ImportDraft {
		_, _, err = s.changeDraft(r.Context(), visitOf(r).text, &i, sent)
	}
	if code := meeting.CodeOf(err); err != nil && code != meeting.NotFound && code != meeting.Conflict {
		return err
	}
	return s.seeOther(w, r, paths.Import(id))
}

// usePreferences makes the response use the language and theme that were just stored.
func (s *Server) usePreferences(r *http.Request, v *visit, chosen store.Preferences) {
	session := *v.session
	if chosen.Language != nil {
		session.User.Language = *chosen.Language
	}
	if chosen.Theme != nil {
		session.User.Theme = *chosen.Theme
	}
	v.session = &session
	v.text = s.Locale.Printer(session.User.Language, r.Header.Get("Accept-Language"))
}

// showHeldAgain shows the page of a held form again, with the preferences that were just
// stored. It does not process the form.
func (s *Server) showHeldAgain(w http.ResponseWriter, r *http.Request, chosen store.Preferences) error {
	action := r.PostForm.Get(form.FieldHeldFor)
	sent, err := url.ParseQuery(r.PostForm.Get(form.FieldHeld))
	route, id, known := s.routeOfForm(action)
	if err != nil || !known {
		return &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable, Err: err}
	}
	v := *visitOf(r)
	s.usePreferences(r, &v, chosen)
	v.route = route
	held := r.Clone(context.WithValue(r.Context(), visitKey{}, &v))
	held.URL, held.PostForm = &url.URL{Path: action}, validText(sent)
	held.SetPathValue("id", id)
	return s.holdForChoice(w, held, held.PostForm.Get(form.FieldSignedInAs))
}

// routeOfForm returns the route that handles forms with this action, and the value of {id}
// in the action.
func (s *Server) routeOfForm(action string) (route Route, id string, known bool) {
	for _, route := range s.routes {
		pattern, isPost := strings.CutPrefix(route.Pattern, "POST ")
		if match, _ := path.Match(strings.Replace(pattern, "{id}", "*", 1), action); !isPost || !match {
			continue
		}
		if i := slices.Index(strings.Split(pattern, "/"), "{id}"); i >= 0 {
			id = strings.Split(action, "/")[i]
		}
		return route, id, true
	}
	return route, "", false
}
