package meeting

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// What the field "proposed" may say in a link: all of its other values are only
// proposals, or its times are.
const (
	ProposedAll   = "all"
	ProposedTimes = "times"
)

// ProposeAll records everything in the form now as a proposal: what the person leaves
// unchanged was not asked for.
func (f *Form) ProposeAll() {
	f.Proposed = ""
	f.propose(FieldSubject, FieldAttendees)
	f.ProposeTimes()
}

// ProposeTimes does the same for the times alone.
func (f *Form) ProposeTimes() {
	f.propose(FieldDate, FieldStart, FieldEnd, FieldEndDate, FieldDuration, FieldTimeZone)
}

func (f *Form) propose(names ...string) {
	proposed, _ := url.ParseQuery(f.Proposed)
	for _, name := range names {
		proposed.Set(name, f.value(name))
	}
	f.Proposed = proposed.Encode()
}

// value returns a field, with the line breaks that browsers send as CRLF made plain.
func (f Form) value(name string) string {
	for _, field := range f.fields() {
		if field.name == name {
			return strings.TrimSpace(strings.ReplaceAll(*field.value, "\r\n", "\n"))
		}
	}
	return ""
}

// unasked returns the parts of a meeting that the form does not ask for: those left
// blank, and those still as the desk proposed them. An end counts only with a start that
// was asked for, or if it gives another length than the proposed one.
func (f Form) unasked() (parts []Difference) {
	proposed, _ := url.ParseQuery(f.Proposed) // what cannot be read proposes nothing
	kept := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return f.value(name) != proposed.Get(name) })
	}
	was := Form{
		Date: proposed.Get(FieldDate), Start: proposed.Get(FieldStart), End: proposed.Get(FieldEnd),
		EndDate: proposed.Get(FieldEndDate), Duration: proposed.Get(FieldDuration),
	}
	for _, text := range []struct {
		part  Difference
		field string
	}{{DifferentSubject, FieldSubject}, {DifferentAttendees, FieldAttendees}} {
		if f.value(text.field) == "" || kept(text.field) {
			parts = append(parts, text.part)
		}
	}
	length := f.length()
	start := f.value(FieldStart) != "" && !kept(FieldDate, FieldStart, FieldTimeZone)
	end := length != 0 && !kept(FieldEnd, FieldEndDate, FieldDuration)
	switch {
	case f.value(FieldStart) == "" || !start && !end:
		return append(parts, DifferentStart, DifferentEnd)
	case start && (length == 0 || length == was.length()):
		return append(parts, DifferentEnd)
	}
	return parts
}

// length returns how long the form's meeting lasts on the clock, 0 where it does
// not say.
func (f Form) length() time.Duration {
	var ignored Problems
	if strings.TrimSpace(f.End) == "" {
		return parseDuration(f.Duration, &ignored)
	}
	date, _ := parseDay(FieldDate, f.Date, &ignored)
	endDate, otherDay := parseDay(FieldEndDate, f.EndDate, &ignored)
	if !otherDay {
		endDate = date
	}
	start, startOK := parseClock(FieldStart, f.Start, &ignored)
	end, endOK := parseClock(FieldEnd, f.End, &ignored)
	if !startOK || !endOK {
		return 0
	}
	return on(endDate, end).Sub(on(date, start))
}
