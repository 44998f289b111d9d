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

// historyCSV is the list as a plain table for programs (RFC 4180): UTF-8, commas, CRLF,
// and times in UTC. bom=1 puts a byte order mark in front, by which Excel knows UTF-8.
func (s *Server) historyCSV(w http.ResponseWriter, r *http.Request) error {
	t := &csvTable{out: bufio.NewWriterSize(w, exportBuffer), mark: r.URL.Query().Get("bom") == "1"}
	return s.export(w, r, "text/csv; charset=utf-8", ".csv", t)
}

// csvTable writes CSV. The library's CRLF would change line breaks in cells, too.
type csvTable struct {
	out  *bufio.Writer
	mark bool
	row  []string
}

func (t *csvTable) begin() error {
	if t.mark {
		t.out.WriteString("\ufeff") // an error stays until Flush
	}
	return t.write(exportHead)
}

func (t *csvTable) add(e *listing.Exported) error {
	t.row = append(t.row[:0], strconv.FormatInt(e.ID, 10), e.ExternalID, e.Subject, string(e.State), instant(e.Start), instant(e.End), e.Organizer, e.OrganizerUPN, instant(e.CreatedAt))
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

// noFormula keeps a spreadsheet from taking a cell's text for a formula
// (https://owasp.org/www-community/attacks/CSV_Injection). One that parts cells at
// semicolons, as where a comma stands in numbers, begins cells within the text.
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

func beginsWith(text, oneOf string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune(oneOf, first)
}

// instant is a moment by RFC 3339, in UTC and to the second; "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
