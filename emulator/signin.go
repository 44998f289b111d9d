package emulator

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/google/uuid"
)

// signInLife is how long a person may look at the page, and then how long a
// code waits to be redeemed.
const signInLife = 10 * time.Minute

// signIns are the sign-ins under way. They live in memory only: a restart makes
// people start again, as it would anywhere.
type signIns struct {
	now func() time.Time

	mu       sync.Mutex
	waiting  map[string]waitingSignIn // for a person to pick an account
	requests map[string]*authRequest  // answered
	codes    map[string]*authCode     // handed out
}

type waitingSignIn struct {
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
		waiting:  map[string]waitingSignIn{},
		requests: map[string]*authRequest{},
		codes:    map[string]*authCode{},
	}
}

// wait keeps a validated request until somebody picks an account.
func (s *signIns) wait(r *signInRequest) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	id = rand.Text()
	s.waiting[id] = waitingSignIn{request: r, expires: s.now().Add(signInLife)}
	return id
}

// waitingFor returns the request that wait kept. It can be answered again until
// it expires, for people use the Back button.
func (s *signIns) waitingFor(id string) (*signInRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.waiting[id]
	if !ok || !w.expires.After(s.now()) {
		return nil, refusalSigninTimedOut
	}
	return w.request, nil
}

// accept records that p signed in for r, in a session of its own.
func (s *signIns) accept(r *signInRequest, p Person) *authRequest {
	g := grant{
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
		asked:        r.AuthRequest,
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

// byCode returns what code was given for, or why it is worth nothing.
func (s *signIns) byCode(code string) (*authRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.usable(code)
	if err != nil {
		return nil, err
	}
	return c.request, nil
}

// redeem uses code up. Of two that try at once, one succeeds.
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

// sweep forgets what is long over. An expired code is kept for another while,
// so that its owner learns that it expired.
func (s *signIns) sweep() {
	now := s.now()
	for id, w := range s.waiting {
		if !w.expires.After(now) {
			delete(s.waiting, id)
		}
	}
	for code, c := range s.codes {
		if !c.expires.Add(signInLife).After(now) {
			delete(s.codes, code)
		}
	}
}
