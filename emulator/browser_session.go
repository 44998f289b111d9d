package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// sessionCookie remembers who is signed in in a browser: the object ID and the
// session (sid) of each, as Entra's own cookies do. It gives nobody a token: every
// sign-in asks for the account all the same.
const sessionCookie = "emulator_session"

// browserSession is one person's session in a browser.
type browserSession struct{ objectID, sid string }

// browserSessions reads the cookie. What is not a session in it is left out.
func browserSessions(r *http.Request) (list []browserSession) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	for entry := range strings.SplitSeq(cookie.Value, ".") {
		if objectID, sid, ok := strings.Cut(entry, "_"); ok && objectID != "" && sid != "" {
			list = append(list, browserSession{objectID, sid})
		}
	}
	return list
}

// keepSessions sets the cookie to the newest of the sessions.
func (e *Emulator) keepSessions(w http.ResponseWriter, list []browserSession) {
	const most = 20
	var entries []string
	for _, s := range list[max(0, len(list)-most):] {
		entries = append(entries, s.objectID+"_"+s.sid)
	}
	cookie := &http.Cookie{Name: sessionCookie, Value: strings.Join(entries, "."), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if len(entries) == 0 {
		cookie.MaxAge = -1
	}
	if strings.HasPrefix(e.options.URL, "https:") {
		cookie.Secure, cookie.SameSite = true, http.SameSiteNoneMode // an application may send its sign-out as a form
	}
	http.SetCookie(w, cookie)
}

// sessionIn returns p's session in the browser, which is fresh where p had none.
func (e *Emulator) sessionIn(w http.ResponseWriter, r *http.Request, p Person, fresh string) string {
	list := browserSessions(r)
	if i := slices.IndexFunc(list, func(s browserSession) bool { return s.objectID == p.ObjectID }); i >= 0 {
		return list[i].sid
	}
	e.keepSessions(w, append(list, browserSession{p.ObjectID, fresh}))
	return fresh
}

// endSessions ends the person's session in the browser, or all of them where
// nobody is named, and returns where a frame has to lead for each: to the
// registered address with sid alone, without iss (azure-docs issue 8779).
func (e *Emulator) endSessions(w http.ResponseWriter, r *http.Request, hint string) (frames []string) {
	named, known := e.people.hinted(hint)
	var left []browserSession
	for _, s := range browserSessions(r) {
		if known && s.objectID != named.ObjectID {
			left = append(left, s)
		} else if u, err := url.Parse(e.options.FrontChannelLogoutURI); err == nil && u.Host != "" {
			query := u.Query()
			query.Set("sid", s.sid)
			u.RawQuery = query.Encode()
			frames = append(frames, u.String())
		}
	}
	e.keepSessions(w, left)
	return frames
}
