package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/sessions"

	"meetdesk/form"
	"meetdesk/paths"
	"meetdesk/views"
)

// queryKept is the query parameter that makes a page show the form from the cookie again.
// Its value is the ID of the form.
const queryKept = "kept"

// maxSentForm is the maximum length of a form's cookie, in bytes. Because the form is
// compressed, that is enough for about 4,000 characters. By default, nginx accepts 4 KB of
// response headers.
const maxSentForm = 2400

// sentForm is a form that is preserved across a redirect or a sign-in. It is stored
// encrypted in a cookie, so that no URL contains the user's input and the desk stores
// nothing for users who are not signed in. The most recently submitted form replaces any
// earlier one.
type sentForm struct {
	ID     string     `json:"i"`
	Until  int64      `json:"u"` // Unix time, in seconds
	Page   string     `json:"p"` // the path of the page that shows the form
	Values url.Values `json:"v"`
	Unsent bool       `json:"n,omitempty"` // whether the form was not processed because its user was not signed in
}

type sentForms struct {
	*sealer
	name   string
	cookie sessions.Options
	now    func() time.Time
}

func newSentForms(c Config) (*sentForms, error) {
	seal, err := newSealer(c.Keys, "sent form")
	if err != nil {
		return nil, err
	}
	s := &sentForms{sealer: seal, name: "meetdesk-form", now: c.Now, cookie: cookieOptions(c, "/", signInLifetime)}
	if s.cookie.Secure {
		s.name = "__Host-" + s.name
	}
	return s, nil
}

// keep sets a cookie with the form and returns the path that shows the form again. fits
// reports whether the form fits into a cookie.
func (s *sentForms) keep(w http.ResponseWriter, page string, values url.Values, identity string, unsent bool) (path string, fits bool) {
	values = validText(values)
	for _, name := range []string{form.FieldSignedInAs, form.FieldFormOn, form.FieldReturnTo, fieldLanguage, fieldTheme} {
		values.Del(name)
	}
	f := sentForm{ID: rand.Text()[:12], Until: s.now().Add(signInLifetime).Unix(), Page: page, Values: values, Unsent: unsent}
	sealed, err := s.seal(f)
	if err != nil || len(sealed) > maxSentForm {
		return page, false
	}
	options := s.cookie
	http.SetCookie(w, sessions.NewCookie(s.name, sealed, &options))
	query := url.Values{queryKept: {f.ID}}
	if identity != "" {
		query.Set(form.FieldSignedInAs, identity)
	}
	return paths.With(page, query), true
}

// find returns the form that the request's URL names, or nil if the browser's cookie does not
// contain the form or the form has expired.
func (s *sentForms) find(r *http.Request) *typedForm {
	id := r.URL.Query().Get(queryKept)
	cookie, err := r.Cookie(s.name)
	if id == "" || err != nil {
		return nil
	}
	var f sentForm
	if s.open(cookie.Value, maxSentForm, &f) != nil || f.ID != id || f.Page != r.URL.Path || f.Until < s.now().Unix() {
		return nil
	}
	return &typedForm{values: f.Values, kept: views.Kept{Unsent: f.Unsent}}
}

func (s *sentForms) forget(w http.ResponseWriter) {
	options := s.cookie
	options.MaxAge = -1
	http.SetCookie(w, sessions.NewCookie(s.name, "", &options))
}
