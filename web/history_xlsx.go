package web

import (
	"bufio"
	"net/http"
	"time"

	"meetdesk/store/listing"
	"meetdesk/xlsx"
)

// historyXLSX sends the list as an Excel workbook. All IDs except the desk's own are text.
// Times are date cells in the person's time zone, which their column headers name.
func (s *Server) historyXLSX(w http.ResponseWriter, r *http.Request) error {
	out, zone := bufio.NewWriterSize(s.exportWriter(w), exportBuffer), zoneOf(visitOf(r).session.User.TimeZone)
	t := &xlsxTable{out: out, book: xlsx.NewWriter(out, visitOf(r).text.T("history.sheet"), workbookColumns(zone)), zone: zone}
	return s.export(w, r, xlsxType, ".xlsx", t)
}

// workbookColumns returns the columns of the workbook. The names of time columns include the
// time zone. Widths are in characters.
func workbookColumns(zone *time.Location) []xlsx.Column {
	columns := make([]xlsx.Column, len(exportHead))
	for i, name := range exportHead {
		columns[i] = xlsx.Column{Name: name, Width: 20}
		switch name {
		case "id", "state", "origin":
			columns[i].Width = 11
		case "subject", "attendees", "join_url":
			columns[i].Width = 40
		case "start", "end", "created_at":
			columns[i].Name += " (" + zone.String() + ")"
			columns[i].Width = len(columns[i].Name) + 1
		case "organizer_upn", "maker_upn":
			columns[i].Width = 30
		}
	}
	return columns
}

type xlsxTable struct {
	out  *bufio.Writer
	book *xlsx.Writer
	zone *time.Location
	row  []any
}

func (t *xlsxTable) begin() error { return nil } // xlsx.Writer writes the header row

func (t *xlsxTable) add(e *listing.Exported) error {
	t.row = append(t.row[:0], e.ID, e.ExternalID, e.Subject, string(e.State), t.inZone(e.Start), t.inZone(e.End), e.Organizer, e.OrganizerUPN, t.inZone(e.CreatedAt))
	for _, cell := range e.More {
		t.row = append(t.row, cell)
	}
	return t.book.Row(t.row...)
}

func (t *xlsxTable) inZone(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.In(t.zone)
}

func (t *xlsxTable) flush() error { return t.out.Flush() }

func (t *xlsxTable) end() error {
	if err := t.book.Close(); err != nil {
		return err
	}
	return t.out.Flush()
}
