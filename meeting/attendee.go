package meeting

import (
	"slices"
	"strings"
)

// MaxAttendees is the most people one meeting may be asked for. Graph returns
// at most 750 of them on GET, and an update must send the whole list.
const MaxAttendees = 500

// The roles an attendee can have in Graph's onlineMeetingRole; "" is an
// ordinary attendee.
const (
	RoleAttendee    = "attendee"
	RolePresenter   = "presenter"
	RoleCoorganizer = "coorganizer"
)

// Attendee is one person of a meeting, the organizer apart.
type Attendee struct {
	UPN      string `json:"upn"`
	ObjectID string `json:"objectId,omitempty"`
	Name     string `json:"name,omitempty"`
	Role     string `json:"role,omitempty"`

	// Identity is the kind of identity, in Graph's words, by which a reply names
	// somebody who has no account: "guest", "phone" and others. ObjectID and Name
	// are of that identity then. It is "" for an account.
	Identity string `json:"identity,omitempty"`
}

// IsFormRole reports whether the role is one that the form offers.
func IsFormRole(role string) bool { return role == RolePresenter || role == RoleCoorganizer }

// Same reports whether both are the same person: by object ID where both have
// one of the same kind, otherwise by the UPN without regard to case.
func (a Attendee) Same(b Attendee) bool {
	if a.ObjectID != "" && b.ObjectID != "" && a.Identity == b.Identity {
		return strings.EqualFold(a.ObjectID, b.ObjectID)
	}
	if a.UPN == "" && b.UPN == "" {
		return a.Identity == b.Identity && a.ObjectID == b.ObjectID && a.Name == b.Name
	}
	return strings.EqualFold(a.UPN, b.UPN)
}

// Unaddressed returns the people of whom Graph gave no UPN: the form has no lines
// for them, and a change keeps them.
func Unaddressed(attendees []Attendee) (list []Attendee) {
	for _, a := range attendees {
		if a.UPN == "" {
			list = append(list, a)
		}
	}
	return list
}

// Keep returns the people asked for with what the form could not show of those
// who are there already: their object IDs and other roles, and everybody
// without a UPN. Graph takes the whole list, and forgets what is left out.
func Keep(asked, there []Attendee) []Attendee {
	kept := slices.Clone(asked)
	index := make(sameIndex, 2*(len(asked)+len(there)))
	alike := make(map[Attendee]int) // how many of those asked for have not been met in there yet
	for i, a := range kept {
		index.add(a, "", i)
		if a.isUnidentified() {
			alike[a.bare()]++
		}
	}
	for _, t := range there {
		i := index.find(t, "")
		if t.isUnidentified() {
			if alike[t.bare()]--; alike[t.bare()] < 0 {
				i = -1 // one more person
			}
		}
		switch {
		case i < 0 && t.UPN == "":
			index.add(t, "", len(kept))
			kept = append(kept, t)
		case i >= 0 && kept[i].Same(t): // not if it has been given another object ID since
			if t.ObjectID != "" {
				kept[i].ObjectID, kept[i].Identity = t.ObjectID, t.Identity
			}
			if kept[i].Role == "" && !IsFormRole(t.Role) {
				kept[i].Role = t.Role
			}
		}
	}
	return kept
}

// isUnidentified reports whether Graph gave nothing but a name, or not even that:
// two entries that look alike may be two people.
func (a Attendee) isUnidentified() bool { return a.UPN == "" && a.ObjectID == "" }

// bare returns all that is known of somebody unidentified, the role apart.
func (a Attendee) bare() Attendee { return Attendee{Name: a.Name, Identity: a.Identity} }
