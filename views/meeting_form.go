package views

import (
	"slices"
	"strconv"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views/ui"
)

// FormData is a meeting's form: a new one, or a change of one that exists.
type FormData struct {
	Form       form.Form
	Problems   meeting.Problems
	Request    meeting.Request  // what the form asks for, for its summary; good without Unclear ones
	Unclear    meeting.Problems // what is wrong with its times
	Now        time.Time
	Past       bool             // it would start in the past: ask whether that is meant
	Zones      []string         // offered in the list
	Meeting    *meeting.Meeting // nil for a new one; else the one that is changed
	DetectZone bool             // no zone is remembered: let the browser's be chosen
	OfferZone  bool             // one is remembered: let the browser's be offered, where that is another
	Propose    int              // minutes; with the browser's zone its next half hour is proposed for so long; 0: leave the times
	AskFold    bool             // the local time exists twice: ask which is meant
	BaseReply  int64            // of a change: the reply that the form shows
	Unsent     bool             // the session had ended when it was sent: say that nothing was done
	Organizers []meeting.User   // for whom the person may make it beside themselves; none: it is not asked
	Beta       bool             // channels' meetings are on: ask for the thread
	LookUp     bool             // the directory may be asked: help to find people
}

func (d FormData) action() string {
	if d.Meeting == nil {
		return paths.Meetings
	}
	return paths.UpdateMeeting(d.Meeting.ID)
}

// titled gives the page its name, with a word before it when something is wrong:
// the first thing that is heard.
func (d FormData) titled(p Page) Page {
	if d.Problems.Any() {
		p.Title = p.T.T("form.wrong.mark") + " " + p.Title
	} else if d.Past {
		p.Title = p.T.T("form.past.mark") + " " + p.Title
	}
	return p
}

// pastTitle and pastText say how long ago it would start, and when.
func (d FormData) pastTitle(p Page) string {
	return p.T.T("form.past.heading", meeting.Args{"Ago": p.T.Ago(d.Now.Sub(d.Request.Start))})
}

func (d FormData) pastText(p Page) string {
	zone, _ := meeting.LoadZone(d.Request.TimeZone)
	args := meeting.Args{"When": p.T.DateTime(d.Request.Start, zone), "Zone": p.T.Zone(d.Request.Start, zone)}
	if d.Meeting != nil {
		return p.T.T("form.past.change", args)
	}
	return p.T.T("form.past", args)
}

func (d FormData) asksFold() bool {
	return d.AskFold || d.Form.Fold != "" || d.Problems.Has(meeting.ReasonTimeTwice) || d.Problems.Has(meeting.ReasonFoldUnknown)
}

func (d FormData) asksDuration() bool {
	return d.Form.Duration != "" || len(d.Problems.Field(meeting.FieldDuration)) > 0
}

func (d FormData) endsLater() bool {
	return d.Form.EndDate != "" || d.Problems.Has(meeting.ReasonEndBefore) || len(d.Problems.Field(meeting.FieldEndDate)) > 0
}

// summary returns every problem, with a link to the field where it can be corrected.
func (d FormData) summary(p Page) []ui.ErrorLink {
	links := make([]ui.ErrorLink, 0, len(d.Problems))
	for _, problem := range d.Problems {
		field := problem.Field
		if problem.Key == meeting.ReasonTimeTwice {
			field = meeting.FieldFold // where it is answered
		}
		links = append(links, ui.ErrorLink{Href: "#" + d.target(field), Text: p.T.Problem(problem)})
	}
	return links
}

// target is the ID of what a problem's link leads to: the field, or the form
// itself where the field is not among those shown.
func (d FormData) target(field string) string {
	switch field {
	case meeting.FieldSubject, meeting.FieldDate, meeting.FieldStart, meeting.FieldEnd,
		meeting.FieldEndDate, meeting.FieldDuration, meeting.FieldTimeZone, meeting.FieldFold, meeting.FieldAttendees:
		return field
	case meeting.FieldExternalID:
		if d.Meeting == nil {
			return field
		}
	case meeting.FieldThreadID:
		if d.asksThread() {
			return field
		}
	case meeting.FieldOrganizer:
		if len(d.Organizers) > 0 {
			return field
		}
	default:
		if slices.Contains(meeting.AllOptions(), meeting.Option(field)) {
			return field
		}
	}
	return "form"
}

// field makes a field of the form with its problems.
func (d FormData) field(p Page, name, value string) ui.Field {
	f := ui.Field{Name: name, Value: value, Label: p.T.T("field." + name)}
	if hint := "field." + name + ".hint"; p.T.Has(hint) {
		f.Hint = p.T.T(hint)
	}
	for _, problem := range d.Problems.Field(name) {
		f.Errors = append(f.Errors, p.T.Problem(problem))
	}
	return f
}

// day is a field for a date. A browser would throw away a value that is no date,
// and nothing typed is lost here: such a value gets a plain field.
func (d FormData) day(p Page, name, value string) ui.Field {
	f := d.field(p, name, value)
	if _, err := time.Parse(time.DateOnly, value); value == "" || err == nil {
		f.Type = "date"
	}
	return f
}

// clock is a field for a time of day; see day.
func (d FormData) clock(p Page, name, value string) ui.Field {
	f := d.field(p, name, value)
	_, short := time.Parse("15:04", value)
	_, long := time.Parse("15:04:05", value)
	if value == "" || short == nil || long == nil {
		f.Type = "time"
	}
	return f
}

func (d FormData) externalID(p Page) ui.Field {
	f := d.field(p, meeting.FieldExternalID, d.Form.ExternalID)
	f.Required, f.Class, f.Guard = true, "ticket-field", paths.MeetingGuard
	f.Autofocus = d.Form.ExternalID == "" && !d.Problems.Any()
	if p.Ticket.Hint != "" {
		f.Hint = p.Ticket.Hint + " " + p.T.T("field.external_id.hint.one")
	}
	if meeting.IsAnother(d.Form.ExternalID) {
		f.Hint = p.T.T("field.external_id.hint.another")
	}
	return f
}

func (d FormData) duration(p Page) ui.Field {
	f := d.field(p, meeting.FieldDuration, d.Form.Duration)
	f.InputMode, f.Class = "numeric", "short"
	return f
}

// zone is the field for the time zone. A link's name that the desk does not know is not
// chosen: the sentence at the field repeats it. A form that was sent keeps what it has.
func (d FormData) zone(p Page) ui.Field {
	f := d.field(p, meeting.FieldTimeZone, d.Form.TimeZone)
	if _, known := meeting.LoadZone(f.Value); !known && f.Value != "" && !d.Problems.Any() {
		f.Value = ""
		for _, problem := range d.Unclear.Field(meeting.FieldTimeZone) {
			f.Errors = append(f.Errors, p.T.Problem(problem))
		}
	}
	f.DetectZone, f.Propose = d.DetectZone, d.Propose
	if d.OfferZone {
		f.Offer = p.T.T("form.zone.offer")
	}
	return f
}

// asksThread reports whether the form asks for a channel: only a new meeting can
// be put into one.
func (d FormData) asksThread() bool { return d.Beta && d.Meeting == nil }

// opensOptions reports whether the options are unfolded: one is to be set, or
// something is wrong with one.
func (d FormData) opensOptions() bool {
	var there meeting.Options
	if d.Meeting != nil {
		there = d.Meeting.Options
	}
	if len(d.Form.Options.Beside(there).Chosen()) > 0 || d.asksThread() && d.Form.ThreadID != "" {
		return true
	}
	return slices.ContainsFunc(d.Problems, func(problem meeting.Problem) bool {
		return problem.Field == meeting.FieldThreadID || slices.Contains(meeting.AllOptions(), meeting.Option(problem.Field))
	})
}

// option is the field of an option. A change begins with what the meeting has,
// if that is something the desk can set.
func (d FormData) option(p Page, o meeting.Option) ui.Field {
	value := d.Form.Options.Get(o)
	if d.Meeting != nil && value == "" && slices.Contains(o.Values(), d.Meeting.Options.Get(o)) {
		value = d.Meeting.Options.Get(o)
	}
	return d.field(p, string(o), value)
}

func (d FormData) choices(p Page, o meeting.Option) []ui.Choice {
	choices := []ui.Choice{{Value: "", Label: p.T.T("form.option.default")}}
	if d.Meeting != nil {
		choices[0].Label = p.T.T("form.option.keep")
	}
	for _, value := range o.Values() {
		choices = append(choices, ui.Choice{Value: value, Label: optionWord(p, o, value)})
	}
	return choices
}

func (d FormData) folds(p Page) []ui.Choice {
	return []ui.Choice{
		{Value: form.FoldFirst, Label: p.T.T("fold.first")},
		{Value: form.FoldSecond, Label: p.T.T("fold.second")},
	}
}

func (d FormData) baseReply() string { return strconv.FormatInt(d.BaseReply, 10) }
