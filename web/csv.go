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

func (s *Server) csvWriter(w http.ResponseWriter, r *http.Request, head []string) csvWriter {
	return csvWriter{bufio.NewWriterSize(s.exportWriter(w), exportBuffer), r.URL.Query().Get("bom") == "1", head}
}

func (t *csvWriter) begin() error {
	if t.mark {
		t.out.WriteString("\ufeff") // if this fails, Flush returns the error
	}
	return t.addRow(t.head)
}

// addRow writes a row. It escapes text that a spreadsheet would read as a formula.
func (t *csvWriter) addRow(row []string) error {
	for i, cell := range row {
		if i > 0 {
			t.out.WriteByte(',')
		}
		cell = noFormula(cell)
		if strings.ContainsAny(cell, separators+`"`) || strings.TrimSpace(cell) != cell {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		t.out.WriteString(cell)
	}
	_, err := t.out.WriteString("\r\n")
	return err
}

func (t *csvWriter) flush() error { return t.out.Flush() }
func (t *csvWriter) end() error   { return t.out.Flush() }

// separators are the characters at which a program may split the file. LibreOffice splits
// at all commas, semicolons and tabs that are not within quotes. Other programs split at the
// locale's usual separator or at one that the person chooses, and may ignore quotes.
const separators = ",;\t|\r\n"

// noFormula escapes text that a spreadsheet would read as a formula
// (https://owasp.org/www-community/attacks/CSV_Injection), regardless of which separator the
// spreadsheet splits the file at. Text that follows a separator and a space is left
// unchanged, because no program reads it as a formula.
func noFormula(cell string) string {
	if beginsWith(cell, formulaStarts+"\r\n") {
		cell = "'" + cell
	}
	for at := 0; ; {
		next := strings.IndexAny(cell[at:], separators)
		if next < 0 {
			return cell
		}
		if at += next + 1; beginsWith(strings.TrimLeft(cell[at:], `"`), formulaStarts) {
			cell = cell[:at] + "'" + cell[at:]
		}
	}
}

// formulaStarts are the characters with which a formula may begin. Tab is included because
// some programs ignore tabs before a formula.
const formulaStarts = "=+-@＝＋－＠\t"

func beginsWith(text, chars string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune(chars, first)
}
