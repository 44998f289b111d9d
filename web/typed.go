package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

// typedForm is the user's input in a form that is shown again. It is never part of a URL,
// because URLs appear in logs and browser histories.
type typedForm struct {
	values url.Values
	kept   views.Kept // what the page says about the form
}

// typed returns the user's input if the page shows a form again, and nil otherwise.
func typed(r *http.Request) *typedForm { return visitOf(r).typed }

// form returns the meeting form. It preserves the form's ID, so that the desk recognizes a
// form that it has already processed.
func (t typedForm) form() form.Form {
	f := form.FromValues(validText(t.values))
	if f.FormID == "" {
		f.FormID = newFormID()
	}
	return f
}

// showTyped responds with the page that contains the form, filled in with the user's input.
// If the page cannot be shown, it writes nothing and returns false.
func (s *Server) showTyped(w http.ResponseWriter, r *http.Request, page string, status int, t typedForm) bool {
	v := *visitOf(r)
	v.typed, v.err = &t, nil
	again := r.Clone(context.WithValue(r.Context(), visitKey{}, &v))
	again.Method, again.Body, again.ContentLength = http.MethodGet, http.NoBody, 0
	again.Form, again.PostForm = nil, nil
	again.URL = &url.URL{Path: page}
	answer := response{header: w.Header().Clone()}
	s.mux.ServeHTTP(&answer, again)
	if answer.status != http.StatusOK {
		return false
	}
	answer.status = status
	if err := answer.writeTo(w); err != nil {
		visitOf(r).err = err // the client has disconnected
	}
	return true
}

// keepTyped responds to a form that could not be processed. It shows the error and either
// the completed form or a button that submits it again. It returns false if there is no
// need to keep the form, or if the form must not or cannot be kept.
func (s *Server) keepTyped(w http.ResponseWriter, r *http.Request, e *meeting.Error, data views.ErrorData) bool {
	v := visitOf(r)
	if v.route.Pattern == "" {
		v.route, _, _ = s.routeOfForm(r.URL.Path) // the form was refused before its route was known
	}
	if !s.mayKeep(r, e) || !s.readTyped(w, r, e) {
		return false
	}
	kept := views.Kept{Error: &data, Said: keptWords(r, e)}
	if v.route.refill && v.session != nil && s.showTyped(w, r, pagePath(r), data.Status, typedForm{values: r.PostForm, kept: kept}) {
		return true
	}
	if e.Key == meeting.ReasonCrossSiteRefused {
		return false
	}
	fields, err := heldFields(r)
	if err != nil {
		return false
	}
	held := views.HeldData{Action: r.URL.EscapedPath(), Identity: r.PostForm.Get(form.FieldSignedInAs), Fields: fields, Final: !isTemporary(e) && e.Code != meeting.Invalid && e.Code != meeting.Conflict}
	if len(held.Typed()) == 0 && !isTemporary(e) {
		return false
	}
	err = s.render(w, r, data.Status, views.KeptForm(s.page(r, data.Title), held, kept))
	return err == nil
}

// mayKeep reports whether the response may contain the submitted values. If another site
// sent the form, the response may contain its values only in the form for a new meeting,
// because a link from another site can fill in that form anyway.
func (s *Server) mayKeep(r *http.Request, e *meeting.Error) bool {
	v := visitOf(r)
	switch {
	case isByScript(r):
		return false
	case e.Key == meeting.ReasonRecordFailed, e.Key == meeting.ReasonRecordRemoved:
		return false // Microsoft has processed the request
	case e.Key == meeting.ReasonCrossSiteRefused:
		return v.session != nil && v.route.Pattern == "POST /meetings"
	case v.session == nil:
		return isTemporary(e)
	}
	return true
}

// isByScript reports whether a page's script sent the request. The page then still contains
// the user's input.
func isByScript(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Dest") == "empty" }

// isTemporary reports whether submitting the form again later might succeed.
func isTemporary(e *meeting.Error) bool {
	return e.Code == meeting.Unavailable || e.Code == meeting.Internal
}

// maxBusyBody is the maximum size, in bytes, of a form that is kept even while the site is
// busy. Most forms are smaller than 2 KB.
const maxBusyBody = 8 << 10

// readTyped reads the form, unless it has already been read. It returns false if there is no
// form, if the form is empty or cannot be read, or if the site is too busy to read a large
// form.
func (s *Server) readTyped(w http.ResponseWriter, r *http.Request, e *meeting.Error) bool {
	if !isForm(r) {
		return false
	}
	if r.PostForm == nil {
		if errors.Is(e, errBusy) && (r.ContentLength < 0 || r.ContentLength > maxBusyBody) {
			return false
		}
		if _, err := readBody(w, r); err != nil {
			return false
		}
	}
	return len(r.PostForm) > 0
}

// keptWords returns the key of the message that says whether the request had any effect.
func keptWords(r *http.Request, e *meeting.Error) string {
	switch v := visitOf(r); {
	case e.Key == meeting.ReasonBodyLarge:
		return "kept.cut"
	case v.effects != nil && v.effects.Any():
		return "kept.maybe"
	case v.route.asks && (v.effects == nil || !v.effects.Asked()):
		return "kept.not_sent"
	}
	return "kept.not_saved"
}
