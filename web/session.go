package web

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"meetdesk/auth"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/store"
)

// How long a session lasts: a working day with a lunch break, and never longer
// than a day, so that a role taken away at the provider ends by then.
const (
	sessionIdle     = 4 * time.Hour
	sessionLifetime = 12 * time.Hour
	touchEvery      = time.Minute
)

// The keys of a gorilla session's values.
type sessionValue int

const (
	valueSession sessionValue = iota // *store.Session, of an existing session
	valueHash                        // []byte, its key in the database
	valueSignIn                      // signIn, of a session to be made
)

// signIn is what a new session is made of.
type signIn struct {
	identity auth.Identity
	tokens   auth.Tokens
}

// sessionStore is a gorilla sessions.Store on the database. The cookie holds a
// signed random ID and nothing else, the database the ID's hash.
type sessionStore struct {
	store  *store.Store
	speaks *locale.Catalogue
	name   string
	codecs []securecookie.Codec
	cookie sessions.Options
	now    func() time.Time
}

var _ sessions.Store = (*sessionStore)(nil)

func newSessionStore(c Config) (*sessionStore, error) {
	codecs, err := cookieCodecs(c.Keys, sessionLifetime)
	if err != nil {
		return nil, err
	}
	s := &sessionStore{store: c.Store, speaks: c.Locale, name: "meetdesk", codecs: codecs, now: c.Now, cookie: cookieOptions(c, "/", sessionLifetime)}
	if s.cookie.Secure {
		s.name = "__Host-meetdesk" // bound to this very host, by the browser's own rule
	}
	return s, nil
}

// cookieOptions are those of all our cookies. Lax, not Strict: the return from
// the provider comes from another site.
func cookieOptions(c Config, path string, lifetime time.Duration) sessions.Options {
	return sessions.Options{
		Path: path, MaxAge: int(lifetime.Seconds()), HttpOnly: true,
		Secure: c.URL.Scheme == "https", SameSite: http.SameSiteLaxMode,
	}
}

// cookieCodecs sign the session's cookie, with a key of their own derived from each
// configured one.
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

// Get returns the request's session, once per request.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New returns the session that the cookie names, or a new one. A cookie that
// names none, or one that is over, is no error.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	options := s.cookie
	session.Options, session.IsNew = &options, true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil
	}
	var id string
	if err := securecookie.DecodeMulti(name, cookie.Value, &id, s.codecs...); err != nil {
		return session, nil
	}
	hash := sha256.Sum256([]byte(id))
	found, err := s.store.Session(r.Context(), hash[:], sessionIdle)
	if meeting.CodeOf(err) == meeting.Unauthorized {
		return session, nil
	}
	if err != nil {
		return session, err
	}
	session.IsNew = false
	session.Values[valueSession], session.Values[valueHash] = &found, hash[:]
	return session, nil
}

// Save makes the session of a sign-in, under a new ID, or ends one whose
// MaxAge was set below zero.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	old, _ := session.Values[valueHash].([]byte)
	if old != nil {
		if err := s.store.EndSession(r.Context(), old); err != nil {
			return err
		}
	}
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	}
	in, ok := session.Values[valueSignIn].(signIn)
	if !ok {
		return errors.New("session: nothing to save")
	}
	id := rand.Text()
	hash := sha256.Sum256([]byte(id))
	person := meeting.User{
		TenantID: in.identity.TenantID, ObjectID: in.identity.ObjectID,
		UPN: in.identity.UPN, Name: in.identity.Name, Role: in.identity.Role,
		Language: s.speaks.Match(in.identity.Language),
	}
	if _, err := s.store.SignIn(r.Context(), person, store.Tokens(in.tokens), hash[:], in.identity.SID, sessionLifetime); err != nil {
		return err
	}
	value, err := securecookie.EncodeMulti(session.Name(), id, s.codecs...)
	if err != nil {
		return fmt.Errorf("session cookie: %w", err)
	}
	http.SetCookie(w, sessions.NewCookie(session.Name(), value, session.Options))
	return nil
}

// current returns the request's session and its key, nil for nobody.
func (s *sessionStore) current(r *http.Request) (*store.Session, []byte, error) {
	session, err := s.Get(r, s.name)
	if err != nil {
		return nil, nil, err
	}
	found, _ := session.Values[valueSession].(*store.Session)
	hash, _ := session.Values[valueHash].([]byte)
	return found, hash, nil
}

// touch notes that the session is in use, at most once a minute.
func (s *sessionStore) touch(ctx context.Context, v *visit) {
	if s.now().Sub(v.session.UsedAt) < touchEvery {
		return
	}
	if err := s.store.TouchSession(ctx, v.hash); err != nil {
		v.err = err // the person's work goes on; the session ends a little early
	}
}
