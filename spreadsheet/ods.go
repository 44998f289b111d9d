package spreadsheet

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

func (a *archive) readODS() (Table, error) {
	var t Table
	s := odsSheet{table: &t}
	return t, a.parse("content.xml", s.token)
}

// odsSheet parses a sheet token by token. OpenDocument stores repeated rows and cells once,
// with a count.
type odsSheet struct {
	table *Table

	style           string
	hidden          map[string]bool // the names of styles that hide a sheet
	inTable, inCell bool
	skip            int // the nesting depth within a comment or drawing, whose text is not part of the cell
	row, rows       int // the number of the current row, and how many times it is repeated
	empty           int // the number of consecutive rows without content
	cells           []string
	cell            xml.StartElement
	text            strings.Builder
	paragraphs      int
}

func (s *odsSheet) token(token xml.Token) (more bool, err error) {
	switch e := token.(type) {
	case xml.StartElement:
		s.begin(e)
	case xml.CharData:
		if s.inCell && s.skip == 0 && s.paragraphs > 0 && s.text.Len() <= maxCell {
			s.text.Write(e)
		}
	case xml.EndElement:
		return s.end(e.Name.Local)
	}
	return true, nil
}

func (s *odsSheet) begin(e xml.StartElement) {
	switch name := e.Name.Local; {
	case name == "annotation" || name == "frame":
		s.skip++
	case s.skip > 0:
	case name == "style":
		s.style = attribute(e, "name")
	case name == "table-properties" && attribute(e, "display") == "false":
		if s.hidden == nil {
			s.hidden = make(map[string]bool)
		}
		s.hidden[s.style] = true
	case name == "table":
		s.inTable = !s.hidden[attribute(e, "style-name")]
	case !s.inTable:
	case name == "table-row":
		s.row, s.rows, s.cells = s.row+1, repeated(e, "number-rows-repeated"), s.cells[:0]
	case name == "table-cell" || name == "covered-table-cell":
		s.inCell, s.paragraphs, s.cell = true, 0, e.Copy()
		s.text.Reset()
	case !s.inCell:
	case name == "p":
		if s.paragraphs++; s.paragraphs > 1 {
			s.text.WriteByte('\n')
		}
	case name == "s":
		s.text.WriteString(strings.Repeat(" ", min(repeated(e, "c"), 100)))
	case name == "tab":
		s.text.WriteByte('\t')
	case name == "line-break":
		s.text.WriteByte('\n')
	}
}

func (s *odsSheet) end(name string) (more bool, err error) {
	switch {
	case name == "annotation" || name == "frame":
		s.skip--
	case s.skip > 0:
	case s.inCell && (name == "table-cell" || name == "covered-table-cell"):
		s.inCell = false
		text := s.value()
		if len(text) > maxCell {
			return false, tooLong(s.row, text)
		}
		if text == "" && attribute(s.cell, "formula") != "" && attribute(s.cell, "value-type") == "" {
			return false, ErrResults
		}
		for range min(repeated(s.cell, "number-columns-repeated"), MaxColumns+1-min(len(s.cells), MaxColumns+1)) {
			s.cells = append(s.cells, text)
		}
	case s.inTable && name == "table-row":
		return s.endRow()
	case s.inTable && name == "table":
		return false, nil
	}
	return true, nil
}

func (s *odsSheet) endRow() (more bool, err error) {
	for range min(s.rows, MaxRows+2) {
		before := len(s.table.Rows)
		if err := s.table.add(s.row, s.cells); err != nil {
			return false, err
		}
		if len(s.table.Rows) == before {
			s.row += s.rows - 1
			s.empty += s.rows
			return s.empty < maxEmpty, nil
		}
		s.empty = 0
		s.row++
	}
	s.row--
	return true, nil
}

func repeated(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attribute(e, name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// value returns the value of the current cell, with dates and times in ISO format. A number
// may be a ticket number if it is displayed as its digits, with or without letters or zeros
// before them. Such a number is returned as displayed.
func (s *odsSheet) value() string {
	shown := s.text.String()
	switch attribute(s.cell, "value-type") {
	case "date":
		return wholeSeconds(attribute(s.cell, "date-value"))
	case "time":
		return clockOf(attribute(s.cell, "time-value"))
	case "float", "percentage", "currency":
		value := plainNumber(attribute(s.cell, "value"), 0)
		if digits := strings.TrimLeftFunc(shown, unicode.IsLetter); shown != "" && strings.Trim(digits, "0123456789") == "" && strings.TrimLeft(digits, "0") == strings.TrimLeft(value, "0") {
			return shown
		}
		return value
	case "boolean":
		return strings.ToUpper(attribute(s.cell, "boolean-value"))
	}
	if text := attribute(s.cell, "string-value"); text != "" {
		return text
	}
	return shown
}

// wholeSeconds rounds a date and time to the nearest second. Spreadsheets calculate with
// fractions of days, so ten o'clock may be stored as a slightly earlier time.
func wholeSeconds(text string) string {
	at, err := time.Parse("2006-01-02T15:04:05.999999999", strings.TrimSuffix(text, "Z"))
	if err != nil {
		return text
	}
	return at.Round(time.Second).Format("2006-01-02T15:04:05")
}

// clockOf converts a duration such as "PT10H30M00S" to the form "10:30". Spreadsheets also
// store times of day as durations.
func clockOf(duration string) string {
	d, err := time.ParseDuration(strings.ToLower(strings.TrimPrefix(duration, "PT")))
	if err != nil || d < 0 {
		return duration
	}
	seconds := int(d.Round(time.Second) / time.Second)
	if seconds%60 == 0 {
		return fmt.Sprintf("%02d:%02d", seconds/3600, seconds/60%60)
	}
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
