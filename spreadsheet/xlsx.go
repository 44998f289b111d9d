package spreadsheet

import (
	"encoding/xml"
	"fmt"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (a *archive) readXLSX() (Table, error) {
	var t Table
	id, err := a.firstSheet(&t)
	if err != nil {
		return t, err
	}
	part, err := a.related(id)
	if err != nil {
		return t, err
	}
	s := xlsxSheet{table: &t}
	if s.numbers, err = a.numberings(); err != nil {
		return t, err
	}
	if err := a.parse(part, s.token); err != nil {
		return t, err
	}
	return t, a.fillShared(&t, s.shared)
}

// firstSheet returns the ID under which the workbook refers to its first visible sheet. It
// also sets the table's Date1904.
func (a *archive) firstSheet(t *Table) (id string, err error) {
	err = a.parse("xl/workbook.xml", func(token xml.Token) (bool, error) {
		if e, ok := token.(xml.StartElement); ok {
			switch e.Name.Local {
			case "workbookPr":
				t.Date1904 = attribute(e, "date1904") == "1" || attribute(e, "date1904") == "true"
			case "sheet":
				if state := attribute(e, "state"); id == "" && (state == "" || state == "visible") {
					id = attribute(e, "id")
				}
			}
		}
		return true, nil
	})
	return id, err
}

// related returns the name of the part with the given ID. If there is no such part, it
// returns the usual name of the first sheet.
func (a *archive) related(id string) (part string, err error) {
	part = "xl/worksheets/sheet1.xml"
	err = a.parse("xl/_rels/workbook.xml.rels", func(token xml.Token) (bool, error) {
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || attribute(e, "Id") != id {
			return true, nil
		}
		if part = path.Join("xl", attribute(e, "Target")); strings.HasPrefix(attribute(e, "Target"), "/") {
			part = strings.TrimPrefix(attribute(e, "Target"), "/")
		}
		return false, nil
	})
	return part, err
}

// numbering is a number format that shows a cell as a ticket number, such as "INC"0000000,
// or as hours and minutes.
type numbering struct {
	before string
	digits int  // the minimum number of digits; shorter numbers get leading zeros
	clock  bool // whether the format shows a number of days, or a fraction of a day, as hours and minutes
}

// builtInClocks are the IDs of Excel's built-in formats for hours, minutes and seconds
// (ECMA-376, part 1, 18.8.30).
var builtInClocks = []string{"18", "19", "20", "21", "45", "46", "47"}

// numberings returns the numbering of each style that has one. A cell may contain only the
// digits of a ticket number and leave the letters and leading zeros to the format.
func (a *archive) numberings() (map[int]numbering, error) {
	formats, styles, style, inCells := make(map[string]numbering), make(map[int]numbering), 0, false
	err := a.parse("xl/styles.xml", func(token xml.Token) (bool, error) {
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				if n, ok := readFormat(attribute(e, "formatCode")); ok {
					formats[attribute(e, "numFmtId")] = n
				}
			case "cellXfs":
				inCells = true
			case "xf":
				if !inCells {
					break
				}
				if n, ok := formats[attribute(e, "numFmtId")]; ok {
					styles[style] = n
				} else if slices.Contains(builtInClocks, attribute(e, "numFmtId")) {
					styles[style] = numbering{clock: true}
				}
				style++
			}
		case xml.EndElement:
			return e.Name.Local != "cellXfs", nil
		}
		return true, nil
	})
	return styles, err
}

// formatText matches the parts of a number format that stand for no part of the value, such
// as text, colours and languages.
var formatText = regexp.MustCompile(`"[^"]*"|\\.|[_*].|\[[^hHmMsS\]][^\]]*\]`)

// readFormat parses a number format. It recognizes formats that show hours or seconds, and
// formats that consist of zeros. Letters in quotes or after backslashes may precede the
// zeros.
func readFormat(code string) (n numbering, ok bool) {
	code, _, _ = strings.Cut(code, ";") // the part after the semicolon is for negative numbers
	if len(code) > 60 {
		return n, false
	}
	if strings.ContainsAny(formatText.ReplaceAllString(code, ""), "hHsS") {
		return numbering{clock: true}, true
	}
	for rest := code; ; {
		switch {
		case strings.HasPrefix(rest, `"`):
			text, after, closed := strings.Cut(rest[1:], `"`)
			if !closed {
				return n, false
			}
			n.before, rest = n.before+text, after
		case strings.HasPrefix(rest, `\`) && len(rest) > 1:
			_, size := utf8.DecodeRuneInString(rest[1:])
			n.before, rest = n.before+rest[1:1+size], rest[1+size:]
		default:
			n.digits = len(rest)
			return n, rest != "" && strings.Trim(rest, "0") == "" && (n.before != "" || n.digits > 1)
		}
	}
}

type sharedCell struct{ row, column int }

type xlsxSheet struct {
	table   *Table
	numbers map[int]numbering
	shared  map[int][]sharedCell // maps the index of a shared string to the cells that refer to it

	row, column int // the position of the current cell; rows count from 1, columns from 0
	empty       int // the number of consecutive rows without content
	cells       []string
	kind        string // the type of the current cell
	style       int
	text        strings.Builder
	within      bool // whether the current text is part of the cell's value
	formula     bool
	phonetic    bool
	texts       map[int]int // maps a column of the current row to the index of its shared string
}

func (s *xlsxSheet) token(token xml.Token) (more bool, err error) {
	switch e := token.(type) {
	case xml.StartElement:
		switch e.Name.Local {
		case "row":
			s.beginRow(e)
		case "c":
			s.beginCell(e)
		case "v", "t":
			s.within = !s.phonetic
		case "f":
			s.formula = true
		case "rPh":
			s.phonetic = true
		}
	case xml.CharData:
		if s.within && s.text.Len() <= maxCell {
			s.text.Write(e)
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "v", "t":
			s.within = false
		case "rPh":
			s.phonetic = false
		case "c":
			return true, s.endCell()
		case "row":
			return s.endRow()
		case "sheetData":
			return false, nil
		}
	}
	return true, nil
}

func (s *xlsxSheet) beginRow(e xml.StartElement) {
	s.row++
	if n, err := strconv.Atoi(attribute(e, "r")); err == nil {
		s.row = n
	}
	s.cells, s.column, s.texts = s.cells[:0], -1, nil
}

func (s *xlsxSheet) beginCell(e xml.StartElement) {
	s.column++
	if n, ok := columnIndex(attribute(e, "r")); ok {
		s.column = n
	}
	s.kind, s.formula = attribute(e, "t"), false
	s.style, _ = strconv.Atoi(attribute(e, "s"))
	s.text.Reset()
}

// columnIndex returns the column of a reference: 0 for "A1", 27 for "AB7".
func columnIndex(reference string) (n int, ok bool) {
	for _, r := range reference {
		if r < 'A' || r > 'Z' || n > 1<<15 {
			break
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1, n > 0
}

func (s *xlsxSheet) endCell() error {
	if s.text.Len() == 0 {
		if s.formula && (s.kind == "" || s.kind == "n") { // if the result were empty text, the kind would be "str"
			return ErrResults
		}
		return nil
	}
	if s.column >= MaxColumns {
		return ErrColumns
	}
	text := s.text.String()
	if len(text) > maxCell {
		return tooLong(s.row, text)
	}
	switch s.kind {
	case "s":
		if n, err := strconv.Atoi(text); err == nil && n >= 0 {
			if s.texts == nil {
				s.texts = make(map[int]int)
			}
			s.texts[s.column], text = n, " " // the content is filled in later
		}
	case "", "n":
		switch n := s.numbers[s.style]; {
		case n.digits > 0:
			text = n.before + plainNumber(text, n.digits)
		case n.clock:
			text = daysClock(text)
		default:
			text = plainNumber(text, 0)
		}
	case "d":
		text = wholeSeconds(text)
	case "b":
		text = map[string]string{"1": "TRUE", "0": "FALSE"}[text]
	default:
		text = unescaped(text)
	}
	for len(s.cells) <= s.column {
		s.cells = append(s.cells, "")
	}
	s.cells[s.column] = text
	return nil
}

func (s *xlsxSheet) endRow() (more bool, err error) {
	before := len(s.table.Rows)
	for column := range s.texts {
		s.cells[column] = "?" // a placeholder, because the add method drops empty rows
	}
	if err := s.table.add(s.row, s.cells); err != nil {
		return false, err
	}
	if len(s.table.Rows) == before {
		s.empty++
		return s.empty < maxEmpty, nil
	}
	s.empty = 0
	if s.shared == nil {
		s.shared = make(map[int][]sharedCell)
	}
	for column, n := range s.texts {
		s.shared[n] = append(s.shared[n], sharedCell{before, column})
	}
	return true, nil
}

// fillShared reads the workbook's shared strings and fills in the cells that refer to
// them.
func (a *archive) fillShared(t *Table, cells map[int][]sharedCell) error {
	if len(cells) == 0 {
		return nil
	}
	for _, list := range cells {
		for _, c := range list {
			t.Rows[c.row].Cells[c.column] = ""
		}
	}
	n, within, phonetic := 0, false, false
	var text strings.Builder
	return a.parse("xl/sharedStrings.xml", func(token xml.Token) (bool, error) {
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "t":
				within = !phonetic
			case "rPh":
				phonetic = true
			}
		case xml.CharData:
			if within && len(cells[n]) > 0 && text.Len() <= maxCell {
				text.Write(e)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "t":
				within = false
			case "rPh":
				phonetic = false
			case "si":
				if text.Len() > maxCell {
					return false, tooLong(t.Rows[cells[n][0].row].Number, text.String())
				}
				value := unescaped(text.String())
				if t.size += len(value) * len(cells[n]); t.size > maxText {
					return false, ErrLarge
				}
				for _, c := range cells[n] {
					t.Rows[c.row].Cells[c.column] = value
				}
				text.Reset()
				n++
			}
		}
		return true, nil
	})
}

// plainNumber returns a number in decimal notation, with leading zeros up to the given
// number of digits.
func plainNumber(text string, digits int) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return text
	}
	if n != math.Trunc(n) || math.Abs(n) >= 1e15 {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	plain := strconv.FormatInt(int64(n), 10)
	if n >= 0 && len(plain) < digits {
		plain = strings.Repeat("0", digits-len(plain)) + plain
	}
	return plain
}

// maxClockDays is the limit below which daysClock treats a value as a number of days. Larger
// values are dates whose format shows a time.
const maxClockDays = 100

// daysClock returns a number of days as hours and minutes, such as "01:30" for 0.0625.
// Only the cell's format shows that the unit is days: 0.0625 alone could also be a number
// of hours. Negative values, and values of maxClockDays or more, are returned as plain
// numbers.
func daysClock(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0 && n < maxClockDays) { // also true for NaN
		return plainNumber(text, 0)
	}
	minutes := int(n*24*60 + 0.5)
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

// unescaped decodes escapes such as "_x000D_", which Excel writes in place of some
// characters. "_x0000_" stays as it is, because databases cannot store that character.
func unescaped(text string) string {
	at := strings.Index(text, "_x")
	if at < 0 {
		return text
	}
	var b strings.Builder
	for ; at >= 0; at = strings.Index(text, "_x") {
		b.WriteString(text[:at])
		text = text[at:]
		if len(text) >= 7 && text[6] == '_' {
			if n, err := strconv.ParseUint(text[2:6], 16, 16); err == nil && n > 0 {
				b.WriteRune(rune(n))
				text = text[7:]
				continue
			}
		}
		b.WriteString(text[:2])
		text = text[2:]
	}
	return b.String() + text
}
