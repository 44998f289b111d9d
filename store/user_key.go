package store

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// keyOf returns the person's key as it is kept. A tenant ID is a GUID or what an
// administrator typed, and means the same in either case. So does an object ID
// that is a GUID; one of another form is another provider's, and is kept as it is.
func keyOf(u meeting.User) (tid, oid string) {
	tid, oid = strings.ToLower(u.TenantID), u.ObjectID
	if id, err := uuid.Parse(oid); err == nil && strings.EqualFold(id.String(), oid) {
		oid = id.String()
	}
	return tid, oid
}
