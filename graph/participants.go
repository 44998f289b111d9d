package graph

import (
	"encoding/json"
	"maps"
	"slices"

	"meetdesk/meeting"
)

// wireParticipants is Graph's meetingParticipants. The organizer is never sent:
// whose meetings they are organizes, whatever the body says. Attendees stay JSON,
// so that a list can be sent back with people whom the desk cannot read.
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

// unnamedRole is Graph's word for a role that it will not name, and does not take.
const unnamedRole = "unknownFutureValue"

// participants returns the list as it is sent. People who are in Graph's list, there,
// are sent back as Graph sent them, with the role that is asked for. So is everybody
// whom the form cannot name, even if they are not asked for.
func participants(attendees []meeting.Attendee, there []json.RawMessage) *wireParticipants {
	list := make([]json.RawMessage, 0, len(attendees)) // an empty list is [], not null
	left := slices.Clone(there)
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

// sent reports whether an entry of Graph's list is somebody.
func isPresent(raw json.RawMessage) bool { return string(raw) != "null" }

// newPerson returns somebody whom Graph's list does not have yet. Graph stores an
// object ID unchecked, so that one is sent only where it is known.
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

// withRole returns an entry of Graph's list with that role, and otherwise as it
// came.
func withRole(raw json.RawMessage, role meeting.AttendeeRole) json.RawMessage {
	w := jsonObject(raw)
	switch there := meeting.AttendeeRole(oneLine(jsonString(w["role"]), maxCode)); {
	case there == unnamedRole && (role == "" || role == unnamedRole):
		delete(w, "role")
	case there == role, there == "" && role == meeting.RoleAttendee, there == meeting.RoleAttendee && role == "":
		return raw
	case role == "":
		w["role"] = encode(meeting.RoleAttendee)
	default:
		w["role"] = encode(role)
	}
	return encode(w)
}

// organizer returns the object ID of a reply's organizer, or "".
func (p *wireParticipants) organizerID() string {
	if p == nil {
		return ""
	}
	if a := parseAttendee(p.Organizer); a.Identity == "" {
		return a.ObjectID
	}
	return ""
}

// people returns the attendees of a reply, without those that name nobody.
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

// person reads Graph's meetingParticipantInfo. Its role, upn, identity and
// identity.user may each be null. Instead of a user the identity may have a guest,
// a phone or another member (communicationsIdentitySet); the account counts where
// there is one.
func parseAttendee(raw json.RawMessage) meeting.Attendee {
	w := jsonObject(raw)
	a := meeting.Attendee{UPN: oneLine(jsonString(w["upn"]), maxText), Role: meeting.AttendeeRole(oneLine(jsonString(w["role"]), maxCode))}
	identity := jsonObject(w["identity"])
	if one := jsonObject(identity["user"]); jsonString(one["id"]) != "" || jsonString(one["displayName"]) != "" {
		a.ObjectID, a.Name = oneLine(jsonString(one["id"]), maxCode), oneLine(jsonString(one["displayName"]), maxText)
		return a
	}
	for _, kind := range slices.Sorted(maps.Keys(identity)) {
		if one := jsonObject(identity[kind]); one != nil && kind != "user" {
			a.Identity, a.ObjectID, a.Name = meeting.Identity(oneLine(kind, maxCode)), oneLine(jsonString(one["id"]), maxCode), oneLine(jsonString(one["displayName"]), maxText)
			return a
		}
	}
	return a
}

// object returns the members of a JSON object, nil for anything else.
func jsonObject(raw json.RawMessage) (members map[string]json.RawMessage) {
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	return members
}

// text returns a JSON text, "" for anything else.
func jsonString(raw json.RawMessage) (s string) {
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
