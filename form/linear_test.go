package form_test

import (
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/linear"
	"meetdesk/spreadsheet"
)

func TestFormIsReadInLinearTime(t *testing.T) {
	linear.Texts(t, 8<<10, "", "", func(s string) {
		form.Form{ExternalID: s, Subject: s, Date: s, Start: s, End: s, EndDate: s, Duration: s, TimeZone: s, Fold: s, ThreadID: s, Organizer: s}.Request(time.Now())
	})
}

func TestTableIsReadInLinearTime(t *testing.T) {
	columns := form.Columns{Fields: make(map[string]string)}
	for _, name := range form.TableInputs() {
		columns.Fields[form.Fold(name)] = name
	}
	linear.Texts(t, 8<<10, "", "", func(s string) {
		row := spreadsheet.Row{Number: 2}
		for range form.TableInputs() {
			row.Cells = append(row.Cells, s)
		}
		table := form.FromTable(spreadsheet.Table{Rows: []spreadsheet.Row{{Number: 1, Cells: form.TableInputs()}, row}}, columns, "UTC")
		form.OrderOf(table.Rows, "")
		for i := range table.Rows {
			table.Rows[i].Form.ReadDates(form.DayFirst)
		}
	})
}
