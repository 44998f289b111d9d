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

// The language and theme switches send the page's form along. These functions show the
// form again as the person left it, whatever its length.

// isFormPage reports whether the path is that of a page whose query can fill in its form.
func isFormPage(page string) bool {
	meetingID, _ := strconv.ParseInt(path.Base(path.Dir(page)), 10, 64)
	presetID, _ := strconv.ParseInt(path.Base(page), 10, 64)
	switch page {
	case paths.NewMeeting, paths.AdoptMeeting, paths.NewPreset:
		return true
	}
	return meetingID > 0 && page == paths.EditMeeting(meetingID) || presetID > 0 && page == paths.Preset(presetID)
}

// showFormAgain shows the form that a switch sent along. It redirects to the URL that
// fills in the form. If that URL would be too long, showFormAgain responds with the page
// itself.
func (s *Server) showFormAgain(w http.ResponseWriter, r *http.Request) error {
	mark := url.Values{queryAsLeft: {"1"}}
	address, fits := formAddress(r, mark)
	if fits {
		return s.seeOther(w, r, address)
	}
	page := r.Clone(r.Context())
	page.Method, page.Body, page.ContentLength = http.MethodGet, http.NoBody, 0
	page.Form, page.PostForm = nil, nil
	page.URL = &url.URL{Path: address, RawQuery: formQuery(r, mark).Encode()}
	s.handler.ServeHTTP(w, page)
	return nil
}

// showHeldAgain shows the page of a held form, which a switch sent along, with the
// preferences that were just stored. It processes nothing of the held form.
func (s *Server) showHeldAgain(w http.ResponseWriter, r *http.Request, chosen store.Preferences) error {
	action := r.PostForm.Get(form.FieldHeldFor)
	sent, err := url.ParseQuery(r.PostForm.Get(form.FieldHeld))
	route, id, known := s.routeOfForm(action)
	if err != nil || !known {
		return &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable, Err: err}
	}
	v := *visitOf(r)
	session := *v.session
	if chosen.Language != nil {
		session.User.Language = *chosen.Language
	}
	if chosen.Theme != nil {
		session.User.Theme = *chosen.Theme
	}
	v.route, v.session = route, &session
	v.text = s.Locale.Printer(session.User.Language, r.Header.Get("Accept-Language"))
	held := r.Clone(context.WithValue(r.Context(), visitKey{}, &v))
	held.URL, held.PostForm = &url.URL{Path: action}, validText(sent)
	held.SetPathValue("id", id)
	return s.holdForChoice(w, held, held.PostForm.Get(form.FieldSignedInAs))
}

// routeOfForm returns the route to which forms with this action are sent, and the {id} in
// the action.
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
