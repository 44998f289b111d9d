package meeting

import (
	"net/url"
)

// FormField is one field of the form: its name in pages and links, and its value.
type FormField struct {
	Name  string
	Value string
}

// formField is a field of the form and where its value is.
type formField struct {
	name  string
	value *string
	own   bool // it belongs to this very form, and not to one that is filled in like it
}

// fields is the one list of the form's text fields, in the order of the page.
// Whatever reads, writes or carries a form goes through it.
func (f *Form) fields() []formField {
	list := []formField{
		{name: FieldExternalID, value: &f.ExternalID}, {name: FieldSubject, value: &f.Subject},
		{name: FieldDate, value: &f.Date}, {name: FieldStart, value: &f.Start}, {name: FieldEnd, value: &f.End},
		{name: FieldEndDate, value: &f.EndDate}, {name: FieldDuration, value: &f.Duration},
		{name: FieldTimeZone, value: &f.TimeZone}, {name: FieldFold, value: &f.Fold},
		{name: FieldAttendees, value: &f.Attendees}, {name: FieldThreadID, value: &f.ThreadID}, {name: FieldOrganizer, value: &f.Organizer},
		{name: FieldInside, value: &f.Inside, own: true}, {name: FieldFormID, value: &f.FormID, own: true}, {name: FieldProposed, value: &f.Proposed},
	}
	for _, o := range AllOptions() {
		list = append(list, formField{name: string(o), value: f.Options.of(o)})
	}
	return list
}

// FormOf returns the form that a page or a link sent.
func FormOf(sent url.Values) (f Form) {
	for _, field := range f.fields() {
		*field.value = sent.Get(field.name)
	}
	f.Past, f.Anyway = sent.Get(FieldPast) == "1", sent.Get(FieldAnyway) == "1"
	return f
}

// Map returns the form with each of its texts changed.
func (f Form) Map(change func(string) string) Form {
	for _, field := range f.fields() {
		*field.value = change(*field.value)
	}
	return f
}

// Fields returns the fields that are filled in, to send this very form once more.
// That a colleague has a meeting is for the person to say again.
func (f Form) Fields() (list []FormField) {
	for _, field := range f.fields() {
		if *field.value != "" {
			list = append(list, FormField{field.name, *field.value})
		}
	}
	if f.Past {
		list = append(list, FormField{FieldPast, "1"})
	}
	return list
}

// Query returns the fields that fill in another form like this one. What belongs to
// this very form, such as its ID, stays behind.
func (f Form) Query() url.Values {
	query := make(url.Values)
	for _, field := range f.fields() {
		if *field.value != "" && !field.own {
			query.Set(field.name, *field.value)
		}
	}
	return query
}
