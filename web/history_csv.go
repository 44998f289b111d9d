package web

import (
	"bufio"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"meetdesk/store/listing"
)

// historyCSV sends the list as CSV for programs (RFC 4180): UTF-8, commas, CRLF, and
// times in UTC. bom=1 adds a byte order mark, which Excel needs to recognize UTF-8.
func (s *Server) historyCSV(w http.ResponseWriter, r *http.Request) error {
	t := &csvTable{out: bufio.NewWriterSize(s.exportWriter(w), exportBuffer), mark: r.URL.Query().Get("bom") == "1"}
	return s.export(w, r, "text/csv; charset=utf-8", ".csv", t)
}

// csvTable writes CSV. It does not use encoding/csv, whose CRLF option would also change
// line breaks within cells.
type csvTable struct {
	out  *bufio.Writer
	mark bool
	row  []string
}

func (t *csvTable) begin() error {
	if t.mark {
		t.out.WriteString("\ufeff") // if this fails, Flush returns the error
	}
	return t.write(exportHead)
}

func (t *csvTable) add(e *listing.Exported) error {
	t.row = append(t.row[:0], strconv.FormatInt(e.ID, 10), e.ExternalID, e.Subject, string(e.State), formatTime(e.Start), formatTime(e.End), e.Organizer, e.OrganizerUPN, formatTime(e.CreatedAt))
	t.row = append(t.row, e.More[:]...)
	for i, cell := range t.row {
		t.row[i] = noFormula(cell)
	}
	return t.write(t.row)
}

func (t *csvTable) write(row []string) error {
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

func (t *csvTable) flush() error { return t.out.Flush() }
func (t *csvTable) end() error   { return t.out.Flush() }

// noFormula escapes text that a spreadsheet would read as a formula
// (https://owasp.org/www-community/attacks/CSV_Injection). In countries with a decimal
// comma, spreadsheets separate cells by semicolons, so the text after a semicolon may
// become a cell of its own.
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

// formatTime returns the time in UTC, in RFC 3339 format without fractions of a second.
// For the zero time it returns "".
func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
