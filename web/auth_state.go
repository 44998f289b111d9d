package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/sessions"

	"meetdesk/auth"
	"meetdesk/paths"
)

const (
	// signInLifetime is how long a person may take to sign in at the provider.
	signInLifetime = 15 * time.Minute
	// signInSlots is the maximum number of sign-in cookies in one browser. Tabs that open
	// at the same moment each get their own cookie. Together, 40 cookies take less than 3
	// KB.
	signInSlots = 40
	// signInSecret is the length of a sign-in cookie's value: 26 letters and digits with
	// 130 bits of randomness.
	signInSecret = 26
	// maxState is the maximum length of the state parameter, in bytes. Entra refuses more
	// than about 1,800 bytes (aspnet/Security issue 978).
	maxState = 1750
)

// pendingSignIn is a sign-in in progress. It is stored only in the state parameter,
// encrypted, so that unfinished sign-ins use no memory on the server.
type pendingSignIn struct {
	Started  int64  `json:"t"` // Unix time, in seconds
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Browser  []byte `json:"b"` // hash of the cookie in the browser that began the sign-in
	ReturnTo string `json:"r"`
}

// signIns begins and finishes sign-ins. Each can be finished only once, and only in the
// browser that began it.
type signIns struct {
	*sealer
	name   string // cookie name, without the slot number
	cookie sessions.Options
	now    func() time.Time
	slot   atomic.Uint32 // the most recently assigned slot
	used   usedNonces
}

func newSignIns(c Config) (*signIns, error) {
	seal, err := newSealer(c.Keys, "sign-in state")
	if err != nil {
		return nil, err
	}
	s := &signIns{sealer: seal, name: "meetdesk-signin-", cookie: cookieOptions(c, "/", signInLifetime), now: c.Now}
	if s.cookie.Secure {
		s.name = "__Host-" + s.name // browsers accept a cookie with this prefix only from the exact host
	}
	return s, nil
}

// begin starts a sign-in and returns its flow and the cookie for the browser. If returnTo
// is too long, the person returns to the home page instead.
func (s *signIns) begin(r *http.Request, returnTo string) (auth.Flow, *http.Cookie, error) {
	cookie := s.browserCookie(r)
	flow := auth.NewFlow()
	p := pendingSignIn{
		Started: s.now().Unix(), Nonce: flow.Nonce, Verifier: flow.Verifier, Browser: browserHash(cookie.Value), ReturnTo: returnTo,
	}
	var err error
	if flow.State, err = s.seal(p); err == nil && len(flow.State) > maxState {
		p.ReturnTo = paths.Home
		flow.State, err = s.seal(p)
	}
	return flow, cookie, err
}

// finish decrypts the state parameter and returns the sign-in. ok is true if the sign-in
// began in this browser at most signInLifetime ago and has not been finished before.
// p.ReturnTo is set even if ok is false.
func (s *signIns) finish(r *http.Request, state string) (p pendingSignIn, ok bool) {
	if err := s.open(state, maxState, &p); err != nil {
		return pendingSignIn{ReturnTo: paths.Home}, false
	}
	inTime := s.now().Sub(time.Unix(p.Started, 0)) <= signInLifetime
	return p, inTime && s.began(r, p) && s.used.add(p.Nonce)
}

func (p pendingSignIn) flow(state string) auth.Flow {
	return auth.Flow{State: state, Nonce: p.Nonce, Verifier: p.Verifier}
}

// browserCookie returns the browser's sign-in cookie with a new lifetime, or a new cookie.
// New cookies use different slots, so that pages opened at the same time do not overwrite
// one another's cookies.
func (s *signIns) browserCookie(r *http.Request) *http.Cookie {
	options := s.cookie
	if found := s.cookies(r); len(found) > 0 {
		return sessions.NewCookie(found[0].Name, found[0].Value, &options)
	}
	name := s.name + strconv.Itoa(int(s.slot.Add(1)%signInSlots))
	return sessions.NewCookie(name, rand.Text(), &options)
}

// cookies returns the request's cookies that have the name and length of a sign-in cookie.
func (s *signIns) cookies(r *http.Request) (found []*http.Cookie) {
	for _, cookie := range r.Cookies() {
		suffix, ours := strings.CutPrefix(cookie.Name, s.name)
		slot, err := strconv.ParseUint(suffix, 10, 8)
		if ours && err == nil && slot < signInSlots && len(cookie.Value) == signInSecret {
			found = append(found, cookie)
		}
	}
	return found
}

func (s *signIns) began(r *http.Request, p pendingSignIn) bool {
	return slices.ContainsFunc(s.cookies(r), func(cookie *http.Cookie) bool {
		return subtle.ConstantTimeCompare(browserHash(cookie.Value), p.Browser) == 1
	})
}

func browserHash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:16]
}
