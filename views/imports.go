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

// ImportsData is the data of a list of imports.
type ImportsData struct {
	Imports []meeting.Import
	Older   int64 // the next page begins after the import with this ID; 0 if this is the last page
	Zone    *time.Location
}

// older returns the URL of the next page of the list at the given address.
func (d ImportsData) older(list string) string {
	return list + "?before=" + strconv.FormatInt(d.Older, 10)
}

// NewImportData is the data of the page on which a table is uploaded or pasted.
type NewImportData struct {
	TimeZone string
	Zones    []string
	Text     string // the pasted rows
	Problem  string // why the table could not be read, or ""
	Kept     Kept
	File     string // the name of the file that the user has to select again; "" for none
}

// CheckedRow is a row of a draft import with the results of the dry run.
type CheckedRow struct {
	meeting.ImportRow
	Form      form.Form
	Problems  meeting.Problems
	Match     *meeting.RowMatch // the ticket's existing meeting; nil if there is none
	Ahead     *meeting.RowAhead // a row in another of the user's imports, if that row will create a meeting for the ticket; nil otherwise
	Duplicate int               // the number of the first row with the same external ID; 0 if this is the first
	Planned   string            // the external ID of an additional meeting for the ticket; "" unless the user chose to create one
}

// Faulty reports whether the row has any problems.
func (r *CheckedRow) Faulty() bool { return r.Problems.Any() }

// Exists reports whether a row without problems needs a choice: its ticket has a meeting
// or soon will, or an earlier row has the same external ID.
func (r *CheckedRow) Exists() bool {
	return !r.Faulty() && (r.Match != nil || r.Ahead != nil || r.Duplicate != 0)
}

// Chosen returns what to do with a row for which Exists returns true. By default, the row
// uses the ticket's meeting, or is skipped if there is none.
func (r *CheckedRow) Chosen() meeting.Choice {
	switch {
	case r.Choice == meeting.ChoiceUse && r.Match == nil, r.Choice == "" && r.Match == nil:
		return meeting.ChoiceSkip
	case r.Choice == "":
		return meeting.ChoiceUse
	}
	return r.Choice
}

// Field returns the name of the input for one field of the row.
func (r *CheckedRow) Field(name string) string { return RowField(r.Position, name) }

// RowField returns the name of the input for one field of a row.
func RowField(position int, name string) string { return "r" + strconv.Itoa(position) + "." + name }

// Names of inputs on the dry-run page.
const (
	FieldChoice    = "choice"
	FieldChoiceAll = "choice_all"
	FieldExisting  = "existing" // how many rows needed a choice when the page was shown
	FieldOrder     = "date_order"
	FieldAct       = "act"
	FieldRows      = "rows"
	FieldFile      = "file"
)

// MaxImportRows is the maximum number of failed rows that an import's page lists. It is also
// the maximum number of other rows.
const MaxImportRows = 200

// The dry run shows at most maxFaulty faulty rows, with inputs, and at most maxExisting
// rows that need a choice.
const (
	maxFaulty   = 50
	maxExisting = 200
)

// ImportCheckData is the data of the dry run.
type ImportCheckData struct {
	Import  meeting.Import
	Rows    []CheckedRow
	Series  bool   // all rows are for one ticket
	Unclear string // an ambiguous date; "" if there is none
	Stopped bool   // a changed row still has a problem, so the import was not started
	Changed bool   // more rows need a choice than when the page was shown, so the import was not started
	Limited string // when the desk can show the remaining meetings of colleagues; "" if it has shown all of them
}

func (d ImportCheckData) creates() (n int) {
	for i := range d.Rows {
		r := &d.Rows[i]
		if !r.Faulty() && (!r.Exists() || r.Chosen() == meeting.ChoiceAnother) {
			n++
		}
	}
	return n
}

func (d ImportCheckData) existing() (rows []*CheckedRow) {
	for i := range d.Rows {
		r := &d.Rows[i]
		if r.Exists() {
			rows = append(rows, r)
		}
	}
	return rows
}

// Existing returns the number of rows for which CheckedRow.Exists returns true.
func (d ImportCheckData) Existing() int { return len(d.existing()) }

func (d ImportCheckData) faulty() (rows []*CheckedRow) {
	for i := range d.Rows {
		r := &d.Rows[i]
		if r.Faulty() {
			rows = append(rows, r)
		}
	}
	return rows
}

// toChoose returns the rows that need a choice: those for which Exists returns true or, in
// a series, all rows without problems.
func (d ImportCheckData) toChoose() (rows []*CheckedRow) {
	for i := range d.Rows {
		r := &d.Rows[i]
		if r.Exists() || d.Series && !r.Faulty() {
			rows = append(rows, r)
		}
	}
	return rows
}

func (d ImportCheckData) chooseHeading() string {
	if d.Series {
		return "import.series.heading"
	}
	return "import.existing.heading"
}

// ready returns the rows that become new meetings and need no choice by the user. A series
// has no such rows.
func (d ImportCheckData) ready() (rows []*CheckedRow) {
	for i := range d.Rows {
		r := &d.Rows[i]
		if !r.Faulty() && !r.Exists() && !d.Series {
			rows = append(rows, r)
		}
	}
	return rows
}

func (d ImportCheckData) used() (n int) {
	for _, r := range d.existing() {
		if r.Chosen() == meeting.ChoiceUse {
			n++
		}
	}
	return n
}

// startable reports whether the import can start: no date is unclear, and the import would
// create or use a meeting.
func (d ImportCheckData) startable() bool { return d.Unclear == "" && d.creates()+d.used() > 0 }

// counts returns a one-line summary of what the import would do.
func (d ImportCheckData) counts(p Page) string {
	parts := []string{p.T.N("import.will_create", d.creates())}
	if n := d.used(); n > 0 {
		parts = append(parts, p.T.N("import.exist", n))
	}
	if n := len(d.Rows) - d.creates() - d.used() - len(d.faulty()); n > 0 {
		parts = append(parts, p.T.N("import.left", n))
	}
	if n := len(d.faulty()); n > 0 {
		parts = append(parts, p.T.N("import.have_problems", n))
	}
	return strings.Join(parts, ", ") + "."
}

// startWord returns the label of the button that starts the import.
func (d ImportCheckData) startWord(p Page) string {
	switch faulty := len(d.faulty()); {
	case d.creates() == 0:
		return p.T.N("import.start_use", d.used())
	case faulty > 0:
		return p.T.N("import.start_without", d.creates(), meeting.Args{"Faulty": faulty})
	}
	return p.T.N("import.start", d.creates())
}

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

// columnName returns the name of a column in the template.
func columnName(p Page, field string) string {
	name, _, _ := strings.Cut(p.T.T("column."+field), "|")
	return strings.TrimSpace(name)
}

// wrong returns the heading of the error summary.
func (d ImportCheckData) wrong(p Page) string {
	wrong := p.T.N("import.rows_wrong", len(d.faulty()))
	if d.Stopped {
		return p.T.T("import.stopped") + " " + wrong + "."
	}
	return wrong
}

// summary returns a link to the first problem of each faulty row on the page.
func (d ImportCheckData) summary(p Page) (links []ui.ErrorLink) {
	for _, r := range d.faulty()[:min(len(d.faulty()), maxFaulty)] {
		first := r.Problems[0]
		text := p.T.T("import.row_problem", meeting.Args{"Row": r.Number, "Column": columnName(p, first.Field), "Problem": p.T.Problem(first)})
		if columns := r.wrongColumns(p); len(columns) > 1 {
			text = p.T.T("import.row_problems", meeting.Args{"Row": r.Number, "Columns": strings.Join(columns, ", ")})
		}
		links = append(links, ui.ErrorLink{Href: "#" + r.Field(first.Field), Text: text})
	}
	return links
}

func (r *CheckedRow) wrongColumns(p Page) (names []string) {
	for _, problem := range r.Problems {
		if name := columnName(p, problem.Field); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// why returns the reason why the row needs a choice, or "" if the only reason is that the
// row belongs to a series.
func (d ImportCheckData) why(p Page, r *CheckedRow) string {
	switch {
	case r.Match == nil && r.Ahead != nil:
		return p.T.T("import.row_ahead", meeting.Args{"Row": r.Ahead.Number, "Import": importTitle(p, meeting.Import{Title: r.Ahead.Title})})
	case r.Match == nil && d.Series:
		return ""
	case r.Match == nil:
		return p.T.T("import.duplicate", meeting.Args{"Row": r.Duplicate})
	case r.Match.Organizer.ID == p.User.ID:
		return p.T.T("import.own", meeting.Args{"ExternalID": r.Match.ExternalID})
	}
	return p.T.T("import.colleague", meeting.Args{"Name": r.Match.Organizer.DisplayName(), "ExternalID": r.Match.ExternalID})
}

func (r *CheckedRow) choices(p Page) (list []ui.Choice) {
	for _, c := range meeting.Choices() {
		if c == meeting.ChoiceUse && r.Match == nil {
			continue
		}
		label := p.T.T("import.choice." + string(c))
		if c == meeting.ChoiceAnother && r.Planned != "" {
			label = p.T.T("import.choice.planned", meeting.Args{"ExternalID": r.Planned})
		}
		list = append(list, ui.Choice{Value: string(c), Label: label})
	}
	return list
}

// when formats the time of the row's meeting.
func (r *CheckedRow) when(p Page) string {
	asked := r.Request
	if asked.Start.IsZero() {
		return p.T.T("import.now")
	}
	zone, ok := meeting.LoadZone(asked.TimeZone)
	if !ok {
		zone = time.UTC
	}
	filled := asked.Asked(asked.Start)
	return p.T.Range(filled.Start, filled.End, zone)
}

func (r *CheckedRow) area(p Page, name string) ui.Field {
	f := r.field(p, name)
	f.Rows = 3
	return f
}

// orders returns the two interpretations of the ambiguous date: day first and month first.
func (d ImportCheckData) orders(p Page) (list []ui.Choice) {
	for _, order := range []form.DateOrder{form.DayFirst, form.MonthFirst} {
		f := form.Form{Date: d.Unclear}
		f.ReadDates(order)
		day, _ := time.Parse(time.DateOnly, f.Date)
		list = append(list, ui.Choice{Value: string(order), Label: p.T.Date(day, time.UTC)})
	}
	return list
}

// folds returns the choices for a local time that occurs twice: an empty choice and one for
// each of the two instants.
func folds(p Page) []ui.Choice { return append([]ui.Choice{{}}, FormData{}.folds(p)...) }
