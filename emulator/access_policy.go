package emulator

import (
	"net/http"
	"strings"
	"sync"
)

// Everyone stands for the whole organisation in an access policy, as -Global
// does in Grant-CsApplicationAccessPolicy.
const Everyone = "*"

// accessPolicy is Teams' own list of whom the application may act for.
type accessPolicy struct {
	mu       sync.Mutex
	everyone bool
	people   map[string]bool // by object ID; whoever is in it does not follow everyone
}

// GrantAccessPolicy lets the application act for these people, by object ID, or
// for Everyone. What is granted works at once; in life it takes half an hour.
func (e *Emulator) GrantAccessPolicy(objectIDs ...string) { e.policy.set(objectIDs, true) }

// RevokeAccessPolicy takes that away from these people, even where Everyone has
// it: a person's own policy comes before the global one. Everyone takes it away
// from all who were not granted it by name.
func (e *Emulator) RevokeAccessPolicy(objectIDs ...string) { e.policy.set(objectIDs, false) }

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

// onBehalf makes a route of /me one of /users/{user}, where the application acts
// for the person in the path. Graph takes object IDs there and nothing else.
func (e *Emulator) onBehalf(act func(*graphCall) (answer, error)) func(*graphCall) (answer, error) {
	return func(c *graphCall) (answer, error) {
		id := c.request.PathValue("user")
		p, ok := e.people.person(id)
		if !ok || p.ObjectID != id {
			return answer{}, graphError{status: http.StatusNotFound, code: "UnknownError", reason: "nobody has that object ID; a UPN is not one"}
		}
		if c.app != e.options.AppClientID || !e.policy.allows(p.ObjectID) {
			return answer{}, e.policyRefusal(c, p)
		}
		c.caller = p
		return act(c)
	}
}

// policyRefusal is one of the three forms that people have reported.
func (e *Emulator) policyRefusal(c *graphCall, p Person) graphError {
	no := forbidden("the application access policy was not granted to " + p.UPN)
	no.message = "No application access policy found for this app"
	switch form := e.Switches().PolicyRefusal; form {
	case PolicyGeneral:
		no.code = form
	case PolicyUnauthorized:
		no.code = form
		no.message = "App " + c.app + " is not authorized to Create meeting on behalf of user " + p.ObjectID
	}
	return no
}
