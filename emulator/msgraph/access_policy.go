package msgraph

import (
	"net/http"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// onBehalf turns a handler for /me into one for /users/{user}, the path that applications
// use. Graph accepts only object IDs in that path.
func (s *Server) onBehalf(act func(*call) (wire.Response, error)) func(*call) (wire.Response, error) {
	return func(c *call) (wire.Response, error) {
		id := c.request.PathValue("user")
		p, ok := s.tenant.People.ByID(id)
		if !ok || p.ObjectID != id {
			return wire.Response{}, graphError{status: http.StatusNotFound, code: "UnknownError", reason: "nobody has that object ID; a UPN is not one"}
		}
		if c.app != s.tenant.Options.AppClientID || !s.tenant.AccessPolicyAllows(p.ObjectID) {
			return wire.Response{}, s.policyRefusal(c, p)
		}
		c.caller = p
		return act(c)
	}
}

// policyRefusal returns the error for a missing access policy. Three forms of this error
// have been reported. The PolicyRefusal switch selects one of them.
func (s *Server) policyRefusal(c *call, p tenant.Person) graphError {
	refusal := forbidden("the application access policy was not granted to " + p.UPN)
	refusal.message = "No application access policy found for this app"
	switch form := s.tenant.Switches().PolicyRefusal; form {
	case tenant.PolicyGeneral:
		refusal.code = form
	case tenant.PolicyUnauthorized:
		refusal.code = form
		refusal.message = "App " + c.app + " is not authorized to Create meeting on behalf of user " + p.ObjectID
	}
	return refusal
}
