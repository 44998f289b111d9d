package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
)

// ProposedAll in a link's field "proposed" makes all of its other values proposals;
// the name of a meeting.Difference does so for one part of the meeting.
const ProposedAll = "all"

// ProposeNamed notes as proposals what a link names as such.
func (f *Form) ProposeNamed(parts []string) {
	for _, part := range parts {
		switch part {
		case ProposedAll:
			f.ProposeAll()
		case string(meeting.DifferentSubject), string(meeting.DifferentAttendees):
			f.propose(part)
		case string(meeting.DifferentStart):
			f.propose(meeting.FieldDate, meeting.FieldStart, meeting.FieldTimeZone)
		case string(meeting.DifferentEnd):
			f.proposeValue(meeting.FieldDuration, strconv.Itoa(int(f.length()/time.Minute)))
		}
	}
}

// ProposeAll records everything in the form now as a proposal: what the person leaves
// unchanged was not asked for.
func (f *Form) ProposeAll() {
	f.Proposed = ""
	f.propose(meeting.FieldSubject, meeting.FieldAttendees)
	f.ProposeTimes()
}

// ProposeTimes does the same for the times alone.
func (f *Form) ProposeTimes() {
	f.propose(meeting.FieldDate, meeting.FieldStart, meeting.FieldEnd, meeting.FieldEndDate, meeting.FieldDuration, meeting.FieldTimeZone)
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
func (f Form) unasked() (parts []meeting.Difference) {
	proposed, _ := url.ParseQuery(f.Proposed) // what cannot be read proposes nothing
	kept := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return f.value(name) != proposed.Get(name) })
	}
	was := Form{
		Date: proposed.Get(meeting.FieldDate), Start: proposed.Get(meeting.FieldStart), End: proposed.Get(meeting.FieldEnd),
		EndDate: proposed.Get(meeting.FieldEndDate), Duration: proposed.Get(meeting.FieldDuration),
	}
	for _, text := range []struct {
		part  meeting.Difference
		field string
	}{{meeting.DifferentSubject, meeting.FieldSubject}, {meeting.DifferentAttendees, meeting.FieldAttendees}} {
		if f.value(text.field) == "" || kept(text.field) {
			parts = append(parts, text.part)
		}
	}
	length := f.length()
	start := f.value(meeting.FieldStart) != "" && !kept(meeting.FieldDate, meeting.FieldStart, meeting.FieldTimeZone)
	end := length != 0 && !kept(meeting.FieldEnd, meeting.FieldEndDate, meeting.FieldDuration)
	if !start {
		parts = append(parts, meeting.DifferentStart)
	}
	if f.value(meeting.FieldStart) == "" || length == 0 || length == was.length() || !start && !end {
		parts = append(parts, meeting.DifferentEnd)
	}
	return parts
}

// length returns how long the form's meeting lasts on the clock, 0 where it does
// not say.
func (f Form) length() time.Duration {
	var ignored meeting.Problems
	if strings.TrimSpace(f.End) == "" {
		return parseDuration(f.Duration, &ignored)
	}
	date, _ := parseDay(meeting.FieldDate, f.Date, &ignored)
	endDate, otherDay := parseDay(meeting.FieldEndDate, f.EndDate, &ignored)
	if !otherDay {
		endDate = date
	}
	start, startOK := parseClock(meeting.FieldStart, f.Start, &ignored)
	end, endOK := parseClock(meeting.FieldEnd, f.End, &ignored)
	if !startOK || !endOK {
		return 0
	}
	return on(endDate, end).Sub(on(date, start))
}
