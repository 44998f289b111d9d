package views

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views/ui"
)

// FormData holds the data for the page with the form that creates or changes a meeting.
type FormData struct {
	Form       form.Form
	Problems   meeting.Problems
	Request    meeting.Request  // what the form requests, for the summary; incomplete if Unclear contains problems
	Unclear    meeting.Problems // problems with the request's times
	Now        time.Time
	Past       bool             // the meeting would start in the past: ask for confirmation
	Zones      []string         // zones to choose from
	Meeting    *meeting.Meeting // the meeting to change; nil for a new one
	DetectZone bool             // the form has no time zone yet: the script selects the browser's zone
	OfferZone  bool             // the form has the user's time zone: the script offers the browser's zone if it differs
	Propose    int              // the length, in minutes, of the meeting time to propose; 0 to propose none
	AskFold    bool             // the local time occurs twice: ask which of the two is meant
	BaseReply  int64            // for a change: the ID of the reply from Graph whose details the form shows
	Kept       Kept             // why the form is shown again with the user's input
	Organizers []meeting.User   // users for whom the current user may create meetings; if empty, there is no organizer field
	Beta       bool             // show the field for a channel's thread

	Presets       []meeting.Preset // presets to choose from; if empty, the form has no field for a preset
	UnknownPreset string           // the name of a preset that does not exist, as it appears in a link or a form
	PresetFilled  bool             // the form was submitted before the user could see the preset's values
}

func (d FormData) action() string {
	if d.Meeting == nil {
		return paths.Meetings
	}
	return paths.UpdateMeeting(d.Meeting.ID)
}

// titled prefixes the page title with "Error:" or, for a meeting in the past, "Warning:",
// because screen readers read the title first.
func (d FormData) titled(p Page) Page {
	if d.Problems.Any() {
		p.Title = p.T.T("form.wrong.mark") + " " + p.Title
	} else if d.Past {
		p.Title = p.T.T("form.past.mark") + " " + p.Title
	}
	return p
}

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

// summary returns all problems in the order of the fields, each with a link to its field.
func (d FormData) summary(p Page) []ui.ErrorLink {
	links := make([]ui.ErrorLink, 0, len(d.Problems))
	for _, problem := range d.inOrder() {
		field := problem.Field
		if problem.Key == meeting.ReasonTimeTwice {
			field = meeting.FieldFold // the field that asks which of the two times is meant
		}
		links = append(links, ui.ErrorLink{Href: "#" + d.target(field), Text: p.T.Problem(problem)})
	}
	return links
}

// inOrder returns the problems in the order of their fields. Problems that belong to no
// field come last.
func (d FormData) inOrder() []meeting.Problem {
	inputs := form.Inputs()
	place := func(problem meeting.Problem) int {
		if i := slices.Index(inputs, problem.Field); i >= 0 {
			return i
		}
		return len(inputs)
	}
	return slices.SortedStableFunc(slices.Values(d.Problems), func(a, b meeting.Problem) int { return place(a) - place(b) })
}

// target returns the ID of the given field, or of the form if that field is not shown.
func (d FormData) target(field string) string {
	isShown := slices.Contains(form.Inputs(), field)
	switch field {
	case meeting.FieldExternalID:
		isShown = d.Meeting == nil
	case meeting.FieldThreadID:
		isShown = d.asksThread()
	case meeting.FieldOrganizer:
		isShown = len(d.Organizers) > 0
	}
	if isShown {
		return field
	}
	return "form"
}

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

// day returns a date field. For a malformed value, which a date field would discard, it
// returns a text field.
func (d FormData) day(p Page, name, value string) ui.Field {
	f := d.field(p, name, value)
	if _, err := time.Parse(time.DateOnly, value); value == "" || err == nil {
		f.Type = "date"
	}
	return f
}

// clock returns a field for a time of day. Like day, it returns a text field if the value
// is malformed.
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
	f.Autofocus = d.focus() == f.Name
	if p.Ticket.Hint != "" {
		f.Hint = p.Ticket.Hint
	}
	if meeting.IsAnother(d.Form.ExternalID) {
		f.Hint = p.T.T("field.external_id.hint.another")
	}
	return f
}

func (d FormData) subject(p Page) ui.Field {
	f := d.field(p, meeting.FieldSubject, d.Form.Subject)
	f.Autofocus = d.focus() == f.Name
	return f
}

func (d FormData) duration(p Page) ui.Field {
	f := d.field(p, meeting.FieldDuration, d.Form.Duration)
	f.InputMode, f.Class = "numeric", "short"
	return f
}

// zone returns the time zone field. If a link specifies an unknown zone, no zone is
// selected and an error names the unknown one.
func (d FormData) zone(p Page) ui.Field {
	f := d.field(p, meeting.FieldTimeZone, d.Form.TimeZone)
	if _, known := meeting.LoadZone(f.Value); !known && f.Value != "" && !d.Problems.Any() {
		f.Value = ""
		for _, problem := range d.Unclear.Field(meeting.FieldTimeZone) {
			f.Errors = append(f.Errors, p.T.Problem(problem))
		}
	}
	f.DetectZone, f.Propose = d.DetectZone, d.Propose
	return f
}

// asksThread reports whether the form has a field for a channel. Only a new meeting can
// be put into a channel.
func (d FormData) asksThread() bool { return d.Beta && d.Meeting == nil }

// opensOptions reports whether the options section is initially open, because one of its
// fields has a problem.
func (d FormData) opensOptions() bool {
	return slices.ContainsFunc(d.Problems, func(problem meeting.Problem) bool {
		return problem.Field == meeting.FieldThreadID || slices.Contains(form.SeriesInputs(), problem.Field) || slices.Contains(meeting.AllOptions(), meeting.Option(problem.Field))
	})
}

// option returns the field for an option. When a meeting is changed, the field defaults
// to the meeting's value, if the desk can set that value.
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

func (d FormData) repeats(p Page) []ui.Choice {
	choices := []ui.Choice{{Label: p.T.T("form.repeat.none")}}
	for _, value := range form.Repeats() {
		choices = append(choices, ui.Choice{Value: value, Label: p.T.T("form.repeat." + value)})
	}
	return choices
}

func (d FormData) times(p Page) ui.Field {
	f := d.field(p, meeting.FieldTimes, d.Form.Times)
	f.InputMode, f.Class = "numeric", "short"
	return f
}

// optionsSummary returns a one-line summary of the options that have values and, for a new
// meeting, of the series and the channel, if any.
func (d FormData) optionsSummary(p Page) string {
	var parts []string
	for _, o := range meeting.AllOptions() {
		if f := d.option(p, o); f.Value != "" {
			parts = append(parts, f.Label+": "+optionWord(p, o, f.Value))
		}
	}
	if d.Meeting == nil && d.Form.Repeat != "" && d.Form.Times != "" {
		parts = append(parts, d.seriesWord(p))
	}
	if d.asksThread() && d.Form.ThreadID != "" {
		parts = append(parts, p.T.T("field."+meeting.FieldThreadID)+": "+d.Form.ThreadID)
	}
	if len(parts) == 0 {
		return d.optionsUnset(p)
	}
	return strings.Join(parts, " · ")
}

// seriesWord describes the recurrence of the series, such as "Every week, 6 times".
func (d FormData) seriesWord(p Page) string {
	repeat := d.Form.Repeat
	if slices.Contains(form.Repeats(), repeat) {
		repeat = p.T.T("form.repeat." + repeat)
	}
	return p.T.T("form.repeat.times", meeting.Args{"Repeat": repeat, "Times": d.Form.Times})
}

// optionsUnset returns the summary for a form that sets no options, series or channel.
func (d FormData) optionsUnset(p Page) string {
	if d.Meeting != nil {
		return p.T.T("form.option.keep")
	}
	return p.T.T("form.option.default")
}

func (d FormData) folds(p Page) []ui.Choice {
	return []ui.Choice{
		{Value: form.FoldFirst, Label: p.T.T("fold.first")},
		{Value: form.FoldSecond, Label: p.T.T("fold.second")},
	}
}

func (d FormData) baseReply() string { return strconv.FormatInt(d.BaseReply, 10) }

// focusButton is the value that focus returns for the submit button.
const focusButton = "button"

// focus returns the name of the field to focus: the first empty field among ticket, subject
// and attendees. If all three are filled in, it returns focusButton. It returns "" for a
// change, or if the page shows a message that the user should read first.
func (d FormData) focus() string {
	if d.Meeting != nil || d.Problems.Any() || d.Past || d.Kept.says() || d.UnknownPreset != "" || d.PresetFilled {
		return ""
	}
	for _, field := range []form.Field{
		{Name: meeting.FieldExternalID, Value: d.Form.ExternalID}, {Name: meeting.FieldSubject, Value: d.Form.Subject}, {Name: meeting.FieldAttendees, Value: d.Form.Attendees},
	} {
		if strings.TrimSpace(field.Value) == "" {
			return field.Name
		}
	}
	return focusButton
}

func (d FormData) sendWord() string {
	key := "form.create"
	if d.Meeting != nil {
		key = "form.save"
	}
	if d.Past {
		key += ".past"
	}
	return key
}

// act returns the name of the action that the form's button performs, for Page.busy.
func (d FormData) act() string {
	if d.Meeting == nil {
		return "create"
	}
	return "save"
}
