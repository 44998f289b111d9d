package views

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// Names of inputs on the dry-run page.
const (
	FieldChoice    = "choice"
	FieldChoiceAll = "choice_all"
	FieldExisting  = "existing" // see ImportCheckData.Shown
	FieldOrder     = "date_order"
	FieldAct       = "act"
	FieldRows      = "rows"
	FieldFile      = "file"
)

// The dry run shows inputs for at most maxFaulty faulty rows. It lists at most maxExisting
// rows for which it offers a choice and at most maxExisting other valid rows.
const (
	maxFaulty   = 50
	maxExisting = 200
)

// ImportCheckData holds the data for the dry-run page.
type ImportCheckData struct {
	Import     meeting.Import
	Rows       []CheckedRow
	Zones      []string
	Now        time.Time
	Stopped    bool   // a changed row still has a problem, so the import was not started
	Changed    bool   // the existing meetings for the tickets have changed since the page was shown, so the import was not started
	Unanswered bool   // the person pressed a button without answering a question about the whole table
	Limited    string // when the desk can show the remaining meetings of colleagues; "" if it has shown all of them
}

func (d ImportCheckData) rowsThat(are func(*CheckedRow) bool) (rows []*CheckedRow) {
	for i := range d.Rows {
		if r := &d.Rows[i]; are(r) {
			rows = append(rows, r)
		}
	}
	return rows
}

func (d ImportCheckData) creates() int { return len(d.rowsThat((*CheckedRow).creates)) }

func (d ImportCheckData) used() int { return len(d.rowsThat((*CheckedRow).uses)) }

func (d ImportCheckData) faulty() []*CheckedRow { return d.rowsThat((*CheckedRow).Faulty) }

func (d ImportCheckData) ready() []*CheckedRow { return d.rowsThat((*CheckedRow).isReady) }

func (d ImportCheckData) toChoose() []*CheckedRow { return d.rowsThat((*CheckedRow).offersChoice) }

// Waiting returns the number of rows that cannot be checked until the person has answered
// a question about the whole table.
func (d ImportCheckData) Waiting() int { return len(d.rowsThat((*CheckedRow).Waits)) }

// series reports whether all rows are for one ticket.
func (d ImportCheckData) series() bool { return len(d.Rows) > 0 && d.Rows[0].InSeries }

// Shown identifies the existing meetings on the page and the rows that need a choice. The
// form sends it back, so that no import uses a meeting that the person has not seen. In a
// series, the result does not depend on which row is the ticket's first, because that can
// change when the person leaves out a day.
func (d ImportCheckData) Shown() string {
	hash := fnv.New64a()
	for _, r := range d.rowsThat((*CheckedRow).Exists) {
		if r.Match != nil {
			fmt.Fprintln(hash, r.Position, r.Match.ID, r.Match.Subject, r.Match.Start, r.Match.End)
		} else if r.Ahead != nil || !r.InSeries {
			fmt.Fprintln(hash, r.Position)
		}
	}
	return strconv.FormatUint(hash.Sum64(), 36)
}

// typedSeries returns the fields of the form from which the series was made, or nil if the
// rows were uploaded.
func (d ImportCheckData) typedSeries() url.Values {
	if len(d.Rows) == 0 || d.Rows[0].Form.Repeat == "" {
		return nil
	}
	values := d.Rows[0].Form.Query()
	values.Set(form.FieldDraft, strconv.FormatInt(d.Import.ID, 10))
	return values
}

func (d ImportCheckData) chooseHeading() string {
	if d.series() {
		return "import.series.heading"
	}
	return "import.existing.heading"
}

// showsExisting reports whether a listed row has text in the "Exists already" column.
func (d ImportCheckData) showsExisting(p Page) bool {
	return slices.ContainsFunc(d.toChoose(), func(r *CheckedRow) bool { return r.why(p) != "" })
}

// offersUse reports whether the person can choose an existing meeting for any row.
func (d ImportCheckData) offersUse() bool {
	return slices.ContainsFunc(d.toChoose(), (*CheckedRow).isUsable)
}

// startable reports whether the import can start: all questions have been answered, and the
// import would create or use a meeting.
func (d ImportCheckData) startable() bool { return d.Waiting() == 0 && d.creates()+d.used() > 0 }

// counts returns a one-line summary of what the import would do.
func (d ImportCheckData) counts(p Page) string {
	parts := []string{p.T.N("import.will_create", d.creates())}
	for _, part := range []struct {
		key string
		n   int
	}{
		{"import.exist", d.used()},
		{"import.left", len(d.rowsThat((*CheckedRow).isLeft))},
		{"import.have_problems", len(d.faulty())},
		{"import.wait", d.Waiting()},
	} {
		if part.n > 0 {
			parts = append(parts, p.T.N(part.key, part.n))
		}
	}
	return strings.Join(parts, ", ") + "."
}

func (d ImportCheckData) startWord(p Page) string {
	switch faulty := len(d.faulty()); {
	case d.creates() == 0:
		return p.T.N("import.start_use", d.used())
	case faulty > 0:
		return p.T.N("import.start_without", d.creates(), meeting.Args{"Faulty": faulty})
	}
	return p.T.N("import.start", d.creates())
}

// wrong returns the heading of the error summary.
func (d ImportCheckData) wrong(p Page) string {
	var parts []string
	if d.Stopped {
		parts = append(parts, p.T.T("import.stopped"))
	}
	if d.Unanswered {
		parts = append(parts, p.T.T("import.unanswered"))
	}
	if n := len(d.faulty()); n > 0 {
		parts = append(parts, p.T.N("import.rows_wrong", n)+".")
	}
	return strings.TrimSuffix(strings.Join(parts, " "), ".")
}

// summary returns links to the unanswered questions and to the first problem of each faulty
// row on the page.
func (d ImportCheckData) summary(p Page) (links []ui.ErrorLink) {
	for _, f := range []ui.Field{d.order(p), d.zone(p)} {
		for _, text := range f.Errors {
			links = append(links, ui.ErrorLink{Href: "#" + f.Name, Text: text})
		}
	}
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

func (d ImportCheckData) unclear() string {
	for i := range d.Rows {
		if d.Rows[i].Unclear != "" {
			return d.Rows[i].Unclear
		}
	}
	return ""
}

// order returns the field that asks how to read the ambiguous dates.
func (d ImportCheckData) order(p Page) ui.Field {
	f := ui.Field{Name: FieldOrder, Label: p.T.T("import.order", meeting.Args{"Date": d.unclear()}), Hint: p.T.T("import.order.hint")}
	if d.Unanswered && d.unclear() != "" {
		f.Errors = []string{p.T.T("import.order.missing", meeting.Args{"Date": d.unclear()})}
	}
	return f
}

// orders returns the two interpretations of the ambiguous date: day first and month first.
func (d ImportCheckData) orders(p Page) (list []ui.Choice) {
	for _, order := range []form.DateOrder{form.DayFirst, form.MonthFirst} {
		f := form.Form{Date: d.unclear()}
		f.ReadDates(order)
		day, _ := time.Parse(time.DateOnly, f.Date)
		list = append(list, ui.Choice{Value: string(order), Label: p.T.Date(day, time.UTC)})
	}
	return list
}

// sharesZone reports whether any row uses the time zone that applies to the whole table.
func (d ImportCheckData) sharesZone() bool {
	return slices.ContainsFunc(d.Rows, func(r CheckedRow) bool { return r.Form.TimeZone == "" })
}

// zone returns the field for the time zone that applies to the whole table.
func (d ImportCheckData) zone(p Page) ui.Field {
	f := ui.Field{Name: meeting.FieldTimeZone, Label: p.T.T("field.time_zone"), Hint: p.T.T("import.zone.hint"), Value: d.Import.TimeZone, DetectZone: d.Import.TimeZone == ""}
	if d.Unanswered && slices.ContainsFunc(d.Rows, func(r CheckedRow) bool { return r.NoZone }) {
		f.Errors = []string{p.T.T("import.zone.missing")}
	}
	return f
}

// folds returns the choices for a local time that occurs twice: an empty choice and one for
// each of the two instants.
func folds(p Page) []ui.Choice { return append([]ui.Choice{{}}, FormData{}.folds(p)...) }
