package graph

import (
	"encoding/json"
	"maps"
	"slices"

	"meetdesk/meeting"
)

// wireParticipants is Graph's meetingParticipants. The organizer is never sent, because the
// request's path determines it. Attendees are kept as raw JSON to preserve unknown
// properties.
type wireParticipants struct {
	Organizer json.RawMessage   `json:"organizer,omitempty"`
	Attendees []json.RawMessage `json:"attendees"`
}

// wirePerson is Graph's meetingParticipantInfo as the desk sends it.
type wirePerson struct {
	UPN      string               `json:"upn,omitempty"`
	Role     meeting.AttendeeRole `json:"role,omitempty"`
	Identity *wireIdentity        `json:"identity,omitempty"`
}

type wireIdentity struct {
	User *wireUser `json:"user,omitempty"`
}

type wireUser struct {
	ID string `json:"id,omitempty"`
}

// unnamedRole is the placeholder that Graph returns for a role that it does not name. It is
// not valid in a request.
const unnamedRole = "unknownFutureValue"

// participants returns the list to send. It reuses the entries in Graph's current list and
// changes only their roles. People without a UPN are always kept because the form cannot
// show them.
func participants(attendees []meeting.Attendee, current []json.RawMessage) *wireParticipants {
	list := make([]json.RawMessage, 0, len(attendees)) // an empty list is [], not null
	left := slices.Clone(current)
	for _, a := range attendees {
		i := slices.IndexFunc(left, func(raw json.RawMessage) bool { return isPresent(raw) && parseAttendee(raw).Same(a) })
		if i < 0 {
			list = append(list, newPerson(a))
			continue
		}
		list = append(list, withRole(left[i], a.Role))
		left = slices.Delete(left, i, i+1)
	}
	for _, raw := range left {
		if isPresent(raw) && parseAttendee(raw).UPN == "" {
			list = append(list, withRole(raw, parseAttendee(raw).Role))
		}
	}
	return &wireParticipants{Attendees: list}
}

func isPresent(raw json.RawMessage) bool { return string(raw) != "null" }

// newPerson returns an entry for an attendee who is not yet in Graph's list. It contains
// an object ID only if the attendee has an account, because Graph does not check the ID.
func newPerson(a meeting.Attendee) json.RawMessage {
	p := wirePerson{UPN: a.UPN}
	if a.Role != unnamedRole {
		p.Role = a.Role
	}
	if a.ObjectID != "" && a.Identity == "" {
		p.Identity = &wireIdentity{User: &wireUser{ID: a.ObjectID}}
	}
	return encode(p)
}

// withRole returns an entry from Graph's list with the given role. Everything else is
// unchanged. If role is unnamedRole, the entry keeps its role. unnamedRole itself is never
// sent.
func withRole(raw json.RawMessage, role meeting.AttendeeRole) json.RawMessage {
	w := jsonObject(raw)
	switch current := meeting.AttendeeRole(meeting.CutLine(jsonString(w["role"]), maxCode)); {
	case current == unnamedRole && (role == "" || role == unnamedRole):
		delete(w, "role")
	case role == unnamedRole, current == role, current == "" && role == meeting.RoleAttendee, current == meeting.RoleAttendee && role == "":
		return raw
	case role == "":
		w["role"] = encode(meeting.RoleAttendee)
	default:
		w["role"] = encode(role)
	}
	return encode(w)
}

// organizerID returns the object ID of the organizer's account, or "" if it is unknown.
func (p *wireParticipants) organizerID() string {
	if p == nil {
		return ""
	}
	if a := parseAttendee(p.Organizer); a.Identity == "" {
		return a.ObjectID
	}
	return ""
}

func (p *wireParticipants) attendees() []meeting.Attendee {
	if p == nil {
		return nil
	}
	var list []meeting.Attendee
	for _, raw := range p.Attendees {
		a := parseAttendee(raw)
		if a.UPN != "" || a.ObjectID != "" || a.Name != "" || a.Identity != "" {
			list = append(list, a)
		}
	}
	return list
}

// parseAttendee parses Graph's meetingParticipantInfo, in which role, upn, identity and
// identity.user may be null. A user with an ID or a name takes precedence over the other
// members of the communicationsIdentitySet, such as a guest or a phone.
func parseAttendee(raw json.RawMessage) meeting.Attendee {
	w := jsonObject(raw)
	a := meeting.Attendee{UPN: meeting.CutLine(jsonString(w["upn"]), maxText), Role: meeting.AttendeeRole(meeting.CutLine(jsonString(w["role"]), maxCode))}
	identity := jsonObject(w["identity"])
	if user := jsonObject(identity["user"]); jsonString(user["id"]) != "" || jsonString(user["displayName"]) != "" {
		a.ObjectID, a.Name = meeting.CutLine(jsonString(user["id"]), maxCode), meeting.CutLine(jsonString(user["displayName"]), maxText)
		return a
	}
	for _, kind := range slices.Sorted(maps.Keys(identity)) {
		if member := jsonObject(identity[kind]); member != nil && kind != "user" {
			a.Identity, a.ObjectID, a.Name = meeting.Identity(meeting.CutLine(kind, maxCode)), meeting.CutLine(jsonString(member["id"]), maxCode), meeting.CutLine(jsonString(member["displayName"]), maxText)
			return a
		}
	}
	return a
}

func jsonObject(raw json.RawMessage) (members map[string]json.RawMessage) {
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	return members
}

func jsonString(raw json.RawMessage) (s string) {
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
