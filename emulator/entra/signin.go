package entra

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/google/uuid"

	"meetdesk/emulator/tenant"
)

// signInLife is the lifetime of a pending sign-in and of an authorization code.
const signInLife = 10 * time.Minute

// signIns holds the sign-ins in progress. They do not survive a restart.
type signIns struct {
	now func() time.Time

	mu       sync.Mutex
	pending  map[string]pendingSignIn // sign-ins for which the account page was shown
	requests map[string]*authRequest  // sign-ins that have an account but no code yet
	codes    map[string]*authCode
}

type pendingSignIn struct {
	request *signInRequest
	expires time.Time
}

type authCode struct {
	request  *authRequest
	expires  time.Time
	redeemed bool
}

func newSignIns(now func() time.Time) *signIns {
	return &signIns{
		now:      now,
		pending:  map[string]pendingSignIn{},
		requests: map[string]*authRequest{},
		codes:    map[string]*authCode{},
	}
}

// addPending stores a validated request, which expires after signInLife, and returns its
// ID.
func (s *signIns) addPending(r *signInRequest) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	id = rand.Text()
	s.pending[id] = pendingSignIn{request: r, expires: s.now().Add(signInLife)}
	return id
}

// pendingRequest returns a request that addPending stored. The request can be used several
// times until it expires, for example to pick another account.
func (s *signIns) pendingRequest(id string) (*signInRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.pending[id]
	if !ok || !p.expires.After(s.now()) {
		return nil, refusalSigninTimedOut
	}
	return p.request, nil
}

// accept records that the person p has signed in for the request r. The result has a new
// session ID, which the caller may replace.
func (s *signIns) accept(r *signInRequest, p tenant.Person) *authRequest {
	g := tenant.Grant{
		ObjectID: p.ObjectID,
		ClientID: r.ClientID,
		Scopes:   without(r.Scopes, p.Denied),
		Session:  uuid.NewString(),
		AuthTime: s.now().UTC(),
		Claims:   r.claims,
	}
	a := &authRequest{
		tokenRequest: newTokenRequest(g, p),
		id:           rand.Text(),
		request:      r.AuthRequest,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	s.requests[a.id] = a
	return a
}

func (s *signIns) saveCode(requestID, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.requests[requestID]
	if !ok {
		return refusalSigninTimedOut
	}
	delete(s.requests, requestID)
	s.codes[code] = &authCode{request: a, expires: s.now().Add(signInLife)}
	return nil
}

func (s *signIns) byCode(code string) (*authRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.usable(code)
	if err != nil {
		return nil, err
	}
	return c.request, nil
}

// redeem marks the code as redeemed. If redeem is called twice with the same code, only
// the first call succeeds.
func (s *signIns) redeem(code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.usable(code)
	if err != nil {
		return err
	}
	c.redeemed = true
	return nil
}

func (s *signIns) usable(code string) (*authCode, error) {
	c, ok := s.codes[code]
	switch {
	case !ok:
		return nil, refusalUnknownGrant
	case c.redeemed:
		return nil, refusalRedeemed
	case !c.expires.After(s.now()):
		return nil, refusalExpired
	}
	return c, nil
}

// sweep removes expired pending sign-ins, expired sign-ins without a code, and old codes. It
// keeps a code for another signInLife after it expires, so that redeeming it fails with the
// error for an expired code.
func (s *signIns) sweep() {
	now := s.now()
	for id, p := range s.pending {
		if !p.expires.After(now) {
			delete(s.pending, id)
		}
	}
	for id, a := range s.requests {
		if !a.AuthTime.Add(signInLife).After(now) {
			delete(s.requests, id)
		}
	}
	for code, c := range s.codes {
		if !c.expires.Add(signInLife).After(now) {
			delete(s.codes, code)
		}
	}
}
