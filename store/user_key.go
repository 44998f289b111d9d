package store

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// storedKey returns the user's key in its stored form. Tenant IDs are not case-sensitive,
// so they are stored in lower case, and so are object IDs that are GUIDs.
func storedKey(u meeting.User) (tid, oid string) {
	tid, oid = strings.ToLower(u.TenantID), u.ObjectID
	if id, err := uuid.Parse(oid); err == nil && strings.EqualFold(id.String(), oid) {
		oid = id.String()
	}
	return tid, oid
}
