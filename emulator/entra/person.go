package entra

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"meetdesk/emulator/tenant"
)

// hintedPerson returns the person that a login_hint identifies, either by UPN or by the
// login_hint claim of an earlier ID token.
func (s *Server) hintedPerson(hint string) (tenant.Person, bool) {
	if p, ok := s.tenant.People.ByUPN(strings.TrimSpace(hint)); ok {
		return p, true
	}
	for _, p := range s.tenant.People.All() {
		if hint == loginHint(p) {
			return p, true
		}
	}
	return tenant.Person{}, false
}

// loginHint returns the login_hint claim. It is opaque, as in Entra.
func loginHint(p tenant.Person) string {
	return "O." + base64.RawURLEncoding.EncodeToString([]byte(p.ObjectID))
}

// subject returns the sub claim. It is pairwise: each application gets a different value.
func subject(p tenant.Person, clientID string) string {
	sum := sha256.Sum256([]byte(clientID + "\x00" + p.ObjectID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// acct returns the acct claim, which is 1 for a guest and 0 for a member of the tenant.
func acct(p tenant.Person) int {
	if p.Guest {
		return 1
	}
	return 0
}

// clientInfo returns the client_info parameter, which contains the person's object ID and
// tenant. MSAL uses the parameter to identify accounts.
func clientInfo(p tenant.Person) string {
	text, _ := json.Marshal(map[string]string{"uid": p.ObjectID, "utid": p.Tenant}) // encoding strings cannot fail
	return base64.RawURLEncoding.EncodeToString(text)
}
