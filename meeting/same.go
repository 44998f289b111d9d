package meeting

import "strings"

// sameIndex finds the first person in a list who is the Same as another, without
// going through the list. Graph may return thousands of people.
type sameIndex map[string]sameEntry

// sameEntry is the first in the list who has a key.
type sameEntry struct {
	at   int
	kind string // of their object ID; see idKind
}

// The kinds of keys. A UPN identifies somebody unless both have an object ID of one
// kind, so the index also keeps the first with another kind.
const (
	keyID       = "id\x00"
	keyUPN      = "upn\x00"
	keyUPNOther = "upn of another kind\x00"
	keyName     = "name\x00"
)

// idKind returns the kind of the attendee's object ID, "none" without one.
func idKind(a Attendee) string {
	if a.ObjectID == "" {
		return "none"
	}
	return "id " + a.Identity
}

// add notes that the attendee is at position i. The mark tells apart those who
// are the same person otherwise.
func (x sameIndex) add(a Attendee, mark string, i int) {
	put := func(key string) {
		if _, taken := x[key]; !taken {
			x[key] = sameEntry{i, idKind(a)}
		}
	}
	if a.ObjectID != "" {
		put(keyID + a.Identity + "\x00" + strings.ToLower(a.ObjectID) + mark)
	}
	if a.UPN != "" {
		upn := strings.ToLower(a.UPN) + mark
		put(keyUPN + upn)
		if x[keyUPN+upn].kind != idKind(a) {
			put(keyUPNOther + upn)
		}
	}
	if a.ObjectID == "" && a.UPN == "" {
		put(keyName + a.Identity + "\x00" + a.Name + mark)
	}
}

// find returns the position of the first who is the Same as a, or -1.
func (x sameIndex) find(a Attendee, mark string) int {
	first := -1
	take := func(e sameEntry, ok bool) {
		if ok && (first < 0 || e.at < first) {
			first = e.at
		}
	}
	if a.ObjectID != "" {
		e, ok := x[keyID+a.Identity+"\x00"+strings.ToLower(a.ObjectID)+mark]
		take(e, ok)
	}
	if a.UPN != "" {
		upn := strings.ToLower(a.UPN) + mark
		e, ok := x[keyUPN+upn]
		if a.ObjectID != "" && e.kind == idKind(a) {
			e, ok = x[keyUPNOther+upn]
		}
		take(e, ok)
	}
	if a.ObjectID == "" && a.UPN == "" {
		e, ok := x[keyName+a.Identity+"\x00"+a.Name+mark]
		take(e, ok)
	}
	return first
}
