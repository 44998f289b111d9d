package form

import (
	"net/url"
	"slices"

	"meetdesk/meeting"
)

// The names of inputs that are not part of the requested meeting. Like the field names in
// package meeting, they must not change, because deep links use them.
const (
	FieldFormID     = "form_id"
	FieldProposed   = "proposed"     // see Form.Proposed
	FieldPreset     = "preset"       // see Form.Preset
	FieldFilled     = "filled"       // see Form.Filled
	FieldDraft      = "draft"        // see Form.Draft
	FieldApply      = "apply"        // if "1", the desk fills in the chosen preset and creates nothing
	FieldInside     = "inside"       // see Form.Inside
	FieldPast       = "past"         // "1": see Form.Past
	FieldAnyway     = "anyway"       // "1": see Form.Anyway
	FieldNow        = "now"          // "1": see Form.Now
	FieldMyZone     = "my_zone"      // "1": see Form.MyZone
	FieldEdit       = "edit"         // if "1", the desk shows the form again and creates nothing
	FieldNote       = "note_text"    // the text of a note about a meeting
	FieldSentTo     = "sent_to"      // the recipients of the invitation
	FieldNoteID     = "note_id"      // the ID of the note to retract
	FieldPerson     = "person"       // the ID of a person who has, or had, access to a meeting
	FieldBaseReply  = "base_reply"   // in a form that acts on a meeting: the ID of the reply that the page showed
	FieldSession    = "session"      // the ID of the session to end, or SessionAll or SessionOthers
	FieldSignedInAs = "signed_in_as" // in every form: the person for whom the page was rendered
	FieldReturnTo   = "return_to"    // in a language or theme switch: the URL to return to
	FieldFormOn     = "form_on"      // in a language or theme switch that also sends the page's form: the path of that page
	FieldHeld       = "held"         // in a language or theme switch on a page with a submitted form: the fields of that form, URL-encoded
	FieldHeldFor    = "held_for"     // in a language or theme switch on a page with a submitted form: the path to which that form was submitted
)

// The values of FieldSession that select several sessions.
const (
	SessionAll    = "all"
	SessionOthers = "others"
)

// Field is the name and value of one field of a form.
type Field struct {
	Name  string
	Value string
}

type kind int

const (
	ofMeeting kind = iota // a part of the meeting
	ofTime                // part of the meeting's time
	ofClock               // how to interpret the times: the time zone, and which occurrence of a repeated local time
	ofOption              // the value of an option
	ofSeries              // part of the series that begins with the meeting
	ofForm                // state of the form itself; not user input
)

// field describes a text field. of(f) returns a pointer to the field's value in the
// form f.
type field struct {
	name   string
	of     func(*Form) *string
	kind   kind
	unique bool // the value belongs to this form only and is not copied into a new form
}

// fields contains every text field, in the order in which the page shows them.
var fields = slices.Concat([]field{
	{name: meeting.FieldExternalID, of: func(f *Form) *string { return &f.ExternalID }},
	{name: meeting.FieldSubject, of: func(f *Form) *string { return &f.Subject }},
	{name: meeting.FieldDate, of: func(f *Form) *string { return &f.Date }, kind: ofTime},
	{name: meeting.FieldStart, of: func(f *Form) *string { return &f.Start }, kind: ofTime},
	{name: meeting.FieldEnd, of: func(f *Form) *string { return &f.End }, kind: ofTime},
	{name: meeting.FieldEndDate, of: func(f *Form) *string { return &f.EndDate }, kind: ofTime},
	{name: meeting.FieldDuration, of: func(f *Form) *string { return &f.Duration }, kind: ofTime},
	{name: meeting.FieldTimeZone, of: func(f *Form) *string { return &f.TimeZone }, kind: ofClock},
	{name: meeting.FieldFold, of: func(f *Form) *string { return &f.Fold }, kind: ofClock},
	{name: meeting.FieldAttendees, of: func(f *Form) *string { return &f.Attendees }},
	{name: meeting.FieldOrganizer, of: func(f *Form) *string { return &f.Organizer }},
	{name: meeting.FieldRepeat, of: func(f *Form) *string { return &f.Repeat }, kind: ofSeries},
	{name: meeting.FieldTimes, of: func(f *Form) *string { return &f.Times }, kind: ofSeries},
	{name: FieldInside, of: func(f *Form) *string { return &f.Inside }, kind: ofForm, unique: true},
	{name: FieldFormID, of: func(f *Form) *string { return &f.FormID }, kind: ofForm, unique: true},
	{name: FieldDraft, of: func(f *Form) *string { return &f.Draft }, kind: ofForm},
	{name: FieldPreset, of: func(f *Form) *string { return &f.Preset }, kind: ofForm},
	{name: FieldFilled, of: func(f *Form) *string { return &f.Filled }, kind: ofForm},
	{name: FieldProposed, of: func(f *Form) *string { return &f.Proposed }, kind: ofForm},
}, optionFields(), []field{
	{name: meeting.FieldThreadID, of: func(f *Form) *string { return &f.ThreadID }},
})

func optionFields() (list []field) {
	for _, o := range meeting.AllOptions() {
		list = append(list, field{name: string(o), of: func(f *Form) *string { return f.Options.Ref(o) }, kind: ofOption})
	}
	return list
}

// names returns the names of all fields that have one of the given kinds, in the order in
// which the page shows them.
func names(kinds ...kind) (list []string) {
	for _, field := range fields {
		if slices.Contains(kinds, field.kind) {
			list = append(list, field.name)
		}
	}
	return list
}

// Inputs returns the names of the fields that contain user input.
func Inputs() []string { return names(ofMeeting, ofTime, ofClock, ofSeries, ofOption) }

// SeriesInputs returns the names of the fields that define a series.
func SeriesInputs() []string { return names(ofSeries) }

// TimeInputs returns the names of the fields that define the time of the meeting.
func TimeInputs() []string { return names(ofTime, ofClock) }

// FromValues returns the form with the values from a submitted page or a link.
func FromValues(sent url.Values) (f Form) {
	for _, field := range fields {
		*field.of(&f) = sent.Get(field.name)
	}
	f.Past, f.Anyway, f.Now, f.MyZone = sent.Get(FieldPast) == "1", sent.Get(FieldAnyway) == "1", sent.Get(FieldNow) == "1", sent.Get(FieldMyZone) == "1"
	return f
}

// Map applies the change callback to each text field and returns the changed form.
func (f Form) Map(change func(string) string) Form {
	for _, field := range fields {
		*field.of(&f) = change(*field.of(&f))
	}
	return f
}

// Fields returns the non-empty fields, for resubmitting the form. It omits Anyway, which
// the user must confirm each time.
func (f Form) Fields() (list []Field) {
	for _, field := range fields {
		if *field.of(&f) != "" {
			list = append(list, Field{field.name, *field.of(&f)})
		}
	}
	if f.Past {
		list = append(list, Field{FieldPast, "1"})
	}
	if f.Now {
		list = append(list, Field{FieldNow, "1"})
	}
	if f.MyZone {
		list = append(list, Field{FieldMyZone, "1"})
	}
	return list
}

// Values returns the same fields as Fields, as URL values.
func (f Form) Values() url.Values {
	values := make(url.Values)
	for _, field := range f.Fields() {
		values.Set(field.Name, field.Value)
	}
	return values
}

// Query returns the non-empty text fields as a query that prefills a new form. It omits
// values that are unique to this form, such as its ID.
func (f Form) Query() url.Values {
	query := make(url.Values)
	for _, field := range fields {
		if *field.of(&f) != "" && !field.unique {
			query.Set(field.name, *field.of(&f))
		}
	}
	return query
}

// FillAbsent fills in the meeting's fields that are missing from the submitted values. now
// is a form with the meeting's current values. The times and the time zone are filled in
// together, and only if no time was submitted. Options are not filled in, because a
// missing option means no change.
func (f *Form) FillAbsent(sent url.Values, now Form) {
	hasTime := slices.ContainsFunc(names(ofTime), sent.Has)
	for _, field := range fields {
		isTime := field.kind == ofTime || field.kind == ofClock
		if isTime && !hasTime || field.kind == ofMeeting && !sent.Has(field.name) {
			*field.of(f) = *field.of(&now)
		}
	}
}
