package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
)

// ProposedAll is the value of the "proposed" parameter that marks the subject, the people
// and the times in a link as proposals. The other values are Differences.
const ProposedAll = "all"

// textParts returns the parts of a meeting that have a single text field of the same name
// in the form.
func textParts() []meeting.Difference {
	return []meeting.Difference{meeting.DifferentSubject, meeting.DifferentAttendees}
}

// ProposeNamed records the given parts of the form as proposals. A part is ProposedAll or a
// Difference.
func (f *Form) ProposeNamed(parts []string) {
	for _, part := range parts {
		switch {
		case part == ProposedAll:
			f.ProposeAll()
		case slices.Contains(textParts(), meeting.Difference(part)):
			f.propose(part)
		case part == string(meeting.DifferentStart):
			f.propose(meeting.FieldDate, meeting.FieldStart, meeting.FieldTimeZone)
		case part == string(meeting.DifferentEnd):
			f.proposeValue(meeting.FieldDuration, strconv.Itoa(int(f.length()/time.Minute)))
		}
	}
}

// ProposeAll records the form's subject, people and times as proposals. A proposal that
// the user leaves unchanged is not part of the request.
func (f *Form) ProposeAll() {
	f.Proposed = ""
	for _, part := range textParts() {
		f.propose(string(part))
	}
	f.ProposeTimes()
}

// ProposeTimes records the form's times as proposals.
func (f *Form) ProposeTimes() { f.propose(append(names(ofTime), meeting.FieldTimeZone)...) }

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

func (f *Form) value(name string) string {
	for _, field := range fields {
		if field.name == name {
			return normalized(*field.of(f))
		}
	}
	return ""
}

// normalized returns the trimmed text, with LF in place of the CRLF that browsers send.
func normalized(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }

// unasked returns the parts that the user left empty or did not change from the proposal.
// The end counts as unchanged if the meeting has the proposed length. If the result
// contains the start but not the end, the person requested only a different length.
func (f Form) unasked() (parts []meeting.Difference) {
	proposed, _ := url.ParseQuery(f.Proposed) // malformed parts are ignored
	isProposed := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return f.value(name) != proposed.Get(name) })
	}
	for _, part := range textParts() {
		if f.value(string(part)) == "" || isProposed(string(part)) {
			parts = append(parts, part)
		}
	}
	if f.Now {
		return parts
	}
	length := f.length()
	asksStart := f.value(meeting.FieldStart) != "" && !isProposed(meeting.FieldDate, meeting.FieldStart, meeting.FieldTimeZone)
	asksEnd := length != 0 && !isProposed(meeting.FieldEnd, meeting.FieldEndDate, meeting.FieldDuration)
	if !asksStart {
		parts = append(parts, meeting.DifferentStart)
	}
	sameLength := length == 0 || length == FromValues(proposed).length()
	if f.value(meeting.FieldStart) == "" || sameLength || !asksStart && !asksEnd {
		parts = append(parts, meeting.DifferentEnd)
	}
	return parts
}

// length returns the difference between the local times of the start and the end, or the
// chosen duration if there is no end. It returns 0 if the fields are malformed.
func (f Form) length() time.Duration {
	var ignored meeting.Problems
	if strings.TrimSpace(f.End) == "" {
		return parseDuration(f.Duration, &ignored)
	}
	date, _ := parseDay(meeting.FieldDate, f.Date, &ignored)
	endDate, endsOtherDay := parseDay(meeting.FieldEndDate, f.EndDate, &ignored)
	if !endsOtherDay {
		endDate = date
	}
	start, startOK := parseClock(meeting.FieldStart, f.Start, &ignored)
	end, endOK := parseClock(meeting.FieldEnd, f.End, &ignored)
	if !startOK || !endOK {
		return 0
	}
	return on(endDate, end).Sub(on(date, start))
}
