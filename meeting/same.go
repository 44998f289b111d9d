package meeting

import "strings"

// sameIndex finds the first person in a list who is the same as a given person; see
// Attendee.Same. A lookup takes constant time, which matters because a list may contain
// hundreds of people.
type sameIndex map[string]sameEntry

// sameEntry holds the position of the first person with a given key, and the kind of that
// person's object ID.
type sameEntry struct {
	at   int
	kind string // see idKind
}

// Prefixes for the keys of a sameIndex. Attendees with the same UPN are different people
// if they have different object IDs of the same kind. A UPN therefore has up to two
// entries: one for its first attendee, and one for the first attendee whose object ID is
// of another kind.
const (
	keyID       = "id\x00"
	keyUPN      = "upn\x00"
	keyUPNOther = "upn of another kind\x00"
	keyName     = "name\x00"
)

func idKind(a Attendee) string {
	if a.ObjectID == "" {
		return "none"
	}
	return "id " + string(a.Identity)
}

// add records that the attendee is at position i. The same person may be added several
// times with different marks, such as roles.
func (x sameIndex) add(a Attendee, mark AttendeeRole, i int) {
	put := func(key string) {
		if _, taken := x[key]; !taken {
			x[key] = sameEntry{i, idKind(a)}
		}
	}
	if a.ObjectID != "" {
		put(keyID + string(a.Identity) + "\x00" + strings.ToLower(a.ObjectID) + string(mark))
	}
	if a.UPN != "" {
		upn := strings.ToLower(a.UPN) + string(mark)
		put(keyUPN + upn)
		if x[keyUPN+upn].kind != idKind(a) {
			put(keyUPNOther + upn)
		}
	}
	if a.ObjectID == "" && a.UPN == "" {
		put(keyName + string(a.Identity) + "\x00" + a.Name + string(mark))
	}
}

// find returns the position of the first person who was added with the mark and is the
// same as the given attendee. It returns -1 if there is no such person.
func (x sameIndex) find(a Attendee, mark AttendeeRole) int {
	first := -1
	consider := func(e sameEntry, ok bool) {
		if ok && (first < 0 || e.at < first) {
			first = e.at
		}
	}
	if a.ObjectID != "" {
		e, ok := x[keyID+string(a.Identity)+"\x00"+strings.ToLower(a.ObjectID)+string(mark)]
		consider(e, ok)
	}
	if a.UPN != "" {
		upn := strings.ToLower(a.UPN) + string(mark)
		e, ok := x[keyUPN+upn]
		if a.ObjectID != "" && e.kind == idKind(a) {
			e, ok = x[keyUPNOther+upn]
		}
		consider(e, ok)
	}
	if a.ObjectID == "" && a.UPN == "" {
		e, ok := x[keyName+string(a.Identity)+"\x00"+a.Name+string(mark)]
		consider(e, ok)
	}
	return first
}
