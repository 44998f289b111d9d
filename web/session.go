package web

import (
	"cmp"
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"meetdesk/auth"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/store"
)

// A session lasts a working day and does not expire during a lunch break. Even a session in
// constant use ends after sessionLifetime, because the provider may be unreachable for
// the hourly check; see desk.Recheck.
const (
	sessionIdle     = 4 * time.Hour
	sessionLifetime = 12 * time.Hour
	touchEvery      = time.Minute
)

// sessionStore signs people in and out. It is also the gorilla sessions.Store for the session
// cookie, which contains only a signed random ID.
type sessionStore struct {
	idle   time.Duration // how long a session may be idle
	store  *store.Store
	locale *locale.Catalogue
	name   string // name of the cookie
	codecs atomic.Pointer[[]securecookie.Codec]
	cookie sessions.Options
	now    func() time.Time
}

var _ sessions.Store = (*sessionStore)(nil)

func newSessionStore(c Config) (*sessionStore, error) {
	codecs, err := cookieCodecs(c.Keys, sessionLifetime)
	if err != nil {
		return nil, err
	}
	s := &sessionStore{idle: cmp.Or(c.SessionIdle, sessionIdle), store: c.Store, locale: c.Locale, name: "meetdesk", now: c.Now, cookie: cookieOptions(c, "/", sessionLifetime)}
	s.codecs.Store(&codecs)
	if s.cookie.Secure {
		s.name = "__Host-meetdesk" // only the host itself can set a cookie with this prefix, not its sibling domains
	}
	return s, nil
}

// signIn starts a session for the person, stores the tokens as a new grant, and sets the
// cookie. It ends the browser's previous session.
func (s *sessionStore) signIn(w http.ResponseWriter, r *http.Request, identity auth.Identity, tokens auth.Tokens) error {
	cookie, err := s.Get(r, s.name)
	if err != nil {
		return err
	}
	if err := s.endSession(r.Context(), cookie.ID, store.SignedInAgain); err != nil {
		return err
	}
	cookie.ID = rand.Text()
	person := meeting.User{
		TenantID: identity.TenantID, ObjectID: identity.ObjectID,
		UPN: identity.UPN, Name: identity.Name, Role: identity.Role,
		Language: s.locale.Match(identity.Language),
	}
	ctx := store.WithBrowser(r.Context(), browserName(r.UserAgent()))
	if _, err := s.store.SignIn(ctx, person, store.Tokens(tokens), sessionHash(cookie.ID), identity.SID, sessionLifetime); err != nil {
		return err
	}
	return cookie.Save(r, w)
}

// signOut deletes the session cookie and ends the session. The cookie is deleted even if
// the database fails.
func (s *sessionStore) signOut(w http.ResponseWriter, r *http.Request) error {
	cookie, err := s.Get(r, s.name)
	if err != nil {
		return err
	}
	cookie.Options.MaxAge = -1
	if err := cookie.Save(r, w); err != nil {
		return err
	}
	return s.endSession(r.Context(), cookie.ID, store.SignedOut)
}

// current returns the session that the request's cookie names, or nil if there is none
// or it has expired.
func (s *sessionStore) current(r *http.Request) (*store.Session, error) {
	cookie, err := s.Get(r, s.name)
	if err != nil || cookie.ID == "" {
		return nil, err
	}
	session, err := s.store.Session(r.Context(), sessionHash(cookie.ID), s.idle)
	if meeting.CodeOf(err) == meeting.Unauthorized {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &session, nil
}

// hasCookie reports whether the request has a session cookie that the desk signed. The
// session itself may have ended.
func (s *sessionStore) hasCookie(r *http.Request) bool {
	cookie, err := s.Get(r, s.name)
	return err == nil && cookie.ID != ""
}

// touch records that the session was used just now. It writes to the database at most
// once a minute.
func (s *sessionStore) touch(r *http.Request, session *store.Session) error {
	if s.now().Sub(session.UsedAt) < touchEvery {
		return nil
	}
	cookie, err := s.Get(r, s.name)
	if err != nil {
		return err
	}
	return s.store.TouchSession(r.Context(), sessionHash(cookie.ID))
}

func (s *sessionStore) endSession(ctx context.Context, id string, why store.SessionEnd) error {
	if id == "" {
		return nil
	}
	return s.store.EndSession(ctx, sessionHash(id), why)
}

// sessionHash returns the key of a session in the database. The ID itself is only in the
// cookie, so a copy of the database does not grant access to any session.
func sessionHash(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}

// Get returns the request's session cookie. It reads the cookie only once per request.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session cookie. If it is missing, expired or not signed by the desk, New
// returns an empty session without an error.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	options := s.cookie
	session.Options, session.IsNew = &options, true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil
	}
	if err := securecookie.DecodeMulti(name, cookie.Value, &session.ID, *s.codecs.Load()...); err != nil {
		session.ID = ""
		return session, nil
	}
	session.IsNew = false
	return session, nil
}

// Save sets the cookie to the session's ID, or deletes it if MaxAge is negative.
func (s *sessionStore) Save(_ *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	}
	value, err := securecookie.EncodeMulti(session.Name(), session.ID, *s.codecs.Load()...)
	if err != nil {
		return fmt.Errorf("session cookie: %w", err)
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), value, session.Options))
	return nil
}

// cookieOptions returns the options for the desk's cookies. They are SameSite=Lax, not
// Strict, because the provider redirects users back from another site.
func cookieOptions(c Config, path string, lifetime time.Duration) sessions.Options {
	return sessions.Options{
		Path: path, MaxAge: int(lifetime.Seconds()), HttpOnly: true,
		Secure: c.URL.Scheme == "https", SameSite: http.SameSiteLaxMode,
	}
}

// cookieCodecs returns a codec for each key. The first one signs the session cookie; any of
// them can verify it.
func cookieCodecs(keys [][]byte, lifetime time.Duration) (codecs []securecookie.Codec, err error) {
	for _, key := range keys {
		derived, err := hkdf.Key(sha256.New, key, nil, "meetdesk cookie session", 64)
		if err != nil {
			return nil, fmt.Errorf("cookie keys: %w", err)
		}
		codec := securecookie.New(derived[:32], nil)
		codec.MaxAge(int(lifetime.Seconds()))
		codecs = append(codecs, codec)
	}
	return codecs, nil
}
