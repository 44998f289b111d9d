package meeting

import (
	"cmp"
	"strings"
)

// Person is an entry in the organization's directory.
type Person struct {
	ObjectID string `json:"id"`
	UPN      string `json:"upn"`
	Name     string `json:"name"`
	Mail     string `json:"mail,omitempty"` // "" if the person has no email address, or if it is the same as the UPN
}

// Standing says what is known about an attendee's account.
type Standing string

// The standings.
const (
	Resolved   Standing = "resolved"   // the account is in the directory
	Unresolved Standing = "unresolved" // not confirmed by the directory, and not known to be outside the organization
	Outside    Standing = "outside"    // the person is outside the organization
	AsGuest    Standing = "guest"      // a meeting guest who has no account
	ByPhone    Standing = "phone"      // a telephone number
	AsOther    Standing = "other"      // another identity, such as a device or an app
)

// Standing returns what is known about the account of an attendee. Guest accounts in the
// directory count as Outside. People who are not in the directory also count as Outside
// if their domain differs from the organizer's.
func (a Attendee) Standing(organizer User) Standing {
	_, domain, _ := strings.Cut(a.UPN, "@")
	_, home, _ := strings.Cut(organizer.UPN, "@")
	switch {
	case a.Identity == IdentityGuest:
		return AsGuest
	case a.Identity == IdentityPhone:
		return ByPhone
	case a.Identity != "":
		return AsOther
	case strings.Contains(strings.ToUpper(a.UPN), "#EXT#"):
		return Outside
	case a.ObjectID != "":
		return Resolved
	case a.UPN != "" && home != "" && !strings.EqualFold(domain, home):
		return Outside
	}
	return Unresolved
}

// Resolve fills in the attendees' object IDs, UPNs and names from the given directory
// entries, which are keyed by lower-case address. It merges attendees who are the same
// person, keeping the first role that is not empty.
func Resolve(attendees []Attendee, found map[string]Person) []Attendee {
	list := make([]Attendee, 0, len(attendees))
	at := make(map[string]int) // maps object IDs to positions in list
	for _, a := range attendees {
		if p, ok := found[strings.ToLower(a.UPN)]; ok && p.ObjectID != "" {
			a.ObjectID, a.UPN, a.Name = p.ObjectID, p.UPN, cmp.Or(p.Name, a.Name)
		}
		if a.ObjectID == "" {
			list = append(list, a)
			continue
		}
		if i, twice := at[a.ObjectID]; twice {
			if list[i].Role == "" {
				list[i].Role = a.Role
			}
			continue
		}
		at[a.ObjectID] = len(list)
		list = append(list, a)
	}
	return list
}
