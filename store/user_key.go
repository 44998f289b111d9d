package store

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// storedKey returns the person's key as it is stored. Tenant IDs are not case-sensitive,
// so they are stored in lower case. So are object IDs that are GUIDs.
func storedKey(u meeting.User) (tid, oid string) {
	tid, oid = strings.ToLower(u.TenantID), u.ObjectID
	if id, err := uuid.Parse(oid); err == nil && strings.EqualFold(id.String(), oid) {
		oid = id.String()
	}
	return tid, oid
}
