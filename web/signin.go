package web

import (
	"net/http"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// askSignIn sends a person without a session to the provider, and from there back to the
// page they wanted. If the address is too long to come back to, it stays in the browser
// until they have signed in in another tab.
func (s *Server) askSignIn(w http.ResponseWriter, r *http.Request) error {
	here := r.URL.RequestURI()
	switch {
	case visitOf(r).err != nil:
		return visitOf(r).err // the session could not be read; signing in would not help
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return s.askToSignIn(w, r)
	case here != "/" && localPath(here) == "/":
		return &meeting.Error{Code: meeting.Unauthorized, Key: "signin.long"}
	case s.fromOwnPage(r):
		return s.onward(w, r, http.StatusUnauthorized, "signin.onward", paths.SignIn(here, "", ""))
	}
	return s.seeOther(w, r, paths.SignIn(here, "", ""))
}

// queryUnsent marks a form that comes back because it was not carried out when
// it was sent: nobody was signed in, or somebody else.
const queryUnsent = "unsent"

// queryAsLeft marks a form that comes back in another language: there is nothing
// to tell then.
const queryAsLeft = "as_left"

// unsentForm returns the form that came back in the address exactly as it was
// left, blanks included, and whether one did.
func unsentForm(r *http.Request) (f form.Form, unsent bool) {
	query := validText(r.URL.Query())
	f = form.FromValues(query)
	f.FormID = newFormID()
	return f, query.Has(queryUnsent) || query.Has(queryAsLeft)
}
