package entra

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"meetdesk/emulator/tenant"
)

// sessionCookie is the name of a cookie that contains the object ID and session ID (sid)
// of each person with a session in the browser. It does not authenticate anyone.
const sessionCookie = "emulator_session"

const maxSessions = 20

type browserSession struct{ objectID, sid string }

// browserSessions returns the sessions in the cookie. It skips malformed entries.
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

// setSessions stores the newest sessions, up to maxSessions, in the cookie. If there are no
// sessions, it deletes the cookie.
func (s *Server) setSessions(w http.ResponseWriter, list []browserSession) {
	var entries []string
	for _, session := range list[max(0, len(list)-maxSessions):] {
		entries = append(entries, session.objectID+"_"+session.sid)
	}
	cookie := &http.Cookie{Name: sessionCookie, Value: strings.Join(entries, "."), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if len(entries) == 0 {
		cookie.MaxAge = -1
	}
	if strings.HasPrefix(s.tenant.Options.URL, "https:") {
		cookie.Secure, cookie.SameSite = true, http.SameSiteNoneMode // so that an application's cross-site POST to the logout endpoint includes it
	}
	http.SetCookie(w, cookie)
}

// sessionOf returns the sid of p's session in the browser. If p has no session, sessionOf
// starts one with fresh as its sid.
func (s *Server) sessionOf(w http.ResponseWriter, r *http.Request, p tenant.Person, fresh string) string {
	list := browserSessions(r)
	if i := slices.IndexFunc(list, func(session browserSession) bool { return session.objectID == p.ObjectID }); i >= 0 {
		return list[i].sid
	}
	s.setSessions(w, append(list, browserSession{p.ObjectID, fresh}))
	return fresh
}

// endSessions ends the session of the person identified by the hint, or all sessions in the
// browser if there is no such person. It returns the logout URLs to open in frames. As in
// Entra, these URLs lack the iss parameter (azure-docs#8779).
func (s *Server) endSessions(w http.ResponseWriter, r *http.Request, hint string) (frames []string) {
	person, known := s.hintedPerson(hint)
	var remaining []browserSession
	for _, session := range browserSessions(r) {
		if known && session.objectID != person.ObjectID {
			remaining = append(remaining, session)
		} else if u, err := url.Parse(s.tenant.Options.FrontChannelLogoutURI); err == nil && u.Host != "" {
			query := u.Query()
			query.Set("sid", session.sid)
			u.RawQuery = query.Encode()
			frames = append(frames, u.String())
		}
	}
	s.setSessions(w, remaining)
	return frames
}
