package views

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// CheckedRow is a row in a draft import with the results of the dry run.
type CheckedRow struct {
	meeting.ImportRow
	Form      form.Form
	Problems  meeting.Problems
	Unclear   string            // an ambiguous date in the row; "" if there is none
	NoZone    bool              // whether neither the row nor the import has a time zone
	Match     *meeting.RowMatch // the ticket's existing meeting; nil if there is none
	Ahead     *meeting.RowAhead // a row in another of the user's imports that will create a meeting for the ticket; nil if there is none
	Duplicate int               // the number of the first row with the same external ID; 0 if this is the first
	Planned   string            // the external ID of an additional meeting for the ticket; "" unless the user chose to create one
	InSeries  bool              // whether all rows of the import are for one ticket
}

// Waits reports whether the row cannot be checked until the person has answered a question
// about the whole table.
func (r *CheckedRow) Waits() bool { return r.Unclear != "" || r.NoZone }

// Faulty reports whether the row could be checked and has problems.
func (r *CheckedRow) Faulty() bool { return !r.Waits() && r.Problems.Any() }

func (r *CheckedRow) isValid() bool { return !r.Waits() && !r.Faulty() }

// Exists reports whether a valid row needs a choice: its ticket has a meeting or soon will,
// or an earlier row has the same external ID.
func (r *CheckedRow) Exists() bool {
	return r.isValid() && (r.Match != nil || r.Ahead != nil || r.Duplicate != 0)
}

// offersChoice reports whether the page offers a choice for the row. In a series, any day
// can be left out.
func (r *CheckedRow) offersChoice() bool { return r.Exists() || r.InSeries && r.isValid() }

// isReady reports whether the import creates a meeting for the row without offering the
// person a choice.
func (r *CheckedRow) isReady() bool { return r.isValid() && !r.offersChoice() }

func (r *CheckedRow) isUsable() bool { return r.Match != nil && !r.Match.NoAccess }

// Chosen returns what to do with a valid row. It is "" if the row creates a meeting with
// its own external ID. By default, a row for which Exists returns true uses the ticket's
// meeting, or is skipped if there is none.
func (r *CheckedRow) Chosen() meeting.Choice {
	skips := r.Choice == meeting.ChoiceSkip
	switch {
	case !r.Exists() && !(r.InSeries && skips):
		return ""
	case r.Choice == meeting.ChoiceAnother || skips:
		return r.Choice
	case r.isUsable():
		return meeting.ChoiceUse
	}
	return meeting.ChoiceSkip
}

func (r *CheckedRow) creates() bool {
	return r.isValid() && (r.Chosen() == "" || r.Chosen() == meeting.ChoiceAnother)
}

func (r *CheckedRow) uses() bool { return r.isValid() && r.Chosen() == meeting.ChoiceUse }

func (r *CheckedRow) isLeft() bool { return r.isValid() && r.Chosen() == meeting.ChoiceSkip }

func (r *CheckedRow) choices(p Page) (list []ui.Choice, selected string) {
	for _, c := range meeting.Choices() {
		if c == meeting.ChoiceUse && !r.isUsable() {
			continue
		}
		label := p.T.T("import.choice." + string(c))
		switch {
		case c != meeting.ChoiceAnother:
		case r.Planned != "":
			label = p.T.T("import.choice.planned", meeting.Args{"ExternalID": r.Planned})
		case !r.Exists():
			label = p.T.T("import.choice.planned", meeting.Args{"ExternalID": r.ExternalID})
		}
		list = append(list, ui.Choice{Value: string(c), Label: label})
	}
	if r.Chosen() == "" {
		return list, string(meeting.ChoiceAnother)
	}
	return list, string(r.Chosen())
}

// why returns the reason why the row needs a choice, or "" if the only reason is that the
// row belongs to a series.
func (r *CheckedRow) why(p Page) string {
	switch {
	case r.Match == nil && r.Ahead != nil:
		return p.T.T("import.row_ahead", meeting.Args{"Row": r.Ahead.Number, "Import": importTitle(p, meeting.Import{Title: r.Ahead.Title})})
	case r.Match == nil && r.InSeries:
		return ""
	case r.Match == nil:
		return p.T.T("import.duplicate", meeting.Args{"Row": r.Duplicate})
	case r.Match.Organizer.ID == p.User.ID:
		return p.T.T("import.own", meeting.Args{"ExternalID": r.Match.ExternalID})
	}
	return p.T.T("import.colleague", meeting.Args{"Name": r.Match.Organizer.DisplayName(), "ExternalID": r.Match.ExternalID})
}

func (r *CheckedRow) zone() *time.Location {
	if zone, ok := meeting.LoadZone(r.Request.TimeZone); ok {
		return zone
	}
	return time.UTC
}

func (r *CheckedRow) when(p Page) string {
	asked := r.Request.Asked(r.Request.Start)
	if asked.Start.IsZero() {
		return p.T.T("import.now")
	}
	return r.inZone(p, asked.Start, asked.End)
}

// inZone formats a time in the row's zone, so that a row and an existing meeting are easy
// to compare.
func (r *CheckedRow) inZone(p Page, start, end time.Time) string {
	if start.IsZero() {
		return p.T.T("meeting.no_time")
	}
	return p.T.Range(start, end, r.zone()) + " " + p.T.Zone(start, r.zone())
}

// Field returns the name of the input for one field of the row.
func (r *CheckedRow) Field(name string) string { return RowField(r.Position, name) }

// RowField returns the name of the input for one field of a row.
func RowField(position int, name string) string { return "r" + strconv.Itoa(position) + "." + name }

// fixes returns the names of the fields that the page shows for a faulty row: the external
// ID, the fields with a problem and, if a time has a problem, the fields needed to correct it.
func (r *CheckedRow) fixes() (names []string) {
	wrong := func(names ...string) bool { return len(r.Problems.OfFields(names...)) > 0 }
	for _, name := range form.TableInputs() {
		switch {
		case name == meeting.FieldExternalID, wrong(name):
		case slices.Contains(form.TimeInputs(), name) && wrong(form.TimeInputs()...) && (r.value(name) != "" || name == meeting.FieldDate || name == meeting.FieldStart):
		default:
			continue
		}
		names = append(names, name)
	}
	if wrong(meeting.FieldFold) || r.Problems.Has(meeting.ReasonTimeTwice) {
		names = append(names, meeting.FieldFold)
	}
	return names
}

func (r *CheckedRow) value(name string) string { return r.Form.Query().Get(name) }

func (r *CheckedRow) field(p Page, name string) ui.Field {
	f := ui.Field{Name: r.Field(name), Label: columnName(p, name), Value: r.value(name)}
	for _, problem := range r.Problems.Field(name) {
		f.Errors = append(f.Errors, p.T.Problem(problem))
	}
	return f
}

func (r *CheckedRow) area(p Page, name string) ui.Field {
	f := r.field(p, name)
	f.Rows = 3
	return f
}

func (r *CheckedRow) wrongColumns(p Page) (names []string) {
	for _, problem := range r.Problems {
		if name := columnName(p, problem.Field); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// columnName returns the name of a column in the template.
func columnName(p Page, field string) string {
	name, _, _ := strings.Cut(p.T.T("column."+field), "|")
	return strings.TrimSpace(name)
}
