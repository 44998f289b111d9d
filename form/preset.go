package form

import (
	"net/url"
	"strconv"
	"time"

	"meetdesk/meeting"
)

// filledPattern is the key in Form.Filled for the preset's subject pattern, which may
// contain a placeholder for the ticket.
const filledPattern = "pattern"

// FillLength fills in a default length, which Fill may replace with a preset's length.
func (f *Form) FillLength(minutes int) {
	f.setLength(minutes)
	f.recordFilled(meeting.FieldDuration, strconv.Itoa(minutes))
}

// Fill fills in the values of a preset and reports whether the subject, an option or the
// length changed. It replaces a value only if the value is empty or, according to
// Form.Filled, was filled in before. If the preset does not set the subject or an option,
// that field becomes empty, so the zero preset undoes an earlier preset.
//
// If the preset sets no length, a length that was filled in before is replaced by the given
// number of minutes.
func (f *Form) Fill(p meeting.Preset, minutes int) (changed bool) {
	before := *f
	f.Preset = p.Name
	f.recordFilled(FieldPreset, p.Name)
	f.recordFilled(filledPattern, p.Subject)
	if f.fillText(meeting.FieldSubject, &f.Subject, meeting.SubjectFor(p.Subject, f.ticket())) {
		f.propose(meeting.FieldSubject)
	}
	for _, o := range meeting.AllOptions() {
		f.fillText(string(o), f.Options.Ref(o), p.Options.Get(o))
	}
	if p.Minutes != 0 {
		minutes = p.Minutes
	}
	filled, _ := strconv.Atoi(f.filled(meeting.FieldDuration))
	isBlank := f.value(meeting.FieldEnd)+f.value(meeting.FieldDuration) == ""
	if isFree := isBlank && p.Minutes != 0 || filled != 0 && f.length() == time.Duration(filled)*time.Minute; isFree {
		if minutes != filled || isBlank {
			f.setLength(minutes)
		}
		f.recordFilled(meeting.FieldDuration, strconv.Itoa(minutes))
		f.proposeLength(minutes)
	}
	before.Preset, before.Filled, before.Proposed = f.Preset, f.Filled, f.Proposed
	return before != *f
}

// FollowTicket updates the ticket in the subject if a preset filled in the subject and
// the person has not changed it since.
func (f *Form) FollowTicket() {
	if pattern := f.filled(filledPattern); pattern != "" && f.Subject != "" && f.fillText(meeting.FieldSubject, &f.Subject, meeting.SubjectFor(pattern, f.ticket())) {
		f.propose(meeting.FieldSubject)
	}
}

// FilledPreset returns the name of the preset that filled in the form, if any. If the
// person chose to use no preset, the name is "" and ok is true.
func (f Form) FilledPreset() (name string, ok bool) {
	filled, _ := url.ParseQuery(f.Filled)
	return filled.Get(FieldPreset), filled.Has(FieldPreset)
}

// Fillable returns the values of all fields that Fill may change.
func (f Form) Fillable() url.Values {
	values := make(url.Values)
	names := append(names(ofOption), FieldPreset, FieldFilled, FieldProposed, meeting.FieldSubject, meeting.FieldEnd, meeting.FieldEndDate, meeting.FieldDuration)
	for _, name := range names {
		values.Set(name, f.value(name))
	}
	return values
}

// fillText fills in a field unless it contains user input. It reports whether it filled in
// the field.
func (f *Form) fillText(name string, value *string, text string) bool {
	if typed := f.value(name); typed != "" && typed != f.filled(name) {
		f.recordFilled(name, "")
		return false
	}
	*value = text
	f.recordFilled(name, normalized(text))
	return true
}

func (f Form) ticket() string { return meeting.TicketOf(meeting.Trim(f.ExternalID)) }

func (f Form) filled(name string) string {
	filled, _ := url.ParseQuery(f.Filled) // malformed parts are ignored
	return filled.Get(name)
}

func (f *Form) recordFilled(name, value string) {
	filled, _ := url.ParseQuery(f.Filled)
	filled.Set(name, value)
	f.Filled = filled.Encode()
}

// proposeLength records a proposal with the given duration and an empty end.
func (f *Form) proposeLength(minutes int) {
	f.proposeValue(meeting.FieldEnd, "")
	f.proposeValue(meeting.FieldEndDate, "")
	f.proposeValue(meeting.FieldDuration, strconv.Itoa(minutes))
}

// setLength fills in the end so that the meeting has the given length. If the form's date,
// start or zone is missing or invalid, it fills in the length instead.
func (f *Form) setLength(minutes int) {
	f.End, f.EndDate, f.Duration = "", "", strconv.Itoa(minutes)
	var problems meeting.Problems
	zone, zoneOK := meeting.LoadZone(f.TimeZone)
	date, dateOK := parseDay(meeting.FieldDate, f.Date, &problems)
	clock, clockOK := parseClock(meeting.FieldStart, f.Start, &problems)
	if !zoneOK || !dateOK || !clockOK {
		return
	}
	start := f.instant(meeting.FieldStart, on(date, clock), zone, &problems)
	if start.IsZero() {
		return
	}
	f.Duration = ""
	f.SetEnd(start, start.In(zone).Add(time.Duration(minutes)*time.Minute))
}
