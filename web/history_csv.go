package web

import (
	"net/http"
	"strconv"
	"time"

	"meetdesk/store/listing"
)

// historyCSV sends the list as CSV (RFC 4180) for use by programs, with times in UTC. bom=1
// adds a byte order mark, which Excel needs to recognize UTF-8.
func (s *Server) historyCSV(w http.ResponseWriter, r *http.Request) error {
	t := &csvTable{csvWriter: s.csvWriter(w, r, exportHead)}
	return s.export(w, r, "text/csv; charset=utf-8", ".csv", t)
}

type csvTable struct {
	csvWriter
	row []string
}

func (t *csvTable) add(e *listing.Exported) error {
	t.row = append(t.row[:0], strconv.FormatInt(e.ID, 10), e.ExternalID, e.Subject, string(e.State), formatTime(e.Start), formatTime(e.End), e.Organizer, e.OrganizerUPN, formatTime(e.CreatedAt))
	t.row = append(t.row, e.More[:]...)
	return t.addRow(t.row)
}

// formatTime returns the time in UTC, in RFC 3339 format without fractions of a second.
// For the zero time it returns "".
func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
