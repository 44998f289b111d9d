package store

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// storedKey returns the user's key in its stored form. Tenant IDs, and object IDs that are
// GUIDs, are stored in lower case, because they are not case-sensitive.
func storedKey(u meeting.User) (tid, oid string) {
	tid, oid = strings.ToLower(u.TenantID), u.ObjectID
	if id, err := uuid.Parse(oid); err == nil && strings.EqualFold(id.String(), oid) {
		oid = id.String()
	}
	return tid, oid
}
