package web

import (
	"bufio"
	"net/http"
	"strings"
	"unicode/utf8"
)

// csvWriter writes CSV. It does not use encoding/csv, whose CRLF option would also change
// line breaks within cells.
type csvWriter struct {
	out  *bufio.Writer
	mark bool
	head []string
}

// csvWriter returns a writer for a file with the given column names.
func (s *Server) csvWriter(w http.ResponseWriter, r *http.Request, head []string) csvWriter {
	return csvWriter{bufio.NewWriterSize(s.exportWriter(w), exportBuffer), r.URL.Query().Get("bom") == "1", head}
}

func (t *csvWriter) begin() error {
	if t.mark {
		t.out.WriteString("\ufeff") // if this fails, Flush returns the error
	}
	return t.write(t.head)
}

// addRow writes a row. It escapes text that a spreadsheet would read as a formula.
func (t *csvWriter) addRow(row []string) error {
	for i, cell := range row {
		row[i] = noFormula(cell)
	}
	return t.write(row)
}

func (t *csvWriter) write(row []string) error {
	for i, cell := range row {
		if i > 0 {
			t.out.WriteByte(',')
		}
		if strings.ContainsAny(cell, ",\"\r\n") || strings.TrimSpace(cell) != cell {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		t.out.WriteString(cell)
	}
	_, err := t.out.WriteString("\r\n")
	return err
}

func (t *csvWriter) flush() error { return t.out.Flush() }
func (t *csvWriter) end() error   { return t.out.Flush() }

// noFormula escapes text that a spreadsheet would read as a formula
// (https://owasp.org/www-community/attacks/CSV_Injection). Where the comma is the decimal
// separator, text after a semicolon may become a separate cell.
func noFormula(cell string) string {
	if beginsWith(cell, "=+-@＝＋－＠\t\r\n") {
		cell = "'" + cell
	}
	for at := 0; ; {
		next := strings.IndexAny(cell[at:], ";\r\n")
		if next < 0 {
			return cell
		}
		if at += next + 1; beginsWith(strings.TrimLeft(cell[at:], `"`), "=+-@＝＋－＠\t") {
			cell = cell[:at] + "'" + cell[at:]
		}
	}
}

// beginsWith reports whether the text begins with any of the characters in chars.
func beginsWith(text, chars string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune(chars, first)
}
