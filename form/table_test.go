package form_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
		{"Início", "0.4375", "start=0.4375"},
		{"start", "0.50", "start=0.50"},
		{"start", "0", "start=0"},
		{"start", "46477", "date=2027-03-31&start=00:00"},
		{"start", "9.30", "start=09:30"},
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
		{"duration", "1:30", "duration=1:30"},
		{"duration", "0,5", "duration=0,5"},
		{"record", "SIM", "record=SIM"},
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
		got := strings.NewReplacer("%3A", ":", "%2F", "/", "%2C", ",", "+", " ").Replace(f.Values().Encode())
		if got != tt.want {
			t.Errorf("%s %q is read as %s, want %s", tt.column, tt.cell, got, tt.want)
		}
	}
}

// TestRowsThatDisagree checks which lengths CheckRow accepts, and that it reports cells
// that contradict each other.
func TestRowsThatDisagree(t *testing.T) {
	for _, tt := range []struct{ columns, cells, want string }{
		{"duration", "30", ""},
		{"duration", "1:30", ""},
		{"duration", "24:00", ""},
		{"duration", "45 min", ""},
		{"duration", "2h", ""},
		{"duration", "0,5", "duration: duration.decimal 0,5"},
		{"duration", "0.0625", "duration: duration.decimal 0.0625"},
		{"duration", "1.30", "duration: duration.decimal 1.30"},
		{"duration", "100:00", "duration: duration.unreadable 100:00"},
		{"duration", "00:00", "duration: duration.unreadable 00:00"},
		{"duration", "long", "duration: duration.unreadable long"},
		{"end|duration", "10:30|30", ""},
		{"end|duration", "10:30|0:30", ""},
		{"end|duration", "10:30|45", "duration: duration.differs 45 30"},
		{"end|end_date|duration", "09:30|2027-04-01|45", "duration: duration.differs 45 1410"},
		{"end_date|duration", "2027-03-31|45", ""},
		{"end_date|duration", "2027-04-01|45", "end_date: end_date.differs 2027-03-31"},
		{"start", "0.4375", "start: time.unreadable 0.4375"},
		{"start", "2027-03-31 10:00", ""},
		{"start", "2027-04-01 10:00", "start: time.unreadable 2027-04-01 10:00"},
		{"date", "2027-03-31 10:00", ""},
		{"date", "2027-03-31 00:00", ""},
		{"date", "46477.5", "date: date.unreadable 2027-03-31 12:00"},
		{"end", "2027-03-31 10:30", ""},
		{"end|end_date", "2027-03-31 10:30|2027-04-01", "end: time.unreadable 2027-03-31 10:30"},
		{"end|end_date", "10:30|2027-03-31 10:45", "end_date: date.unreadable 2027-03-31 10:45"},
	} {
		names, cells := []string{"external_id", "time_zone"}, []string{"INC1", "UTC"}
		for name, cell := range map[string]string{"date": "2027-03-31", "start": "10:00"} {
			if !slices.Contains(strings.Split(tt.columns, "|"), name) {
				names, cells = append(names, name), append(cells, cell)
			}
		}
		head, row := strings.Join(names, "|")+"|"+tt.columns, strings.Join(cells, "|")+"|"+tt.cells
		f := form.FromTable(table(head, row), tableColumns(), "").Rows[0].Form
		f.ReadDates("")
		_, problems := f.CheckRow(form.Rules{}, time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC))
		var got []string
		for _, p := range problems {
			text := p.Field + ": " + string(p.Key)
			for _, arg := range []string{"Value", "Length", "Span", "Date"} {
				v, ok := p.Args[arg]
				if day, isDay := v.(meeting.Day); isDay {
					v = time.Time(day).Format(time.DateOnly)
				}
				if ok {
					text += " " + fmt.Sprint(v)
				}
			}
			got = append(got, text)
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s %s: problems %q, want %q", tt.columns, tt.cells, got, tt.want)
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
	columns := tableColumns()
	columns.Unnamed = func(i int) string { return fmt.Sprint("column ", i) }
	unnamed := form.FromTable(table("|Chamado||Subject||", "|INC1||One|", "|INC2||Two||note|x", "|||"), columns, "")
	if got := strings.Join(unnamed.Unknown, ","); got != "column 5,column 6" || len(unnamed.Rows) != 2 || strings.Join(unnamed.Rows[1].Extra, ",") != "note,x" {
		t.Errorf("unnamed columns %q in %+v", got, unnamed.Rows)
	}
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
