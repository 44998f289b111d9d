package web

import (
	"bufio"
	"net/http"
	"strconv"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
	"meetdesk/xlsx"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// importXLSX sends the imported table and the outcome of each row as a workbook. Every cell
// is text, to preserve leading zeros.
func (s *Server) importXLSX(w http.ResponseWriter, r *http.Request) error {
	head, rows, err := s.importResult(r)
	if err != nil {
		return err
	}
	columns := make([]xlsx.Column, len(head))
	for i, name := range head {
		columns[i] = xlsx.Column{Name: name, Width: max(16, min(len(name)+2, 60))}
	}
	s.setResultHeaders(w.Header(), r, xlsxType, ".xlsx")
	if r.Method == http.MethodHead {
		return nil
	}
	out := bufio.NewWriterSize(s.exportWriter(w), exportBuffer)
	book := xlsx.NewWriter(out, visitOf(r).text.T("history.sheet"), columns)
	for _, row := range rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = cell
		}
		if err := book.Row(cells...); err != nil {
			return err
		}
	}
	if err := book.Close(); err != nil {
		return err
	}
	return out.Flush()
}

// importCSV sends the imported table and the outcome of each row as CSV. Excel needs the
// byte order mark to recognize UTF-8.
func (s *Server) importCSV(w http.ResponseWriter, r *http.Request) error {
	head, rows, err := s.importResult(r)
	if err != nil {
		return err
	}
	s.setResultHeaders(w.Header(), r, "text/csv; charset=utf-8", ".csv")
	if r.Method == http.MethodHead {
		return nil
	}
	file := s.csvWriter(w, r, head)
	file.mark = true
	if err := file.begin(); err != nil {
		return err
	}
	for _, row := range rows {
		if err := file.addRow(row); err != nil {
			return err
		}
	}
	return file.flush()
}

func (s *Server) setResultHeaders(h http.Header, r *http.Request, contentType, ending string) {
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", `attachment; filename="import-`+r.PathValue("id")+ending+`"`)
}

// endedRows converts the rows for display. It compares each row that found an existing
// meeting with that meeting.
func endedRows(i meeting.Import, rows []meeting.RowOutcome) (list []views.EndedRow) {
	for _, r := range rows {
		row := views.EndedRow{RowOutcome: r}
		if m := r.Meeting; r.State == meeting.RowFound && m.ID != 0 {
			f := rowForm(i, r.Form)
			row.Asked, _ = f.Request(time.Time{})
			row.Differs = differences(f, meeting.Details{Subject: m.Subject, Start: m.Start, End: m.End, Attendees: row.Asked.Attendees, Options: row.Asked.Options})
		}
		list = append(list, row)
	}
	return list
}

// differences returns the parts in which an existing meeting differs from a row. Empty
// cells are not compared.
func differences(f form.Form, got meeting.Details) []meeting.Difference {
	asked, _ := f.Request(time.Time{})
	found := meeting.Attempt{Asked: asked.Asked(got.Start), Outcome: meeting.OutcomeFound}
	return found.Wish(got.Attendees).Differences(got)
}

// importResult returns the imported table with the outcome of each row. A meeting's times
// are in the time zone of its row, so that they are easy to compare with the requested
// times.
func (s *Server) importResult(r *http.Request) (head []string, rows [][]string, err error) {
	i, list, err := s.endedImport(r)
	if err != nil {
		return nil, nil, err
	}
	text, page := visitOf(r).text, s.page(r, "")
	used := make(map[string]bool)
	forms := make([]form.Form, len(list))
	for at, row := range list {
		forms[at] = rowForm(i, row.Form)
		forms[at].ExternalID = row.ExternalID
		for _, field := range forms[at].Fields() {
			used[field.Name] = true
		}
	}
	head = []string{text.T("import.row.number")}
	for _, name := range form.TableInputs() {
		if used[name] {
			head = append(head, firstName(text, name))
		}
	}
	head = append(append(head, i.Unknown...), text.T("import.outcome"), text.T("import.result.error"), text.T("import.result.differs"),
		text.T("import.result.subject"), text.T("import.result.start"), text.T("import.result.end"), text.T("import.result.organizer"), text.T("import.result.link"), text.T("import.result.meeting_id"), text.T("import.result.passcode"))
	for at, row := range list {
		cells, values := []string{strconv.Itoa(row.Number)}, forms[at].Values()
		for _, name := range form.TableInputs() {
			if used[name] {
				cells = append(cells, values.Get(name))
			}
		}
		extra := make([]string, len(i.Unknown)) // row.Extra is empty if retention has removed the row's meeting
		copy(extra, row.Extra)
		cells = append(cells, extra...)
		cells = append(cells, views.RowState(page, row.State), views.RowReason(page, row.Reason, row.Args))
		var m meeting.Meeting
		var differs []meeting.Difference
		if row.MeetingID != 0 {
			if m, err = s.Store.Meeting(r.Context(), row.MeetingID); err != nil {
				return nil, nil, err
			}
			if row.State == meeting.RowFound {
				differs = differences(s.columns.ReadOptions(forms[at]), m.Details)
			}
		}
		zone := zoneOf(forms[at].TimeZone)
		rows = append(rows, append(cells, views.DifferenceWords(page, differs), m.Subject, cellTime(m.Start, zone), cellTime(m.End, zone), m.Organizer.UPN, m.JoinURL, m.JoinMeetingID, m.Passcode))
	}
	return head, rows, nil
}

func cellTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04")
}
