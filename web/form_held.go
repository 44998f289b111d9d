package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

// A form that cannot be processed yet is held: the response contains its fields, so that
// the person can submit it again after signing in. The fields are untrusted and are not
// interpreted.

// maxHeld is the maximum number of fields in a held form. The site's longest form is that of
// a dry run, which may show 50 rows to correct and 200 rows that need a choice.
const maxHeld = 1500

// holdForSignIn answers a form that was sent without a session. It shows a page, because
// the response to a form must not redirect to another site; see headers.
func (s *Server) holdForSignIn(w http.ResponseWriter, r *http.Request) error {
	data := views.HeldData{Action: r.URL.EscapedPath()}
	if sent := r.PostForm[form.FieldSignedInAs]; len(sent) > 0 {
		data.Identity = sent[0]
	}
	back, fits := s.wayBack(w, r, data.Identity)
	data.SignIn, data.TooLong = s.signInPath(back, ""), !fits
	return s.showHeld(w, r, http.StatusUnauthorized, data)
}

// holdForChoice answers a request from a page that was rendered for another user. It asks
// which of the two accounts to continue with.
func (s *Server) holdForChoice(w http.ResponseWriter, r *http.Request, identity string) (err error) {
	data := views.HeldData{Identity: identity}
	if userID, ok := s.identities.Load().userID(identity); ok {
		data.Whose, err = s.Store.User(r.Context(), userID)
		if err != nil && meeting.CodeOf(err) != meeting.NotFound {
			return err
		}
	}
	if r.Method == http.MethodPost {
		data.Action = r.URL.EscapedPath()
	} else {
		data.Here = withoutIdentity(r.URL)
	}
	back, fits := s.wayBack(w, r, identity)
	data.SignIn, data.TooLong = s.signInPath(back, identity), !fits
	return s.showHeld(w, r, http.StatusConflict, data)
}

func (s *Server) showHeld(w http.ResponseWriter, r *http.Request, status int, data views.HeldData) (err error) {
	if data.Fields, err = heldFields(r); err != nil {
		return err
	}
	data.File = visitOf(r).upload.name
	page := s.page(r, "")
	page.Title = data.Title(page)
	if data.Action == "" {
		page.Here = r.URL.RequestURI()
	} else {
		page.Here, page.Held, page.HeldFor = senderPath(r), r.PostForm.Encode(), data.Action
	}
	return s.render(w, r, status, views.Held(page, data))
}

// heldFields returns the fields of the submitted form except form.FieldSignedInAs. If there
// are more than maxHeld fields, it returns an error.
func heldFields(r *http.Request) (fields []views.HeldField, err error) {
	for name, values := range r.PostForm {
		for _, value := range values {
			if name != form.FieldSignedInAs {
				fields = append(fields, views.HeldField{Name: printableText(name), Value: printableText(value)})
			}
		}
		if len(fields) > maxHeld {
			return nil, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonBodyUnreadable, Err: errors.New("more fields than any form has")}
		}
	}
	slices.SortStableFunc(fields, views.HeldField.Compare)
	return fields, nil
}

// withoutIdentity returns the URL without the signed user ID, so that it works for the
// person who is signed in now.
func withoutIdentity(u *url.URL) string {
	query := u.Query()
	query.Del(form.FieldSignedInAs)
	same := url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: query.Encode()}
	return same.RequestURI()
}
