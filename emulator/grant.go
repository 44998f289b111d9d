package emulator

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

const (
	accessTokenLife  = 75 * time.Minute // the middle of Entra's 60 to 90
	refreshTokenLife = 90 * 24 * time.Hour
	idTokenLife      = time.Hour
)

// grant is what a sign-in gave an application: whose it is, what was consented
// to, and the session it belongs to.
type grant struct {
	ObjectID string    `json:"oid"`
	ClientID string    `json:"client"`
	Scopes   []string  `json:"scopes"` // in the order and the spelling of the request
	Session  string    `json:"sid"`
	AuthTime time.Time `json:"auth_time"`

	Claims requestedClaims `json:"claims,omitempty"` // of the sign-in's claims parameter
}

// refreshToken is a grant that can be had again. Only the hash of the token is
// kept, so that the folder holds nothing to sign in with.
type refreshToken struct {
	Hash    string    `json:"hash"`
	Grant   grant     `json:"grant"`
	Expires time.Time `json:"expires"`
	Revoked bool      `json:"revoked,omitempty"`
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// refreshGrant returns the grant behind token, or the refusal that Entra would
// give.
func (s *state) refreshGrant(token string, now time.Time) (grant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.usableGrant(token, now)
}

func (s *state) usableGrant(token string, now time.Time) (grant, error) {
	t, ok := s.tokens[hashToken(token)]
	switch {
	case !ok:
		return grant{}, refusalUnknownGrant
	case t.Revoked:
		return grant{}, refusalRevoked
	case !t.Expires.After(now):
		return grant{}, refusalInactive
	}
	return t.Grant, nil
}

// newRefreshToken returns a new token for g. With old it replaces that one, and
// fails if somebody else was faster with it.
func (s *state) newRefreshToken(g grant, old string, now time.Time) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var c change
	if old != "" {
		if _, err := s.usableGrant(old, now); err != nil {
			return "", err
		}
		c.Spent = []string{hashToken(old)}
	}
	token := "1." + rand.Text() + rand.Text()
	c.Tokens = []refreshToken{{Hash: hashToken(token), Grant: g, Expires: now.Add(refreshTokenLife)}}
	if err := s.commit(c); err != nil {
		return "", err
	}
	return token, nil
}

// revoke makes every refresh token of the person useless.
func (s *state) revoke(objectID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var c change
	for _, t := range s.tokens {
		if t.Grant.ObjectID == objectID {
			t.Revoked = true
			c.Tokens = append(c.Tokens, t)
		}
	}
	return s.commit(c)
}
