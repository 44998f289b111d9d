package meeting

import (
	"cmp"
	"strings"
)

// Role is what a person may do at the desk. Each role includes the one before
// it. Roles come from the app roles of the ID token, never from groups.
type Role int

// The roles.
const (
	NoRole Role = iota
	Staff
	HelpDesk
	Admin
)

var roleNames = [...]string{NoRole: "none", Staff: "staff", HelpDesk: "helpdesk", Admin: "admin"}

// String returns the role's name as it is stored.
func (r Role) String() string {
	if r < NoRole || r > Admin {
		return roleNames[NoRole]
	}
	return roleNames[r]
}

// ParseRole returns the role of that stored name, NoRole for an unknown one.
func ParseRole(name string) Role {
	for r, n := range roleNames {
		if n == name {
			return Role(r)
		}
	}
	return NoRole
}

// Has reports whether r includes the role asked for.
func (r Role) Has(want Role) bool { return r >= want }

// User is a person the desk knows: somebody who signed in, or the organizer of
// a meeting. TenantID and ObjectID together are the key and never change; UPN
// and Name do.
type User struct {
	ID       int64
	TenantID string
	ObjectID string
	UPN      string
	Name     string
	Role     Role   // at the last sign-in
	TimeZone string // IANA name last used, or ""
	Minutes  int    // length of the last meeting they made, or 0
	Language string // BCP 47 tag, or ""
	Theme    string // "light", "dark" or "" for the system's
}

// DisplayName returns the person's name, or the UPN where there is none, or the
// object ID of whom the directory told nothing.
func (u User) DisplayName() string {
	if strings.TrimSpace(u.Name) != "" {
		return u.Name
	}
	return cmp.Or(u.UPN, u.ObjectID)
}
