package web

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"meetdesk/form"
)

// identities creates and verifies signed user IDs. A form contains the ID of the user for
// whom it was rendered. The ID grants no access; the signature prevents users from being
// enumerated.
type identities struct{ keys [][]byte }

func newIdentities(keys [][]byte) (i identities, err error) {
	for _, key := range keys {
		derived, err := hkdf.Key(sha256.New, key, nil, "meetdesk form identity", sha256.Size)
		if err != nil {
			return i, fmt.Errorf("identity keys: %w", err)
		}
		i.keys = append(i.keys, derived)
	}
	return i, nil
}

// valueFor returns the signed ID of the user. It is the same in all sessions, so a form
// still works after the user signs in again.
func (i identities) valueFor(userID int64) string {
	id := strconv.FormatInt(userID, 10)
	return id + "." + signature(i.keys[0], id)
}

// userID returns the user ID in the value. It returns false unless the value was signed
// with one of the keys.
func (i identities) userID(value string) (int64, bool) {
	id, signed, _ := strings.Cut(value, ".")
	for _, key := range i.keys {
		if hmac.Equal([]byte(signed), []byte(signature(key, id))) {
			userID, err := strconv.ParseInt(id, 10, 64)
			return userID, err == nil
		}
	}
	return 0, false
}

// signatureBytes is the length of a signature: 128 bits.
const signatureBytes = 16

func signature(key []byte, id string) string {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(id))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:signatureBytes])
}

// checkIdentity reports whether the request contains an identity other than the signed-in
// person's. If so, it responds with a page that asks which account to continue with. It
// does not check requests without a session or without an identity, such as requests from
// programs.
func (s *Server) checkIdentity(w http.ResponseWriter, r *http.Request, route Route) (held bool, err error) {
	if r.Method != http.MethodPost && route.Access == Open {
		return false, nil
	}
	sent, err := s.sentIdentity(w, r)
	if err != nil {
		return false, err
	}
	session := visitOf(r).session
	if sent == nil || session == nil {
		return false, nil
	}
	for _, value := range sent {
		if userID, ok := s.identities.Load().userID(value); !ok || userID != session.User.ID {
			return true, s.holdForChoice(w, r, value)
		}
	}
	return false, nil
}

// sentIdentity returns the identities in the body of a submitted form, or in the query if
// the request is not a POST. It does not check their signatures.
func (s *Server) sentIdentity(w http.ResponseWriter, r *http.Request) ([]string, error) {
	if r.Method != http.MethodPost {
		return r.URL.Query()[form.FieldSignedInAs], nil
	}
	if !isForm(r) {
		return nil, nil
	}
	values, err := readBody(w, r)
	return values[form.FieldSignedInAs], err
}
