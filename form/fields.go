package form

import (
	"net/url"

	"meetdesk/meeting"
)

// The inputs that are not part of the meeting that a person asks for. Their names are a
// contract with deep links, like those of the fields in package meeting.
const (
	FieldFormID     = "form_id"
	FieldProposed   = "proposed"     // see Form.Proposed
	FieldInside     = "inside"       // see Form.Inside
	FieldPast       = "past"         // "1": see Form.Past
	FieldAnyway     = "anyway"       // "1": see Form.Anyway
	FieldEdit       = "edit"         // "1": show the form again and create nothing
	FieldBaseReply  = "base_reply"   // of a change: the reply from Graph that the person saw
	FieldSignedInAs = "signed_in_as" // in every form: the person for whom the page was rendered
)

// Field is the name and value of one field of a form.
type Field struct {
	Name  string
	Value string
}

// field is a text field of a form and a pointer to its value.
type field struct {
	name   string
	value  *string
	unique bool // the value belongs to this form only and is not copied into a new one
}

// fields returns every text field of the form, in the order of the page. All code that
// reads, fills in or carries a form loops over this list.
func (f *Form) fields() []field {
	list := []field{
		{name: meeting.FieldExternalID, value: &f.ExternalID},
		{name: meeting.FieldSubject, value: &f.Subject},
		{name: meeting.FieldDate, value: &f.Date},
		{name: meeting.FieldStart, value: &f.Start},
		{name: meeting.FieldEnd, value: &f.End},
		{name: meeting.FieldEndDate, value: &f.EndDate},
		{name: meeting.FieldDuration, value: &f.Duration},
		{name: meeting.FieldTimeZone, value: &f.TimeZone},
		{name: meeting.FieldFold, value: &f.Fold},
		{name: meeting.FieldAttendees, value: &f.Attendees},
		{name: meeting.FieldThreadID, value: &f.ThreadID},
		{name: meeting.FieldOrganizer, value: &f.Organizer},
		{name: FieldInside, value: &f.Inside, unique: true},
		{name: FieldFormID, value: &f.FormID, unique: true},
		{name: FieldProposed, value: &f.Proposed},
	}
	for _, o := range meeting.AllOptions() {
		list = append(list, field{name: string(o), value: f.Options.Ref(o)})
	}
	return list
}

// FromValues returns the form that a page or a link sent.
func FromValues(sent url.Values) (f Form) {
	for _, field := range f.fields() {
		*field.value = sent.Get(field.name)
	}
	f.Past, f.Anyway = sent.Get(FieldPast) == "1", sent.Get(FieldAnyway) == "1"
	return f
}

// Map returns the form with each text changed.
func (f Form) Map(change func(string) string) Form {
	for _, field := range f.fields() {
		*field.value = change(*field.value)
	}
	return f
}

// Fields returns the non-empty fields, to send this same form again. Anyway is not
// included: the person has to decide that each time.
func (f Form) Fields() (list []Field) {
	for _, field := range f.fields() {
		if *field.value != "" {
			list = append(list, Field{field.name, *field.value})
		}
	}
	if f.Past {
		list = append(list, Field{FieldPast, "1"})
	}
	return list
}

// Query returns the non-empty fields that prefill a new form. Values that belong to this
// form only, such as its ID, are left out.
func (f Form) Query() url.Values {
	query := make(url.Values)
	for _, field := range f.fields() {
		if *field.value != "" && !field.unique {
			query.Set(field.name, *field.value)
		}
	}
	return query
}
