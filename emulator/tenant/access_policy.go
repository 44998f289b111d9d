package tenant

import (
	"strings"
	"sync"
)

// Everyone means the whole organization in an access policy, like -Global in
// Grant-CsApplicationAccessPolicy.
const Everyone = "*"

// accessPolicy is the set of people for whom the application may act. It corresponds to
// the application access policies of Teams.
type accessPolicy struct {
	mu       sync.Mutex
	everyone bool
	people   map[string]bool // by lower-case object ID; an entry takes precedence over the everyone field
}

// GrantAccessPolicy allows the application to act for the given people, or for Everyone.
// The permission takes effect immediately. In the real Graph, this takes up to half an
// hour.
func (t *Tenant) GrantAccessPolicy(objectIDs ...string) { t.policy.set(objectIDs, true) }

// RevokeAccessPolicy prevents the application from acting for the given people, even if the
// policy is granted to Everyone. Revoking the policy from Everyone does not affect the
// policies of individual people.
func (t *Tenant) RevokeAccessPolicy(objectIDs ...string) { t.policy.set(objectIDs, false) }

// AccessPolicyAllows reports whether the application may act for the person. For
// Everyone, it reports whether the global policy is granted.
func (t *Tenant) AccessPolicyAllows(objectID string) bool { return t.policy.allows(objectID) }

func (a *accessPolicy) set(objectIDs []string, granted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.people == nil {
		a.people = map[string]bool{}
	}
	for _, id := range objectIDs {
		if id == Everyone {
			a.everyone = granted
		} else {
			a.people[strings.ToLower(id)] = granted
		}
	}
}

func (a *accessPolicy) allows(objectID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if own, ok := a.people[strings.ToLower(objectID)]; ok {
		return own
	}
	return a.everyone
}
