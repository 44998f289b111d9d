package web

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"meetdesk/meeting"
	"meetdesk/store"
)

// partDeadline is how long the reader of an export may take for one part of it.
// The whole may take as long as it takes.
const partDeadline = 5 * time.Minute

// exportBuffer is how many bytes of an export are sent at once. With the few that
// are usual, sending takes longer than reading.
const exportBuffer = 64 << 10

// historyCSV is the list of the same address under /history as a table (RFC 4180),
// all of it. bom=1 puts a byte order mark in front, by which Excel knows UTF-8.
// Times are UTC. That it was taken is in the audit.
func (s *Server) historyCSV(w http.ResponseWriter, r *http.Request) error {
	ask, problems, err := s.readHistory(r)
	if err != nil {
		return err
	}
	if problems.Any() {
		return &meeting.Error{Code: meeting.Invalid, Key: "export.unreadable"}
	}
	first, err := s.readFound(r, &ask)
	if err != nil {
		return err
	}
	select {
	case s.exports <- struct{}{}:
		defer func() { <-s.exports }()
	default:
		return &meeting.Error{Code: meeting.Unavailable, Key: "export.busy"}
	}
	if err := s.Store.Audit(r.Context(), visitOf(r).session.User.ID, store.AuditExport, 0, ask.detail()); err != nil {
		return err
	}
	table, control := csv.NewWriter(bufio.NewWriterSize(w, exportBuffer)), http.NewResponseController(w)
	begun, row := false, make([]string, 0, len(exportHead))
	defer func() {
		if p := recover(); p != nil && begun {
			panic(http.ErrAbortHandler) // a table must not end in an error page
		} else if p != nil {
			panic(p)
		}
	}()
	begin := func() error {
		begun = true
		h := w.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="meetings-`+s.Now().UTC().Format(time.DateOnly)+`.csv"`)
		if r.URL.Query().Get("bom") == "1" {
			if _, err := w.Write([]byte("\ufeff")); err != nil {
				return err
			}
		}
		return table.Write(exportHead)
	}
	err = s.Store.Export(r.Context(), ask.HistoryQuery, first, func(part []store.Exported) error {
		if err := control.SetWriteDeadline(time.Now().Add(partDeadline)); err != nil {
			return err
		}
		if !begun {
			if err := begin(); err != nil {
				return err
			}
		}
		for i := range part {
			row = appendExported(row[:0], &part[i])
			table.Write(row) // an error stays until Error
		}
		table.Flush()
		return table.Error()
	})
	if err != nil && begun {
		visitOf(r).err = fmt.Errorf("export: %w", err)
		s.Log.WarnContext(r.Context(), "export broken off", "id", visitOf(r).id, "error", err)
		panic(http.ErrAbortHandler) // a table that ends early must not look whole
	}
	return err
}

// readFound reads from the request what the search names exactly, and leaves the
// words of it in ask.
func (s *Server) readFound(r *http.Request, ask *historyAsk) (first []int64, err error) {
	if ask.Query == "" {
		return nil, nil
	}
	scrap := meeting.Recognize(ask.Query)
	all := *ask
	all.Limit = maxExportHits
	hits, err := s.find(r, all, scrap)
	for _, h := range hits {
		first = append(first, h.ID)
	}
	if ask.Text = words(scrap); len(hits) == 0 {
		ask.Text = scrap.Text
	} else if ask.Text == "" {
		ask.Text = nothing
	}
	return first, err
}

const (
	maxExportHits = 1000   // exact hits in an export
	nothing       = "\x00" // text in which there is nothing to search for
)

var exportHead = append([]string{"id", "external_id", "subject", "state", "start", "end", "organizer", "organizer_upn", "created_at"}, store.ExportColumns[:]...)

// appendExported appends a row's cells.
func appendExported(row []string, e *store.Exported) []string {
	row = append(row, strconv.FormatInt(e.ID, 10), e.ExternalID, e.Subject, string(e.State), instant(e.Start), instant(e.End), e.Organizer, e.OrganizerUPN, instant(e.CreatedAt))
	row = append(row, e.More[:]...)
	for i, cell := range row {
		row[i] = noFormula(cell)
	}
	return row
}

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
