package form

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"meetdesk/meeting"
	"meetdesk/spreadsheet"
)

// Columns contains the column names and the option values that a table may use. The keys
// are folded; see Fold.
type Columns struct {
	Fields map[string]string                    // maps a column name to the name of a field
	Values map[meeting.Option]map[string]string // maps the text in a cell to the value that Graph uses
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
	Unknown []string // the names of columns that the desk does not recognize
	Missing bool     // whether there is no column for the external ID
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
// does not interpret dates such as 3/4/2027; see ReadDates. The parameter zone applies to
// rows without a time zone. Rows whose known columns are all empty are skipped.
func FromTable(t spreadsheet.Table, columns Columns, zone string) (table Table) {
	at, ok := namesRow(t.Rows, columns)
	if !ok {
		table.Missing = true
		return table
	}
	head, rows := t.Rows[at], t.Rows[at+1:]
	names := make([]string, len(head.Cells)) // the field for each column, or "" if there is none
	unknown := make(map[int]int)             // maps the index of a column to its index in Unknown
	seen := make(map[string]bool)
	for i, name := range head.Cells {
		field := columns.Fields[Fold(name)]
		if field == "" || seen[field] {
			if name = strings.Join(strings.Fields(name), " "); name != "" {
				unknown[i] = len(table.Unknown)
				table.Unknown = append(table.Unknown, meeting.Shorten(name, maxColumnName))
			}
			continue
		}
		names[i], seen[field] = field, true
	}
	table.Rows = make([]TableRow, 0, len(rows))
	for _, row := range rows {
		read, any := TableRow{Number: row.Number, Form: Form{TimeZone: zone}, Extra: make([]string, len(table.Unknown))}, false
		for i, cell := range row.Cells[:min(len(row.Cells), len(names))] {
			cell = strings.TrimSpace(cell)
			if at, ok := unknown[i]; ok {
				read.Extra[at] = cell
			} else if cell != "" && names[i] != "" {
				any = true
				if names[i] == meeting.FieldExternalID && failedFormula.MatchString(cell) {
					continue // Check reports the missing ticket number
				}
				read.Form.readCell(names[i], cell, t.Date1904, columns)
			}
		}
		if any {
			table.Rows = append(table.Rows, read)
		}
	}
	return table
}

// failedFormula matches the error values of formulas, in English and Portuguese.
var failedFormula = regexp.MustCompile(`^(#(N/[AD]|REF!|VALUE!|VALOR!|DIV/0!|NAME\?|NOME\?|NUM!|NÚM!|NULL!|NULO!|SPILL!|DESPEJAR!|CALC!)|Err:\d+)$`)

// readCell fills in a field from a cell. It keeps text that it cannot interpret. Check
// then reports a problem.
func (f *Form) readCell(name, cell string, date1904 bool, columns Columns) {
	switch name {
	case meeting.FieldDate:
		f.Date = cell
		if day, clock, ok := fromSerial(cell, date1904); ok {
			f.Date = day
			f.setIfBlank(&f.Start, clock)
		} else if day, clock := splitMoment(cell); clock != "" {
			f.Date = day
			f.setIfBlank(&f.Start, clock)
		}
	case meeting.FieldStart:
		day, clock := momentOf(cell, date1904)
		f.Start = clock
		f.setIfBlank(&f.Date, day)
	case meeting.FieldEnd:
		day, clock := momentOf(cell, date1904)
		f.End = clock
		f.setIfBlank(&f.EndDate, day)
	case meeting.FieldEndDate:
		f.EndDate = cell
		if day, _, ok := fromSerial(cell, date1904); ok {
			f.EndDate = day
		}
	case meeting.FieldDuration:
		f.Duration = minutesOf(cell)
	default:
		for _, field := range fields {
			if field.name != name {
				continue
			}
			*field.of(f) = cell
			if value, ok := columns.Values[meeting.Option(name)][Fold(cell)]; ok && field.kind == ofOption {
				*field.of(f) = value
			}
		}
	}
}

func (f *Form) setIfBlank(value *string, text string) {
	if *value == "" {
		*value = text
	}
}

// momentOf returns the day, if there is one, and the time of day in a cell.
func momentOf(cell string, date1904 bool) (day, clock string) {
	if day, clock, ok := fromSerial(cell, date1904); ok {
		if clock == "" {
			clock = "00:00"
		}
		return day, clock
	}
	if n, err := strconv.ParseFloat(cell, 64); err == nil && n >= 0 && n < 1 {
		return "", clockOf(n)
	}
	if day, clock := splitMoment(cell); clock != "" {
		return day, clock
	}
	return "", plainClock(cell)
}

// The serial numbers of 1 January 2000 and 31 December 2199. A number outside this range
// is not treated as a date.
const (
	firstSerial = 36526
	lastSerial  = 109574
	days1904    = 1462 // the difference between serial numbers counted from 1899 and from 1904
)

// fromSerial converts a spreadsheet's date: the number of days since the end of 1899, or
// since 1904 if date1904 is true, with the time of day as a fraction. The result clock is
// "" if there is no fraction.
func fromSerial(cell string, date1904 bool) (day, clock string, ok bool) {
	n, err := strconv.ParseFloat(cell, 64)
	if date1904 {
		n += days1904
	}
	if err != nil || !(n >= firstSerial && n < lastSerial+1) { // also true for NaN
		return "", "", false
	}
	whole := int(n)
	minutes := int((n-float64(whole))*24*60 + 0.5)
	at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, whole).Add(time.Duration(minutes) * time.Minute)
	if minutes > 0 {
		clock = at.Format("15:04")
	}
	return at.Format(time.DateOnly), clock, true
}

// clockOf converts a fraction of a day to a time of day.
func clockOf(part float64) string {
	minutes := int(part*24*60 + 0.5)
	return time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
}

// longClock matches a length in hours and minutes. Unlike a time of day, it may have
// more than 23 hours, as in "24:00".
var longClock = regexp.MustCompile(`^(\d{1,4}):([0-5]\d)(?::00)?$`)

// minutesOf converts a length to a number of minutes. It accepts a number of minutes as in
// "30" or "30 min", hours and minutes as in "1:30", or a fraction of a day. It returns any
// other text unchanged.
func minutesOf(cell string) string {
	if n, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64); err == nil && n > 0 && n < 1 {
		return strconv.Itoa(int(n*24*60 + 0.5))
	}
	if clock, err := time.Parse("15:04", plainClock(cell)); err == nil { // some programs write 1:30 as "01:30:00 AM"
		return strconv.Itoa(clock.Hour()*60 + clock.Minute())
	}
	if m := longClock.FindStringSubmatch(cell); m != nil {
		hours, _ := strconv.Atoi(m[1])
		minutes, _ := strconv.Atoi(m[2])
		return strconv.Itoa(hours*60 + minutes)
	}
	text := strings.ToLower(cell)
	for _, unit := range []string{"minutes", "minutos", "min.", "min", "m"} {
		if number := strings.TrimSpace(strings.TrimSuffix(text, unit)); number != text && isDigits(number) {
			return number
		}
	}
	return cell
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
