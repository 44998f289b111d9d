package emulator

import "strings"

// byRole is the value of allowedPresenters with which the role of presenter counts.
const byRole = "roleIsPresenter"

// dropRoles makes attendees of everybody: createOrGet ignores roles, and returns
// null (beta createOrGet, example 1).
func dropRoles(attendees []any) {
	for _, a := range attendees {
		if attendee, ok := a.(map[string]any); ok {
			attendee["role"] = nil
		}
	}
}

// settleRoles leaves the roles that count after a PATCH of people or presenters:
// presenters where allowedPresenters is byRole, and of the people in the body only
// those in the directory (onlinemeeting-update.md, Note;
// application-post-onlinemeetings.md, Caution). Whether Graph refuses the others or
// ignores them is for the switches to say.
func (e *Emulator) settleRoles(d document, body updateBody, all map[string]any) error {
	w, listed := e.Switches(), body.Participants != nil && body.Participants.Attendees != nil
	_, asked := all["allowedPresenters"]
	switch {
	case !asked && !listed:
		return nil
	case asked && !listed && d["allowedPresenters"] == byRole && w.PresentersNeedList:
		return badRequest(anError, "roleIsPresenter takes the full list of attendees in the same request")
	}
	participants, _ := d["participants"].(map[string]any)
	attendees, _ := participants["attendees"].([]any)
	for _, a := range attendees {
		attendee, ok := a.(map[string]any)
		if !ok {
			continue
		}
		role := attendee["role"]
		outside := listed && (role == "presenter" || role == "coorganizer") && !e.registered(attendee)
		if outside && w.OutsiderRoleRejected {
			return badRequest(anError, "a role for somebody who is not in the directory")
		}
		if outside || role == "presenter" && d["allowedPresenters"] != byRole {
			attendee["role"] = nil
		}
	}
	return nil
}

// registered reports whether the directory has the attendee.
func (e *Emulator) registered(attendee map[string]any) bool {
	upn, _ := attendee["upn"].(string)
	identity, _ := attendee["identity"].(map[string]any)
	user, _ := identity["user"].(map[string]any)
	id, _ := user["id"].(string)
	for _, p := range e.people.people {
		same := id != "" && strings.EqualFold(p.ObjectID, id) || upn != "" && (strings.EqualFold(p.UPN, upn) || strings.EqualFold(p.Mail, upn))
		if same && p.Tenant == e.options.Tenant {
			return true
		}
	}
	return false
}
