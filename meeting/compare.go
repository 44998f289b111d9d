package meeting

import "slices"

// Difference names a part of a meeting in which what was asked for is not what
// Graph has.
type Difference string

// The parts that are compared.
const (
	DifferentSubject   Difference = "subject"
	DifferentStart     Difference = "start"
	DifferentEnd       Difference = "end"
	DifferentAttendees Difference = "attendees"
	DifferentThread    Difference = "thread_id"
)

// Differences compares what was asked with what Graph has: times as instants to
// the millisecond (Graph's replies carry more digits than the record keeps), a
// length alone from the start that Graph has, people by object ID or case-folded UPN, their order ignored; a list that may be
// cut tells nothing. Parts that nobody asked for do not differ, nor do options and
// a channel that were not chosen. A difference in an option has the option's name.
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
	for _, o := range a.Options.Beside(got.Options).Chosen() {
		found = append(found, Difference(o))
	}
	return slices.DeleteFunc(found, func(d Difference) bool { return slices.Contains(a.Unasked, d) })
}

func (a Asked) asksLengthAlone() bool {
	return slices.Contains(a.Unasked, DifferentStart) && !slices.Contains(a.Unasked, DifferentEnd)
}

// Over returns the meeting that a change of one which exists asks for: what was
// asked for, and the meeting's own parts where nothing was. A new start without
// an end keeps the meeting's length, and a new length alone its start.
func (a Asked) Over(there Details) Asked {
	unasked := func(d Difference) bool { return slices.Contains(a.Unasked, d) }
	if unasked(DifferentSubject) {
		a.Subject = there.Subject
	}
	if a.asksLengthAlone() && !there.Start.IsZero() {
		a.End = there.Start.Add(a.End.Sub(a.Start))
	}
	if unasked(DifferentStart) {
		a.Start = there.Start
	}
	if unasked(DifferentEnd) && !there.End.IsZero() && !there.Start.IsZero() {
		a.End = a.Start.Add(there.End.Sub(there.Start))
	}
	if unasked(DifferentAttendees) || a.KeepPeople {
		a.Attendees = there.Attendees
	}
	a.Unasked = nil
	return a
}

// Change is one part of a meeting that is another than it was.
type Change struct {
	What     Difference
	Was, Now Details
}

// Changes compares what Graph said of a meeting with what it says now.
func (d Details) Changes(now Details) (changes []Change) {
	was := Asked{
		Subject: d.Subject, Start: d.Start, End: d.End, Attendees: d.Attendees, KeepPeople: d.MaybeCut(), ThreadID: d.ThreadID, Options: d.Options,
	}
	for _, what := range was.Differences(now) {
		changes = append(changes, Change{what, d, now})
	}
	return changes
}

// SamePeople reports whether both lists hold the same people, in any order.
// Roles count: a presenter who came back as an attendee is a difference, but
// Graph's null role is an attendee. Somebody who is listed twice is one person,
// while entries without an address or ID are one person each.
func SamePeople(a, b []Attendee) bool {
	return unidentified(a) == unidentified(b) && covers(a, b) && covers(b, a)
}

func unidentified(people []Attendee) (n int) {
	for _, a := range people {
		if a.isUnidentified() {
			n++
		}
	}
	return n
}

func covers(all, some []Attendee) bool {
	index := make(sameIndex, 2*len(all))
	for i, one := range all {
		index.add(one, one.role(), i)
	}
	return !slices.ContainsFunc(some, func(one Attendee) bool { return index.find(one, one.role()) < 0 })
}

func (a Attendee) role() string {
	if a.Role == "" {
		return RoleAttendee
	}
	return a.Role
}
