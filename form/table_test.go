package form_test

import (
	"strings"
	"testing"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/spreadsheet"
)

func tableColumns() form.Columns {
	c := form.Columns{Fields: make(map[string]string), Values: map[meeting.Option]map[string]string{meeting.OptionRecord: {form.Fold("Sim"): meeting.On}}}
	for _, name := range form.TableInputs() {
		c.Fields[form.Fold(name)] = name
	}
	c.Fields[form.Fold("Início")], c.Fields[form.Fold("Chamado")] = meeting.FieldStart, meeting.FieldExternalID
	return c
}

func table(rows ...string) (t spreadsheet.Table) {
	for i, row := range rows {
		t.Rows = append(t.Rows, spreadsheet.Row{Number: i + 1, Cells: strings.Split(row, "|")})
	}
	return t
}

func TestCells(t *testing.T) {
	for _, tt := range []struct{ column, cell, want string }{
		{"date", "46477", "date=2027-03-31"},
		{"date", "46477.416666666664", "date=2027-03-31&start=10:00"},
		{"date", "2027-03-31T10:00:00", "date=2027-03-31&start=10:00"},
		{"date", "2027-3-1", "date=2027-03-01"},
		{"date", "31/03/2027", "date=2027-03-31"},
		{"date", "3/31/2027", "date=2027-03-31"},
		{"date", "31.3.27", "date=2027-03-31"},
		{"date", "3/3/2027", "date=2027-03-03"},
		{"date", "31-Mar-27", "date=2027-03-31"},
		{"date", "31 de março de 2027", "date=2027-03-31"},
		{"date", "3/4/2027", "date=3/4/2027"},
		{"date", "31/31/2027", "date=31/31/2027"},
		{"date", "30/02/2027", "date=30/02/2027"},
		{"date", "tomorrow", "date=tomorrow"},
		{"date", "12345678", "date=12345678"},
		{"date", "NaN", "date=NaN"},
		{"start", "nan", "start=nan"},
		{"Início", "0.4375", "start=10:30"},
		{"start", "0", "start=00:00"},
		{"start", "46477.5", "date=2027-03-31&start=12:00"},
		{"start", "31/03/2027 10:00", "date=2027-03-31&start=10:00"},
		{"start", "10h", "start=10:00"},
		{"start", "10h30", "start=10:30"},
		{"start", "2 PM", "start=14:00"},
		{"start", "12:15 a.m.", "start=00:15"},
		{"start", "10:00:00", "start=10:00"},
		{"start", "13 PM", "start=13 PM"},
		{"start", "ten", "start=ten"},
		{"start", "10", "start=10"},
		{"end", "46478.0", "end=00:00&end_date=2027-04-01"},
		{"duration", "30", "duration=30"},
		{"duration", "0.0625", "duration=90"},
		{"duration", "1:30", "duration=90"},
		{"duration", "24:00", "duration=1440"},
		{"duration", "25:30:00", "duration=1530"},
		{"duration", "45 min", "duration=45"},
		{"duration", "long", "duration=long"},
		{"record", "SIM", "record=on"},
		{"record", "maybe", "record=maybe"},
		{"chamado", " INC1 ", "external_id=INC1"},
		{"chamado", "#N/A", ""},
		{"chamado", "#1", "external_id=%231"},
	} {
		read := form.FromTable(table("external_id|"+tt.column, "|"+tt.cell), tableColumns(), "")
		if tt.column == "chamado" {
			read = form.FromTable(table(tt.column, tt.cell), tableColumns(), "")
		}
		if len(read.Rows) != 1 {
			t.Fatalf("%q: %+v", tt.cell, read)
		}
		f := read.Rows[0].Form
		f.ReadDates("")
		got := strings.NewReplacer("%3A", ":", "%2F", "/", "+", " ").Replace(f.Values().Encode())
		if got != tt.want {
			t.Errorf("%s %q is read as %s, want %s", tt.column, tt.cell, got, tt.want)
		}
	}
}

func TestDateOrder(t *testing.T) {
	for _, tt := range []struct {
		dates    string
		language form.DateOrder
		order    form.DateOrder
		unclear  string
	}{
		{"3/4/2027|31/3/2027", "", form.DayFirst, ""},
		{"3/4/2027|3/31/2027", form.DayFirst, form.MonthFirst, ""},
		{"3/4/2027|5/6/2027", "", "", "3/4/2027"},
		{"3/4/2027|5/6/2027", form.DayFirst, form.DayFirst, ""},
		{"3/4/2027|31/3/2027|3/31/2027", form.DayFirst, "", "3/4/2027"}, // the table contains both orders
		{"3/3/2027|2027-03-31", "", "", ""},
	} {
		var rows []form.TableRow
		for date := range strings.SplitSeq(tt.dates, "|") {
			rows = append(rows, form.TableRow{Form: form.Form{Date: date}})
		}
		order, unclear := form.OrderOf(rows, tt.language)
		if order != tt.order || unclear != tt.unclear {
			t.Errorf("%s: order %q, unclear %q, want %q and %q", tt.dates, order, unclear, tt.order, tt.unclear)
		}
		if f := rows[0].Form; unclear != "" {
			if f.ReadDates(order); f.UnclearDate() != unclear {
				t.Errorf("%s: the date became %q", tt.dates, f.Date)
			}
		}
	}
	f := form.Form{Date: "3/4/2027", EndDate: "4/4/27"}
	if f.ReadDates(form.MonthFirst); f.Date != "2027-03-04" || f.EndDate != "2027-04-04" {
		t.Errorf("after the answer, the dates are %q and %q", f.Date, f.EndDate)
	}
}

func TestColumns(t *testing.T) {
	read := form.FromTable(table("Room|CHAMADO|Subject (optional)|chamado|inicio", "A|INC1|One|INC2|10:00", "B||||", "C|INC3"), tableColumns(), "Europe/Lisbon")
	if got := strings.Join(read.Unknown, ","); got != "Room,chamado" || read.Missing {
		t.Errorf("unknown columns %q, missing %v", got, read.Missing)
	}
	if len(read.Rows) != 2 || read.Rows[0].Form != (form.Form{ExternalID: "INC1", Subject: "One", Start: "10:00", TimeZone: "Europe/Lisbon"}) || read.Rows[0].Extra[0] != "A" || read.Rows[1].Number != 4 {
		t.Errorf("the rows are %+v", read.Rows)
	}
	if read := form.FromTable(table("Room", "A"), tableColumns(), ""); !read.Missing {
		t.Error("a table without tickets is accepted")
	}
}
