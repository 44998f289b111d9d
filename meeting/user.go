package meeting

import (
	"cmp"
	"strings"
)

// Role determines what a person may do at the desk. Each role includes the permissions of
// the previous one. Roles come from app roles in the ID token, never from groups.
type Role int

// The roles.
const (
	NoRole Role = iota
	Staff
	HelpDesk
	Admin
)

var roleNames = [...]string{NoRole: "none", Staff: "staff", HelpDesk: "helpdesk", Admin: "admin"}

// String returns the name under which the role is stored.
func (r Role) String() string {
	if r < NoRole || r > Admin {
		return roleNames[NoRole]
	}
	return roleNames[r]
}

// ParseRole returns the role that is stored under the given name, or NoRole for an unknown
// name.
func ParseRole(name string) Role {
	for r, n := range roleNames {
		if n == name {
			return Role(r)
		}
	}
	return NoRole
}

// Has reports whether r includes the required role.
func (r Role) Has(want Role) bool { return r >= want }

// The themes that a user can choose. ThemeSystem follows the browser and is stored as "".
const (
	ThemeSystem = "system"
	ThemeLight  = "light"
	ThemeDark   = "dark"
)

// Themes returns the themes in the order in which pages show them.
func Themes() []string { return []string{ThemeSystem, ThemeLight, ThemeDark} }

// User is a person who has signed in or organizes a meeting. TenantID and ObjectID
// together identify the user and never change. UPN and Name may change.
type User struct {
	ID       int64
	TenantID string
	ObjectID string
	UPN      string
	Name     string
	Role     Role   // from the user's latest ID token
	TimeZone string // IANA name, or ""
	Minutes  int    // the length, in minutes, that the user last chose for a new meeting, or 0
	Language string // BCP 47 tag, or ""
	Theme    string // ThemeLight, ThemeDark, or "" for ThemeSystem
}

// DisplayName returns the user's name. If it is blank, DisplayName returns the UPN or, if
// that is empty too, the object ID.
func (u User) DisplayName() string {
	if strings.TrimSpace(u.Name) != "" {
		return u.Name
	}
	return cmp.Or(u.UPN, u.ObjectID)
}
