package tenant

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"
)

// RequestedClaims is the access_token member of a claims parameter: the claims that an
// application requests for its access token (OpenID Connect Core, 5.5).
type RequestedClaims map[string]json.RawMessage

// ErrNoClaims means that a claims parameter, or its access_token member, is not a JSON
// object.
var ErrNoClaims = errors.New("the claims parameter is not a JSON object")

// ParseClaims parses a claims parameter. It returns nil if there is no access_token
// member. The only possible error is ErrNoClaims.
func ParseClaims(parameter string) (RequestedClaims, error) {
	if parameter == "" {
		return nil, nil
	}
	var claims *struct {
		AccessToken RequestedClaims `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(parameter), &claims); err != nil || claims == nil {
		return nil, ErrNoClaims
	}
	return claims.AccessToken, nil
}

// Contains reports whether c contains every required claim with an equal value.
func (c RequestedClaims) Contains(required RequestedClaims) bool {
	for name, text := range required {
		var want, requested any
		if json.Unmarshal(text, &want) != nil || json.Unmarshal(c[name], &requested) != nil || !reflect.DeepEqual(want, requested) {
			return false
		}
	}
	return true
}

type requiredClaims struct {
	mu       sync.Mutex
	byPerson map[string]Challenge // by object ID
}

// Challenge holds the claims that Graph requires in a person's tokens. The zero Challenge
// requires no claims.
type Challenge struct {
	Parameter string // the claims parameter, which the application must pass on unchanged
	Claims    RequestedClaims
}

// RequireClaims makes Graph answer the person's calls with 401 and a claims challenge
// until the application uses a token that was requested with the required claims.
// Continuous access evaluation does the same after a password change.
//
// claimsJSON is a claims parameter such as
// {"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}. If it is "", no
// claims are required.
//
// Unlike Microsoft's Graph, the emulator also challenges applications that did not
// declare the cp1 capability.
func (t *Tenant) RequireClaims(objectID, claimsJSON string) error {
	p, ok := t.People.ByID(objectID)
	if !ok {
		return fmt.Errorf("emulator: nobody has the object ID %q", objectID)
	}
	claims, err := ParseClaims(claimsJSON)
	if err != nil || claimsJSON != "" && len(claims) == 0 {
		return fmt.Errorf("emulator: claims %q: want an object with a member access_token", claimsJSON)
	}
	r := &t.required
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byPerson == nil {
		r.byPerson = map[string]Challenge{}
	}
	r.byPerson[p.ObjectID] = Challenge{Parameter: claimsJSON, Claims: claims}
	return nil
}

// RequiredClaims returns the challenge that RequireClaims set for p.
func (t *Tenant) RequiredClaims(p Person) Challenge {
	r := &t.required
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byPerson[p.ObjectID]
}
