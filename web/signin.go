package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"meetdesk/auth"
	"meetdesk/meeting"
	"meetdesk/views"
)

// signInLifetime is how long a person may take at the provider.
const signInLifetime = 15 * time.Minute

// pendingSignIn is what the browser keeps while the person is at the provider.
type pendingSignIn struct {
	Flow     auth.Flow
	ReturnTo string
}

// signInCookies keep sign-ins under way, encrypted, one cookie for each: a
// person may start one in every tab. Nothing of them is in the database.
type signInCookies struct {
	codecs []securecookie.Codec
	cookie sessions.Options
}

func newSignInCookies(c Config) (*signInCookies, error) {
	codecs, err := cookieCodecs(c.Keys, "sign-in", signInLifetime, true)
	return &signInCookies{codecs: codecs, cookie: cookieOptions(c, "/auth", signInLifetime)}, err
}

func signInName(state string) string { return "meetdesk_signin_" + state[:min(len(state), 12)] }

func (c *signInCookies) set(w http.ResponseWriter, p pendingSignIn) error {
	name := signInName(p.Flow.State)
	value, err := securecookie.EncodeMulti(name, p, c.codecs...)
	if err != nil {
		return err
	}
	options := c.cookie
	http.SetCookie(w, sessions.NewCookie(name, value, &options))
	return nil
}

// take returns the sign-in of that state and forgets it: it is good for once.
func (c *signInCookies) take(w http.ResponseWriter, r *http.Request, state string) (p pendingSignIn, ok bool) {
	name := signInName(state)
	cookie, err := r.Cookie(name)
	if err != nil {
		return p, false
	}
	options := c.cookie
	options.MaxAge = -1
	http.SetCookie(w, sessions.NewCookie(name, "", &options))
	return p, securecookie.DecodeMulti(name, cookie.Value, &p, c.codecs...) == nil
}

// askSignIn sends a person without a session to the provider, and from there
// back to what they wanted to see. What they filled in comes back with them.
func (s *Server) askSignIn(w http.ResponseWriter, r *http.Request) error {
	switch {
	case visitOf(r).err != nil:
		return visitOf(r).err // the session could not be read; signing in would not help
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return seeOther(w, r, loginPath(r.URL.RequestURI()))
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

// maxReturnTo, in bytes, keeps the sign-in cookie well within the 4,096 that
// browsers accept, and several of them within what a proxy does.
const maxReturnTo = 1500

// localPath returns to if it is an address of this site, otherwise "/". What a
// browser might read as another host is not.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || len(u.RequestURI()) > maxReturnTo || u.Scheme != "" || u.Host != "" || u.Opaque != "" ||
		!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}
