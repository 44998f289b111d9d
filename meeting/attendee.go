package meeting

import (
	"slices"
	"strings"
)

// MaxAttendees is the largest number of people that the form accepts. It leaves a margin:
// an update must send the whole list, but Graph returns at most 750 people.
const MaxAttendees = 500

// AttendeeRole says what an attendee may do in the meeting (Graph: onlineMeetingRole). ""
// means an ordinary attendee. Graph may also return roles that have no constant here.
type AttendeeRole string

// The roles of an attendee.
const (
	RoleAttendee    AttendeeRole = "attendee"
	RolePresenter   AttendeeRole = "presenter"
	RoleCoorganizer AttendeeRole = "coorganizer"
)

// Identity says what kind of attendee somebody without an account is, such as a guest or a
// phone (Graph: identitySet).
type Identity string

// The identities that the desk recognizes. Graph has others, such as "application".
const (
	IdentityGuest Identity = "guest"
	IdentityPhone Identity = "phone"
)

// Attendee is a person in a meeting who is not the organizer.
type Attendee struct {
	UPN      string       `json:"upn"`
	ObjectID string       `json:"objectId,omitempty"`
	Name     string       `json:"name,omitempty"`
	Role     AttendeeRole `json:"role,omitempty"`

	// Identity is set if the attendee has no account. ObjectID and Name then describe this
	// identity.
	Identity Identity `json:"identity,omitempty"`
}

// InForm reports whether the form offers the role.
func (r AttendeeRole) InForm() bool { return r == RolePresenter || r == RoleCoorganizer }

// Same reports whether a and b are the same person. It compares object IDs if both
// attendees have one and their kinds of identity are equal. Otherwise it compares UPNs.
// If neither attendee has a UPN, everything except the role must be equal.
func (a Attendee) Same(b Attendee) bool {
	if a.ObjectID != "" && b.ObjectID != "" && a.Identity == b.Identity {
		return strings.EqualFold(a.ObjectID, b.ObjectID)
	}
	if a.UPN == "" && b.UPN == "" {
		return a.Identity == b.Identity && a.ObjectID == b.ObjectID && a.Name == b.Name
	}
	return strings.EqualFold(a.UPN, b.UPN)
}

// Unaddressed returns the people without a UPN. The form cannot show them, so a change
// leaves them in the meeting.
func Unaddressed(attendees []Attendee) (list []Attendee) {
	for _, a := range attendees {
		if a.UPN == "" {
			list = append(list, a)
		}
	}
	return list
}

// Keep returns the requested people and preserves those parts of the current list that the
// form cannot show: object IDs, roles that the form does not offer, and people without a
// UPN. An update replaces Graph's whole list, so anything missing would be lost.
func Keep(asked, current []Attendee) []Attendee {
	kept := slices.Clone(asked)
	index := make(sameIndex, 2*(len(asked)+len(current)))
	alike := make(map[Attendee]int) // the number of requested entries that are not yet matched with a current one
	for i, a := range kept {
		index.add(a, "", i)
		if a.isUnidentified() {
			alike[a.bare()]++
		}
	}
	for _, t := range current {
		i := index.find(t, "")
		if t.isUnidentified() {
			if alike[t.bare()]--; alike[t.bare()] < 0 {
				i = -1 // t is another person
			}
		}
		switch {
		case i < 0 && t.UPN == "":
			index.add(t, "", len(kept))
			kept = append(kept, t)
		case i >= 0 && kept[i].Same(t): // Same is false if an earlier entry has given kept[i] another object ID
			if t.ObjectID != "" {
				kept[i].ObjectID, kept[i].Identity = t.ObjectID, t.Identity
			}
			if kept[i].Role == "" && !t.Role.InForm() {
				kept[i].Role = t.Role
			}
		}
	}
	return kept
}

// isUnidentified reports whether Graph returned neither a UPN nor an object ID. Two such
// entries may be different people with the same name.
func (a Attendee) isUnidentified() bool { return a.UPN == "" && a.ObjectID == "" }

// bare returns an unidentified attendee without the role, so that two entries can be
// compared.
func (a Attendee) bare() Attendee { return Attendee{Name: a.Name, Identity: a.Identity} }
