package tenant

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

const refreshTokenLife = 90 * 24 * time.Hour

// Errors returned for an invalid refresh token.
var (
	ErrUnknownToken = errors.New("the refresh token is unknown or was exchanged")
	ErrRevokedToken = errors.New("the refresh token was revoked")
	ErrExpiredToken = errors.New("the refresh token has expired")
)

// Grant describes a sign-in: the person, the application, the scopes to which the person
// consented, and the session.
type Grant struct {
	ObjectID string    `json:"oid"`
	ClientID string    `json:"client"`
	Scopes   []string  `json:"scopes"` // in the order and spelling of the request
	Session  string    `json:"sid"`
	AuthTime time.Time `json:"auth_time"`

	Claims RequestedClaims `json:"claims,omitempty"` // from the most recent request with a claims parameter
}

// refreshToken is a refresh token with its grant. Only the token's hash is stored, so
// the token cannot be read from the folder.
type refreshToken struct {
	Hash    string    `json:"hash"`
	Grant   Grant     `json:"grant"`
	Expires time.Time `json:"expires"`
	Revoked bool      `json:"revoked,omitempty"`
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// RefreshGrant returns the grant for which a refresh token was issued. The error is
// ErrUnknownToken, ErrRevokedToken or ErrExpiredToken.
func (r *Records) RefreshGrant(token string, now time.Time) (Grant, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.usableGrant(token, now)
}

func (r *Records) usableGrant(token string, now time.Time) (Grant, error) {
	t, ok := r.tokens[hashToken(token)]
	switch {
	case !ok:
		return Grant{}, ErrUnknownToken
	case t.Revoked:
		return Grant{}, ErrRevokedToken
	case !t.Expires.After(now):
		return Grant{}, ErrExpiredToken
	}
	return t.Grant, nil
}

// NewRefreshToken returns a new refresh token for g. Unless old is "", the new token
// replaces old. If old is not valid, NewRefreshToken returns the same error as
// RefreshGrant.
func (r *Records) NewRefreshToken(g Grant, old string, now time.Time) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var c change
	if old != "" {
		if _, err := r.usableGrant(old, now); err != nil {
			return "", err
		}
		c.Spent = []string{hashToken(old)}
	}
	token := "1." + rand.Text() + rand.Text()
	c.Tokens = []refreshToken{{Hash: hashToken(token), Grant: g, Expires: now.Add(refreshTokenLife)}}
	if err := r.commit(c); err != nil {
		return "", err
	}
	return token, nil
}

// RevokeRefreshTokens revokes all refresh tokens of the person with the given object ID.
func (r *Records) RevokeRefreshTokens(objectID string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var c change
	for _, t := range r.tokens {
		if t.Grant.ObjectID == objectID {
			t.Revoked = true
			c.Tokens = append(c.Tokens, t)
		}
	}
	return r.commit(c)
}
