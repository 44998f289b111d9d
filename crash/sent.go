package main

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"meetdesk/meeting"
)

// property is a part of a meeting that a form can set. The property for an option has the
// option's name.
type property string

// The properties that are not options.
const (
	subject property = "subject"
	times   property = "times"
	people  property = "people" // addresses and roles
)

// presenters is the option that determines who can present. The presenter role takes effect
// only if the option's value is meeting.PresentersByRole.
const presenters = property(meeting.OptionPresenters)

// values maps properties to their values. The values of a form omit the options that the
// form did not set.
type values map[property]string

// usual contains the default options of a new meeting.
var usual = values{"lobby": "organization", presenters: "everyone", "announce": meeting.On, "record": meeting.Off}

// sentForm records what a user requested with one form.
type sentForm struct {
	by        string // UPN
	wants     values
	start     time.Time              // when it was first submitted
	confirmed map[property]time.Time // when a page confirmed the value
	void      bool                   // a page reported that nothing was sent
}

func newForm(by string, fields url.Values) *sentForm {
	f := &sentForm{by: by, wants: values{subject: fields.Get("subject"), people: peopleIn(fields.Get("attendees"))}, start: time.Now(), confirmed: make(map[property]time.Time)}
	if zone, err := time.LoadLocation(fields.Get("time_zone")); err == nil {
		begin, _ := time.ParseInLocation("2006-01-02 15:04", fields.Get("date")+" "+fields.Get("start"), zone)
		end, _ := time.ParseInLocation("2006-01-02 15:04", cmp.Or(fields.Get(meeting.FieldEndDate), fields.Get("date"))+" "+fields.Get("end"), zone)
		f.wants[times] = span(begin, end)
	}
	for o := range usual {
		if value := fields.Get(string(o)); value != "" {
			f.wants[o] = value
		}
	}
	if hasPresenter(f.wants[people]) {
		f.wants[presenters] = meeting.PresentersByRole // the desk sets it, or refuses the form
	}
	return f
}

// span returns the value of the times property.
func span(begin, end time.Time) string {
	return begin.UTC().Format(time.RFC3339) + "/" + end.UTC().Format(time.RFC3339)
}

// entry matches a line in the attendees field. It captures the address and the role.
var entry = regexp.MustCompile(`(?m)([^\s<>]+@[^\s<>]+)>?(?: (presenter|co-organizer))?\s*$`)

// peopleIn returns the addresses and roles in the attendees field.
func peopleIn(text string) string {
	var list []string
	for _, found := range entry.FindAllStringSubmatch(strings.ReplaceAll(text, "\r", ""), -1) {
		list = append(list, invited(found[1], strings.ReplaceAll(found[2], "-", "")))
	}
	return sorted(list)
}

// invited returns an attendee's address, followed by the role if the attendee has one.
func invited(upn, role string) string {
	if role == "" || role == string(meeting.RoleAttendee) {
		return strings.ToLower(upn)
	}
	return strings.ToLower(upn) + " " + role
}

func sorted(list []string) string {
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func hasPresenter(list string) bool { return strings.Contains(list, " "+string(meeting.RolePresenter)) }

func withoutRole(list string, roles ...meeting.AttendeeRole) string {
	for _, role := range roles {
		list = strings.ReplaceAll(list, " "+string(role), "")
	}
	return list
}

// read is a value that a page showed.
type read struct {
	value string
	start time.Time // when the page was requested
}

// confirm records that a page confirmed the form's value for the property. It reports
// whether this is the first confirmation.
func (m *told) confirm(f *sentForm, p property) bool {
	value, set := f.wants[p]
	if !set || !f.confirmed[p].IsZero() {
		return false
	}
	f.confirmed[p] = time.Now()
	m.reads[p] = append(m.reads[p], read{value: value, start: f.start})
	return true
}

// confirmAll records that, according to a page, everything that the form requested was
// done. It returns the number of options that no earlier page had confirmed.
func (m *told) confirmAll(f *sentForm) (options int) {
	m.confirm(f, people)
	for o := range usual {
		if m.confirm(f, o) {
			options++
		}
	}
	return options
}

// isWrong explains why the row's value of the property cannot be correct. It returns "" if
// the value can be correct. The value must come from one of the forms, and no page that was
// requested after that form was confirmed may have shown a different value.
func (m *told) isWrong(p property, row values, forms []*sentForm) string {
	isKnown := false
	for _, f := range forms {
		at := f.confirmed[p]
		if f.void || !f.allows(p, row) {
			continue
		}
		isKnown = true
		isOlder := slices.ContainsFunc(m.reads[p], func(seen read) bool {
			return !isSame(p, seen.value, row) && !at.IsZero() && seen.start.After(at)
		})
		if !isOlder {
			return ""
		}
	}
	if !isKnown {
		return fmt.Sprintf("%q was never asked for, or nothing was said to be sent; last shown: %q", row[p], m.last(p))
	}
	return fmt.Sprintf("%q is older than %q, which was shown later", row[p], m.last(p))
}

// allows reports whether the row's value can come from the form. createOrGet ignores roles,
// so the row may lack them until a page confirms them.
func (f *sentForm) allows(p property, row values) bool {
	value, set := f.wants[p]
	switch {
	case !set:
		return false
	case isSame(p, value, row):
		return true
	case p == people && f.confirmed[p].IsZero():
		return row[p] == withoutRole(value, meeting.RolePresenter, meeting.RoleCoorganizer)
	}
	return false
}

// isSame reports whether a value matches the row's value. Microsoft drops the presenter
// role if the presenters option has another value.
func isSame(p property, value string, row values) bool {
	if p == people && row[presenters] != meeting.PresentersByRole {
		value = withoutRole(value, meeting.RolePresenter)
	}
	return value == row[p]
}

func (m *told) last(p property) string {
	if len(m.reads[p]) == 0 {
		return ""
	}
	return slices.MaxFunc(m.reads[p], func(a, b read) int { return a.start.Compare(b.start) }).value
}
