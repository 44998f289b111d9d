package store

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// storedKey returns the person's key in the form in which it is stored. A tenant ID is
// stored in lower case, because its case does not matter. The same applies to an object
// ID that is a GUID. An object ID in any other form comes from another provider and is
// stored unchanged.
func storedKey(u meeting.User) (tid, oid string) {
	tid, oid = strings.ToLower(u.TenantID), u.ObjectID
	if id, err := uuid.Parse(oid); err == nil && strings.EqualFold(id.String(), oid) {
		oid = id.String()
	}
	return tid, oid
}
