package web

import (
	"bufio"
	"net/http"
	"strconv"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
	"meetdesk/xlsx"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// importXLSX sends the imported table as a workbook, with the outcome of each row. Every
// cell is text, to preserve leading zeros.
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

// importCSV sends the imported table as CSV, with the outcome of each row. Excel needs the
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

func (s *Server) importResult(r *http.Request) (head []string, rows [][]string, err error) {
	i, list, err := s.endedImport(r)
	if err != nil {
		return nil, nil, err
	}
	text, page := visitOf(r).text, s.page(r, "")
	used := make(map[string]bool)
	forms := make([]form.Form, len(list))
	for at, row := range list {
		forms[at] = decodeForm(row.Form)
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
	head = append(append(head, i.Unknown...), text.T("import.outcome"), text.T("import.result.error"), text.T("import.result.link"), text.T("import.result.meeting_id"), text.T("import.result.passcode"))
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
		var m meeting.Meeting
		if row.MeetingID != 0 {
			if m, err = s.Store.Meeting(r.Context(), row.MeetingID); err != nil {
				return nil, nil, err
			}
		}
		rows = append(rows, append(cells, views.RowState(page, row.State), views.RowReason(page, row.Reason, row.Args), m.JoinURL, m.JoinMeetingID, m.Passcode))
	}
	return head, rows, nil
}
