package meeting

import (
	"cmp"
	"strings"
)

// Person is somebody in the organization's directory.
type Person struct {
	ObjectID string `json:"id"`
	UPN      string `json:"upn"`
	Name     string `json:"name"`
	Mail     string `json:"mail,omitempty"` // where it is another than the UPN
}

// Standing is what is known of an attendee's account.
type Standing string

// The standings.
const (
	Resolved   Standing = "resolved"   // the directory has them
	Unresolved Standing = "unresolved" // an address of the organization that was sent as it was typed
	Outside    Standing = "outside"    // somebody from elsewhere
	AsGuest    Standing = "guest"      // Graph names them as a guest of the meeting, without an account
	ByPhone    Standing = "phone"      // Graph names them by a telephone number
	AsOther    Standing = "other"      // Graph names them as something else, such as a device or an app
)

// Standing tells whether the attendee of a meeting of that organizer's was found
// in the directory. Whoever was not, and has an address of another domain than
// the organizer's, is from outside; so is a guest of the directory.
func (a Attendee) Standing(organizer User) Standing {
	_, domain, _ := strings.Cut(a.UPN, "@")
	_, home, _ := strings.Cut(organizer.UPN, "@")
	switch {
	case a.Identity == "guest":
		return AsGuest
	case a.Identity == "phone":
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

// Resolve returns the attendees with what the directory says of each address,
// by the address in lower case. Two addresses of one person become one attendee,
// with the role of the first that has one.
func Resolve(attendees []Attendee, found map[string]Person) []Attendee {
	list := make([]Attendee, 0, len(attendees))
	at := make(map[string]int) // by object ID
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
