package web

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
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
		return s.onward(w, r, http.StatusUnauthorized, "signin.onward", loginPath(here))
	}
	return s.seeOther(w, r, loginPath(here))
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

// maxReturnTo is the longest address, in bytes, that surely fits into the state
// parameter.
const maxReturnTo = 1500

// localPath returns to if it is a page of this site, otherwise "/". It refuses what a
// browser might read as another host, and the steps of a sign-in, which lead to the
// provider.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" ||
		!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") ||
		strings.HasPrefix(path.Clean(u.Path), "/auth/") {
		return "/"
	}
	local := asciiOnly(u.RequestURI())
	if len(local) > maxReturnTo {
		return "/"
	}
	return local
}

// asciiOnly escapes the bytes that a header cannot carry, as http.Redirect would.
func asciiOnly(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c > ' ' && c < 0x7f {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
