package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"meetdesk/meeting"
	"meetdesk/views"
)

// A form that was not carried out is held: the answer is a page with everything
// that was sent, for the person to send once they have signed in. Nothing of it
// is read further than that, since anybody can send one.

// maxHeld is how many fields are held; the longest form has two dozen.
const maxHeld = 100

// askToSignIn answers a form that was sent without a session. It is a page, not
// a redirect to the provider: browsers hold the policy's form-action against the
// whole way that a form leads to.
func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	data := views.HeldData{Action: r.URL.EscapedPath()}
	if sent := r.PostForm[meeting.FieldSignedInAs]; len(sent) > 0 {
		data.Identity = sent[0]
	}
	back, fits := pageOfForm(r, data.Identity)
	data.SignIn, data.Beside = loginPath(back), !fits
	return s.showHeld(w, r, http.StatusUnauthorized, data)
}

// askWho answers a request from a page that was made for somebody else than
// who is signed in now.
func (s *Server) askWho(w http.ResponseWriter, r *http.Request, identity string) (err error) {
	data := views.HeldData{Identity: identity}
	if userID, ok := s.identities.userID(identity); ok {
		data.Whose, err = s.Store.User(r.Context(), userID)
		if err != nil && meeting.CodeOf(err) != meeting.NotFound {
			return err
		}
	}
	back, fits := r.URL.RequestURI(), true
	if r.Method == http.MethodPost {
		data.Action = r.URL.EscapedPath()
		back, fits = pageOfForm(r, identity)
	} else {
		data.Here = withoutIdentity(r.URL)
	}
	data.SignIn, data.Beside = loginPath(back), !fits
	if data.Whose.UPN != "" {
		data.SignIn += "&" + url.Values{"login_hint": {data.Whose.UPN}}.Encode()
	}
	return s.showHeld(w, r, http.StatusConflict, data)
}

// showHeld shows the page with what was sent.
func (s *Server) showHeld(w http.ResponseWriter, r *http.Request, status int, data views.HeldData) error {
	for name, values := range r.PostForm {
		for _, value := range values {
			if name != meeting.FieldSignedInAs {
				data.Fields = append(data.Fields, views.HeldField{Name: printableText(name), Value: printableText(value)})
			}
		}
		if len(data.Fields) > maxHeld {
			return &meeting.Error{Code: meeting.Invalid, Key: "body.unreadable", Err: errors.New("more fields than any form has")}
		}
	}
	slices.SortStableFunc(data.Fields, views.HeldField.Compare)
	page := s.page(r, "")
	page.Title = data.Title(page)
	page.Here, _ = pageOfForm(r, data.Identity)
	return s.render(w, r, status, views.Held(page, data))
}

// pageOfForm is the address of the page with the request's form, filled in as
// it was sent and still naming for whom. It reports false, and leaves the
// filling out, where that is too long for an address.
func pageOfForm(r *http.Request, identity string) (address string, fits bool) {
	if r.Method != http.MethodPost {
		return r.URL.RequestURI(), true
	}
	page, isFilledIn := formPage(r)
	if !isFilledIn {
		return page, true
	}
	mark := url.Values{queryUnsent: {"1"}}
	if identity != "" {
		mark.Set(meeting.FieldSignedInAs, identity)
	}
	filled := filledIn(r, mark)
	return page + filled, filled != ""
}

// withoutIdentity is the same address for the person who is signed in now.
func withoutIdentity(u *url.URL) string {
	query := u.Query()
	query.Del(meeting.FieldSignedInAs)
	same := url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: query.Encode()}
	return same.RequestURI()
}
