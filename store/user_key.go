package store

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// storedKey returns the person's key as it is stored. A tenant ID is the same in upper and
// lower case, and so is an object ID that is a GUID. An object ID in any other form comes
// from another provider and is stored unchanged.
func storedKey(u meeting.User) (tid, oid string) {
	tid, oid = strings.ToLower(u.TenantID), u.ObjectID
	if id, err := uuid.Parse(oid); err == nil && strings.EqualFold(id.String(), oid) {
		oid = id.String()
	}
	return tid, oid
}
