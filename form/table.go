package form

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"meetdesk/meeting"
	"meetdesk/spreadsheet"
)

// Columns contains the column names and the option values that the desk recognizes in a
// table. The keys of the maps are folded; see Fold.
type Columns struct {
	Fields map[string]string                    // maps a column name to the name of a field
	Values map[meeting.Option]map[string]string // maps the text in a cell to the value that Graph uses

	Unnamed func(index int) string // returns a name for a column that has none
}

// TableInputs returns the names of the fields for which a table may have a column, in the
// order of the downloadable template.
func TableInputs() []string {
	list := []string{
		meeting.FieldExternalID, meeting.FieldSubject, meeting.FieldDate, meeting.FieldStart, meeting.FieldEnd, meeting.FieldEndDate,
		meeting.FieldDuration, meeting.FieldTimeZone, meeting.FieldAttendees,
	}
	for _, o := range meeting.AllOptions() {
		list = append(list, string(o))
	}
	return list
}

// Fold returns the same text for names that differ only in case, accents, spaces,
// punctuation or a remark in parentheses.
func Fold(name string) string {
	if at := strings.IndexByte(name, '('); at > 0 {
		name = name[:at]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(name))
}

// Table is a table whose rows were read as forms.
type Table struct {
	Rows    []TableRow
	Unknown []string // the names of columns that the desk does not recognize or that are unnamed but not empty
	Missing bool     // whether the table has no column for the external ID
}

// TableRow is one row of a table.
type TableRow struct {
	Number int // the row's number in the file
	Form   Form
	Extra  []string // the cells of the columns in Table.Unknown
}

// maxColumnName is the maximum length of an unknown column's name, in characters. Longer
// names are truncated.
const maxColumnName = 60

// maxTitleRows is the maximum number of rows before the row with the column names.
const maxTitleRows = 10

// namesRow returns the index of the row with the column names: the first row that names a
// column for the external ID. Title rows may precede it.
func namesRow(rows []spreadsheet.Row, columns Columns) (at int, ok bool) {
	at = slices.IndexFunc(rows[:min(len(rows), maxTitleRows+1)], func(row spreadsheet.Row) bool {
		return slices.ContainsFunc(row.Cells, func(name string) bool { return columns.Fields[Fold(name)] == meeting.FieldExternalID })
	})
	return at, at >= 0
}

// FromTable reads a table whose column names are in its first row or below title rows. It
// does not interpret dates such as 3/4/2027; see ReadDates. Rows without a time zone get
// the given zone. Rows whose known columns are all empty are skipped.
func FromTable(t spreadsheet.Table, columns Columns, zone string) (table Table) {
	at, ok := namesRow(t.Rows, columns)
	if !ok {
		table.Missing = true
		return table
	}
	head, rows := t.Rows[at], t.Rows[at+1:]
	names, unknown := table.readHead(head.Cells, rows, columns)
	table.Rows = make([]TableRow, 0, len(rows))
	for _, row := range rows {
		read, any := TableRow{Number: row.Number, Form: Form{TimeZone: zone}, Extra: make([]string, len(table.Unknown))}, false
		for i, cell := range row.Cells {
			cell = strings.TrimSpace(cell)
			if at, ok := unknown[i]; ok {
				read.Extra[at] = cell
			} else if cell != "" {
				any = true
				if names[i] == meeting.FieldExternalID && failedFormula.MatchString(cell) {
					continue // Check reports the missing ticket number
				}
				read.Form.set(names[i], cell)
			}
		}
		if any {
			read.Form.readMoments(t.Date1904)
			table.Rows = append(table.Rows, read)
		}
	}
	return table
}

// readHead fills in Table.Unknown. names maps the index of each known column to its field.
// unknown maps the index of any other column that has a name or content to its index in
// Table.Unknown.
func (t *Table) readHead(head []string, rows []spreadsheet.Row, columns Columns) (names map[int]string, unknown map[int]int) {
	names, unknown = make(map[int]string), make(map[int]int)
	seen, filled := make(map[string]bool), make(map[int]bool)
	for _, row := range rows {
		for i, cell := range row.Cells {
			filled[i] = filled[i] || strings.TrimSpace(cell) != ""
		}
	}
	for i := range max(len(head), spreadsheet.MaxColumns) {
		var name string
		if i < len(head) {
			name = strings.Join(strings.Fields(head[i]), " ")
		}
		field := columns.Fields[Fold(name)]
		switch {
		case field != "" && !seen[field]:
			names[i], seen[field] = field, true
		case name != "" || filled[i]:
			unknown[i] = len(t.Unknown)
			t.Unknown = append(t.Unknown, columns.unknownName(i, name))
		}
	}
	return names, unknown
}

func (c Columns) unknownName(i int, name string) string {
	if name == "" && c.Unnamed != nil {
		return c.Unnamed(i)
	}
	return meeting.Shorten(name, maxColumnName)
}

// failedFormula matches the error values of formulas, in English and Portuguese.
var failedFormula = regexp.MustCompile(`^(#(N/[AD]|REF!|VALUE!|VALOR!|DIV/0!|NAME\?|NOME\?|NUM!|NÚM!|NULL!|NULO!|SPILL!|DESPEJAR!|CALC!)|Err:\d+)$`)

func (f *Form) set(name, text string) {
	for _, field := range fields {
		if field.name == name {
			*field.of(f) = text
		}
	}
}

// ReadOptions returns the form with its options converted to the values that Graph uses.
// FromTable leaves the options as they were typed, such as "Sim".
func (c Columns) ReadOptions(f Form) Form {
	for _, o := range f.Options.Chosen() {
		if value, ok := c.Values[o][Fold(f.Options.Get(o))]; ok {
			f.Options = f.Options.With(o, value)
		}
	}
	return f
}
