package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"meetdesk/meeting"
	"meetdesk/views"
)

// askSignIn sends a person without a session to the provider, and from there
// back to what they wanted to see. What they filled in comes back with them.
func (s *Server) askSignIn(w http.ResponseWriter, r *http.Request) error {
	switch {
	case visitOf(r).err != nil:
		return visitOf(r).err // the session could not be read; signing in would not help
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return askSignInToSee(w, r)
	case r.URL.Path == "/meetings/adopt":
		values, err := readBody(w, r)
		if err != nil {
			return err
		}
		return seeOther(w, r, loginPath(r.URL.Path+"?"+url.Values{meeting.FieldJoinURL: {values.Get(meeting.FieldJoinURL)}}.Encode()))
	case r.URL.Path == "/meetings" || strings.HasSuffix(r.URL.Path, "/update"):
		form, err := readForm(w, r)
		if err != nil {
			return err
		}
		page := "/meetings/new"
		if edited, ok := strings.CutSuffix(r.URL.Path, "/update"); ok {
			page = edited + "/edit"
		}
		query := prefill(form)
		query.Set(queryUnsent, "1")
		if base := r.PostForm.Get(meeting.FieldBaseReply); base != "" {
			query.Set(meeting.FieldBaseReply, base)
		}
		if back := page + "?" + query.Encode(); len(back) <= maxReturnTo {
			return seeOther(w, r, loginPath(back))
		}
		if page != "/meetings/new" {
			break // who asks may not see that meeting
		}
		// Too long for an address: here it is again, to be sent once the person
		// has signed in beside it.
		return s.showMeetingForm(w, r, http.StatusUnauthorized, views.FormData{
			Form: form, Problems: meeting.Problems{{Field: meeting.FieldExternalID, Key: "signin.beside"}}, SignIn: loginPath("/"),
		})
	}
	return &meeting.Error{Code: meeting.Unauthorized, Key: "signin.expired"}
}

// askSignInToSee sends a person to the provider who wants to see a page. An address
// that cannot be brought back from there stays in the browser until they have
// signed in beside it.
func askSignInToSee(w http.ResponseWriter, r *http.Request) error {
	here := r.URL.RequestURI()
	if here != "/" && localPath(here) == "/" {
		return &meeting.Error{Code: meeting.Unauthorized, Key: "signin.long"}
	}
	return seeOther(w, r, loginPath(here))
}

// queryUnsent marks a form that comes back because the session had ended when
// it was sent.
const queryUnsent = "unsent"

// queryAsLeft marks a form that comes back in another language: there is nothing
// to tell then.
const queryAsLeft = "as_left"

// unsentForm returns the form that came back in the address exactly as it was
// left, blanks included, and whether one did.
func unsentForm(r *http.Request) (f meeting.Form, unsent bool) {
	query := validText(r.URL.Query())
	f = formOf(query)
	f.FormID = newFormID()
	return f, query.Has(queryUnsent) || query.Has(queryAsLeft)
}

// maxReturnTo, in bytes, is what fits into the state parameter, whatever it says.
const maxReturnTo = 1500

// localPath returns to if it is an address of this site, otherwise "/". What a
// browser might read as another host is not.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" ||
		!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
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
