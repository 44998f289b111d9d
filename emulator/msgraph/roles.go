package msgraph

import (
	"strings"

	"meetdesk/emulator/tenant"
)

// presentersByRole is the value of allowedPresenters that makes the presenter role take
// effect.
const presentersByRole = "roleIsPresenter"

// dropRoles removes the role of every attendee, because createOrGet ignores roles and
// returns null for them (beta createOrGet, example 1).
func dropRoles(attendees []any) {
	for _, a := range attendees {
		if attendee, ok := a.(map[string]any); ok {
			attendee["role"] = nil
		}
	}
}

// settleRoles removes roles that would have no effect. Depending on the switches, it
// refuses the PATCH request instead. The presenter role requires roleIsPresenter
// (onlinemeeting-update.md, Note). Presenters and co-organizers must be in the directory
// (application-post-onlinemeetings.md, Caution).
func (s *Server) settleRoles(d tenant.Document, body updateBody, all map[string]any) error {
	switches, listed := s.tenant.Switches(), body.Participants != nil && body.Participants.Attendees != nil
	_, presentersSet := all["allowedPresenters"]
	switch {
	case !presentersSet && !listed:
		return nil
	case presentersSet && !listed && d["allowedPresenters"] == presentersByRole && switches.PresentersNeedList:
		return badRequest(genericMessage, "roleIsPresenter takes the full list of attendees in the same request")
	}
	participants, _ := d["participants"].(map[string]any)
	attendees, _ := participants["attendees"].([]any)
	for _, a := range attendees {
		attendee, ok := a.(map[string]any)
		if !ok {
			continue
		}
		role := attendee["role"]
		outside := listed && (role == "presenter" || role == "coorganizer") && !s.inDirectory(attendee)
		if outside && switches.OutsiderRoleRejected {
			return badRequest(genericMessage, "a role for somebody who is not in the directory")
		}
		if outside || role == "presenter" && d["allowedPresenters"] != presentersByRole {
			attendee["role"] = nil
		}
	}
	return nil
}

func (s *Server) inDirectory(attendee map[string]any) bool {
	upn, _ := attendee["upn"].(string)
	identity, _ := attendee["identity"].(map[string]any)
	user, _ := identity["user"].(map[string]any)
	id, _ := user["id"].(string)
	for _, p := range s.tenant.People.All() {
		same := id != "" && strings.EqualFold(p.ObjectID, id) || upn != "" && (strings.EqualFold(p.UPN, upn) || strings.EqualFold(p.Mail, upn))
		if same && p.Tenant == s.tenant.Options.Tenant {
			return true
		}
	}
	return false
}
