package meeting

import (
	"maps"
	"slices"
)

// Difference names a part in which Graph's meeting may differ from the request.
type Difference string

// The parts that are compared.
const (
	DifferentSubject   Difference = "subject"
	DifferentStart     Difference = "start"
	DifferentEnd       Difference = "end"
	DifferentAttendees Difference = "attendees"
	DifferentThread    Difference = "thread_id"
)

// Differences returns the parts in which Graph's meeting differs from the request. An
// option that differs is listed under its own name. Parts that were not requested are not
// compared.
//
// Times are compared to the millisecond, which is the precision of the database. If only a
// length was requested, the expected end is Graph's start plus that length. Attendees are
// not compared if Graph may have omitted some.
func (a Asked) Differences(got Details) []Difference {
	if a.asksLengthAlone() {
		a.End = got.Start.Add(a.End.Sub(a.Start))
	}
	var found []Difference
	if a.Subject != got.Subject {
		found = append(found, DifferentSubject)
	}
	if a.Start.UnixMilli() != got.Start.UnixMilli() {
		found = append(found, DifferentStart)
	}
	if a.End.UnixMilli() != got.End.UnixMilli() {
		found = append(found, DifferentEnd)
	}
	if !a.KeepPeople && !got.MaybeCut() && !SamePeople(a.Attendees, got.Attendees) {
		found = append(found, DifferentAttendees)
	}
	if a.ThreadID != "" && a.ThreadID != got.ThreadID {
		found = append(found, DifferentThread)
	}
	for _, o := range a.Options.Diff(got.Options).Chosen() {
		found = append(found, Difference(o))
	}
	return slices.DeleteFunc(found, func(d Difference) bool { return slices.Contains(a.Unasked, d) })
}

func (a Asked) asksLengthAlone() bool {
	return slices.Contains(a.Unasked, DifferentStart) && !slices.Contains(a.Unasked, DifferentEnd)
}

// Over returns the meeting as it would be after the requested changes. A new start alone
// keeps the length, and a new length alone keeps the start.
func (a Asked) Over(current Details) Asked {
	unasked := func(d Difference) bool { return slices.Contains(a.Unasked, d) }
	if unasked(DifferentSubject) {
		a.Subject = current.Subject
	}
	if a.asksLengthAlone() && !current.Start.IsZero() {
		a.End = current.Start.Add(a.End.Sub(a.Start))
	}
	if unasked(DifferentStart) {
		a.Start = current.Start
	}
	if unasked(DifferentEnd) && !current.End.IsZero() && !current.Start.IsZero() {
		a.End = a.Start.Add(current.End.Sub(current.Start))
	}
	if unasked(DifferentAttendees) || a.KeepPeople {
		a.Attendees = current.Attendees
	}
	a.Unasked = nil
	return a
}

// Change is one part of a meeting that has changed.
type Change struct {
	What     Difference
	Was, Now Details
}

// Changes returns the parts of a meeting that differ between two replies.
func (d Details) Changes(now Details) (changes []Change) {
	before := Asked{
		Subject: d.Subject, Start: d.Start, End: d.End, Attendees: d.Attendees, KeepPeople: d.MaybeCut(), ThreadID: d.ThreadID, Options: d.Options,
	}
	for _, what := range before.Differences(now) {
		changes = append(changes, Change{what, d, now})
	}
	return changes
}

// SamePeople reports whether both lists contain the same people with the same roles, in
// any order. An empty role counts as RoleAttendee. Duplicates make no difference, except
// among entries with neither a UPN nor an object ID, because those may be different people
// with the same name.
func SamePeople(a, b []Attendee) bool {
	return maps.Equal(unidentified(a), unidentified(b)) && covers(a, b) && covers(b, a)
}

// unidentified counts the entries with neither a UPN nor an object ID, by name, identity
// and role.
func unidentified(people []Attendee) map[Attendee]int {
	counts := make(map[Attendee]int)
	for _, a := range people {
		if a.isUnidentified() {
			a.Role = a.role()
			counts[a]++
		}
	}
	return counts
}

func covers(all, some []Attendee) bool {
	index := make(sameIndex, 2*len(all))
	for i, a := range all {
		index.add(a, a.role(), i)
	}
	return !slices.ContainsFunc(some, func(a Attendee) bool { return index.find(a, a.role()) < 0 })
}

func (a Attendee) role() AttendeeRole {
	if a.Role == "" {
		return RoleAttendee
	}
	return a.Role
}
