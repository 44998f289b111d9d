package meeting

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ProposedAll in a link's field "proposed" makes all of its other values proposals;
// the name of a Difference does so for one part of the meeting.
const ProposedAll = "all"

// ProposeNamed notes as proposals what a link names as such.
func (f *Form) ProposeNamed(parts []string) {
	for _, part := range parts {
		switch part {
		case ProposedAll:
			f.ProposeAll()
		case string(DifferentSubject), string(DifferentAttendees):
			f.propose(part)
		case string(DifferentStart):
			f.propose(FieldDate, FieldStart, FieldTimeZone)
		case string(DifferentEnd):
			f.proposeValue(FieldDuration, strconv.Itoa(int(f.length()/time.Minute)))
		}
	}
}

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
	for _, name := range names {
		f.proposeValue(name, f.value(name))
	}
}

func (f *Form) proposeValue(name, value string) {
	proposed, _ := url.ParseQuery(f.Proposed)
	proposed.Set(name, value)
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

// unasked returns the parts of a meeting that the form does not ask for: those
// left blank, and those still as the desk proposed them. An end says something
// only where it gives another length than the one proposed. Without a start that
// was asked for it asks for that length alone.
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
	if !start {
		parts = append(parts, DifferentStart)
	}
	if f.value(FieldStart) == "" || length == 0 || length == was.length() || !start && !end {
		parts = append(parts, DifferentEnd)
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
