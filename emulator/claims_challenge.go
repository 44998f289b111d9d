package emulator

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/google/uuid"
)

// requestedClaims is the access_token member of a claims parameter: what an
// application wants to be true of the token that it gets (OpenID Connect Core,
// 5.5).
type requestedClaims map[string]json.RawMessage

// parseClaims reads a claims parameter. Nothing is asked for by "", and by an
// object without that member.
func parseClaims(parameter string) (requestedClaims, error) {
	if parameter == "" {
		return nil, nil
	}
	var claims *struct {
		AccessToken requestedClaims `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(parameter), &claims); err != nil || claims == nil {
		return nil, refusalClaims
	}
	return claims.AccessToken, nil
}

// contains reports whether every claim of required is asked for in the same way.
func (c requestedClaims) contains(required requestedClaims) bool {
	for name, text := range required {
		var want, asked any
		if json.Unmarshal(text, &want) != nil || json.Unmarshal(c[name], &asked) != nil || !reflect.DeepEqual(want, asked) {
			return false
		}
	}
	return true
}

// requiredClaims is what Graph wants of each person's tokens.
type requiredClaims struct {
	mu       sync.Mutex
	byPerson map[string]challenge // by object ID
}

type challenge struct {
	parameter string // what the application has to pass on, as it is
	claims    requestedClaims
}

// RequireClaims does what continuous access evaluation does after an event such
// as a new password: Graph answers the person's calls with 401 and a claims
// challenge until they use a token from a sign-in whose claims parameter
// contains all of claimsJSON's access_token member. Such a claimsJSON is
// {"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}; "" takes the
// requirement back. Unlike the real thing, Graph challenges applications that
// did not declare cp1 as well.
func (e *Emulator) RequireClaims(objectID, claimsJSON string) error {
	p, ok := e.people.person(objectID)
	if !ok {
		return fmt.Errorf("emulator: nobody has the object ID %q", objectID)
	}
	claims, err := parseClaims(claimsJSON)
	if err != nil || claimsJSON != "" && len(claims) == 0 {
		return fmt.Errorf("emulator: claims %q: want an object with a member access_token", claimsJSON)
	}
	r := &e.required
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byPerson == nil {
		r.byPerson = map[string]challenge{}
	}
	r.byPerson[p.ObjectID] = challenge{parameter: claimsJSON, claims: claims}
	return nil
}

func (r *requiredClaims) of(p Person) challenge {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byPerson[p.ObjectID]
}

// checkClaims refuses a token that was not asked for with what is required of p.
func (e *Emulator) checkClaims(p Person, asked requestedClaims) error {
	required := e.required.of(p)
	if asked.contains(required.claims) {
		return nil
	}
	no := e.unauthenticated("Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp")
	plain := no.header.Get("WWW-Authenticate")
	no.header.Set("WWW-Authenticate", strings.Join([]string{
		plain, `nonce="` + uuid.NewString() + `"`, // and the second challenge on the same line, as it has been seen
		plain, `error_description="` + no.message + `"`, `error="insufficient_claims"`,
		`claims="` + base64.StdEncoding.EncodeToString([]byte(required.parameter)) + `"`,
	}, ", "))
	return no
}
