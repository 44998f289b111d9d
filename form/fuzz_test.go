package form_test

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/spreadsheet"
)

var fuzzNow = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// FuzzForm asserts that no field is lost when a form is resubmitted, and that a link keeps
// the fields that prefill a new form. A request without problems must contain only valid
// text within the limits set by package meeting.
func FuzzForm(f *testing.F) {
	for _, query := range []string{
		"external_id=INC0012345&subject=Printer&date=2026-12-01&start=10:00&end=11:00&time_zone=Europe/Berlin&attendees=priya@contoso.example",
		"external_id=INC1&time_zone=UTC&duration=30&past=1&now=1&anyway=1&form_id=x&inside=a@b.example", "my_zone=1&proposed=subject%3Da&filled=pattern%3D%7Bticket%7D&preset=VPN", "subject=%00%E2%80%AE&external_id=%E2%80%8B",
		"thread_id=19:x@thread.tacv2&organizer=TOMAS@contoso.example&fold=second&date=2026-10-25&start=02:30&duration=45&time_zone=Europe/Berlin", "a=%zz&;",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		sent, _ := url.ParseQuery(query)
		filled := form.FromValues(sent)
		again := make(url.Values)
		for _, field := range filled.Fields() {
			again.Set(field.Name, field.Value)
		}
		resent := form.FromValues(again)
		if resent.Anyway = filled.Anyway; resent != filled {
			t.Errorf("sent again, %+v becomes\n%+v", again, resent)
		}
		linked := form.FromValues(filled.Query())
		linked.FormID, linked.Inside, linked.Past, linked.Now, linked.MyZone, linked.Anyway = filled.FormID, filled.Inside, filled.Past, filled.Now, filled.MyZone, filled.Anyway
		if linked != filled {
			t.Errorf("in a link, %+v becomes\n%+v", filled, linked)
		}
		if same := filled.Map(func(s string) string { return s }); same != filled {
			t.Errorf("%+v becomes %+v", filled, same)
		}
		request, problems := filled.Request(fuzzNow)
		if problems.Any() {
			return
		}
		for _, text := range []string{request.ExternalID, request.Subject, request.ThreadID, request.Organizer, request.TimeZone} {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, meeting.IsControl) || len(text) > 4*max(meeting.MaxExternalID, meeting.MaxSubject, meeting.MaxThreadID) {
				t.Errorf("no problem with %+v", text)
			}
		}
		length := request.End.Sub(request.Start)
		if request.ExternalID == "" || len(request.Attendees) > meeting.MaxAttendees || request.Duration < 0 || request.Duration > meeting.MaxDuration || !request.End.IsZero() && (length < 0 || length > meeting.MaxDuration) {
			t.Errorf("no problem with %+v", request)
		}
		if _, problems := filled.Request(fuzzNow); problems.Any() {
			t.Errorf("the second reading has problems: %v", problems)
		}
	})
}

// FuzzTimes asserts that, in every zone, the times filled in by SetStart and SetEnd are
// read back as the same instants.
func FuzzTimes(f *testing.F) {
	for _, zone := range []string{"Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu", "America/New_York"} {
		f.Add(int64(1792893600), int64(45), zone, "11:00")
		f.Add(int64(1774747800), int64(1440), zone, "2:5")
		f.Add(int64(1792891800), int64(60), zone, "25:00")
	}
	f.Fuzz(func(t *testing.T, seconds, minutes int64, name, clock string) {
		zone, ok := meeting.LoadZone(name)
		start := time.Unix(946_684_800+abs(seconds)%(6*1e9), 0).UTC().Truncate(time.Minute)
		end := start.Add(time.Duration(1+abs(minutes)%int64(meeting.MaxDuration/time.Minute)) * time.Minute)
		if !ok || start.In(zone).Year() < 2000 || end.In(zone).Year() > 2199 {
			return
		}
		if _, offset := start.In(zone).Zone(); offset%60 != 0 {
			return // the form has no field for seconds
		}
		if _, offset := end.In(zone).Zone(); offset%60 != 0 {
			return
		}
		filled := form.Form{ExternalID: "INC1", TimeZone: name}
		filled.SetStart(start.In(zone))
		filled.SetEnd(start, end.In(zone))
		request, problems := filled.Request(start.Add(-time.Hour))
		got := request.End
		if got.IsZero() {
			got = request.Start.Add(request.Duration)
		}
		if problems.Any() || !request.Start.Equal(start) || !got.Equal(end) {
			t.Errorf("%v to %v in %s is filled in as\n%+v and read as %v to %v, %v", start, end, name, filled, request.Start, got, problems)
		}
		filled.Start = clock
		request, problems = filled.Request(start.Add(-time.Hour))
		if !problems.Any() && !request.Start.IsZero() && !strings.HasPrefix(request.Start.In(zone).Format("15:04:05"), pad(strings.TrimSpace(clock))) {
			t.Errorf("%q in %s is read as %v", clock, name, request.Start.In(zone))
		}
	})
}

func abs(n int64) int64 { return max(n, -(n + 1)) }

func pad(clock string) string {
	if len(clock) > 1 && clock[1] == ':' {
		return "0" + clock
	}
	return clock
}

// FuzzFill asserts that Fill never replaces a subject or length entered by the user. Fill
// must be idempotent. Choosing no preset must undo the preset's subject and options.
func FuzzFill(f *testing.F) {
	f.Add("INC0012345", "", "VPN: {ticket}", "organization", 45, "", "10:00")
	f.Add("", "my own subject", "{ticket}", "", 0, "60", "")
	f.Add("x~2", " ", "\r\n&=;", "a=b", 5, "\u0663", "")
	f.Fuzz(func(t *testing.T, ticket, subject, pattern, lobby string, minutes int, duration, start string) {
		p := meeting.Preset{Name: "VPN", Subject: pattern, Minutes: 5 * (max(minutes, 0) % 100), Options: meeting.Options{Lobby: lobby}}
		before := form.Form{ExternalID: ticket, Subject: subject, Duration: duration, Date: "2026-12-01", Start: start, TimeZone: "UTC"}
		filled := before
		filled.Fill(p, 30)
		if strings.TrimSpace(subject) != "" && filled.Subject != subject {
			t.Errorf("the subject %q becomes %q", subject, filled.Subject)
		}
		if strings.TrimSpace(duration) != "" && filled.Duration != duration {
			t.Errorf("the length %q becomes %q", duration, filled.Duration)
		}
		twice := filled
		if twice.Fill(p, 30) || twice != filled {
			t.Errorf("filled in twice, %+v becomes\n%+v", filled, twice)
		}
		undone := filled
		undone.Fill(meeting.Preset{}, 30)
		if strings.TrimSpace(undone.Subject) != strings.TrimSpace(subject) || undone.Options != before.Options {
			t.Errorf("%+v becomes\n%+v and without the preset\n%+v", before, filled, undone)
		}
		if name, ok := filled.FilledPreset(); name != "VPN" || !ok {
			t.Errorf("filled in by %q, %v", name, ok)
		}
	})
}

// FuzzPresetForm asserts that a valid preset is unchanged after it is converted to a form
// and back.
func FuzzPresetForm(f *testing.F) {
	f.Add("name=VPN&prefix=INC&subject=VPN+%7Bticket%7D&duration=45&lobby=organization&version=3")
	f.Add("name=+a+&duration=%D9%A3&version=x")
	f.Fuzz(func(t *testing.T, query string) {
		sent, _ := url.ParseQuery(query)
		typed := form.PresetFrom(sent)
		if same := typed.Map(func(s string) string { return s }); same != typed {
			t.Errorf("%+v becomes %+v", typed, same)
		}
		p, problems := typed.Preset()
		if problems.Any() {
			return
		}
		again, problems := form.PresetOf(p).Preset()
		if problems.Any() || !reflect.DeepEqual(again, p) {
			t.Errorf("%+v is the preset\n%+v, and its form\n%+v: %v", typed, p, again, problems)
		}
		if p.Minutes != 0 && (p.Minutes < meeting.MinPresetMinutes || p.Minutes > meeting.MaxPresetMinutes) || !slices.Contains([]string{p.Name, ""}, strings.TrimSpace(p.Name)) || p.Name == "" {
			t.Errorf("no problem with %+v", p)
		}
	})
}

// FuzzTable reads a row as a form and then reads the form's values as a row of another
// table. The second form must equal the first. Unknown columns must keep their cells, and
// parsed dates must be valid.
func FuzzTable(f *testing.F) {
	for _, seed := range []struct{ names, cells string }{
		{"external_id|date|start|end|duration", "INC1|46477.4375|10h30|2 PM|1:30"}, {"Chamado (obrigatório)|date|Início", "INC1|31/03/2027 10:00|0.4375"},
		{"external_id|Room|end_date|start", "INC1|B 12|31 de março de 2027|NaN"}, {"external_id|external_id|subject|record", "INC1|INC2|Printer|Sim"},
		{"Title|external_id|date", "|INC1|3/4/2027"}, {"external_id|start", "INC1|1e400"}, {"", ""}, {"external_id|date", "INC1|-0"},
	} {
		f.Add(seed.names, seed.cells, false)
		f.Add(seed.names, seed.cells, true)
	}
	f.Fuzz(func(t *testing.T, names, cells string, date1904 bool) {
		read := func(names, cells []string, date1904 bool) form.Table {
			return form.FromTable(spreadsheet.Table{Date1904: date1904, Rows: []spreadsheet.Row{{Number: 1, Cells: names}, {Number: 2, Cells: cells}}}, tableColumns(), "UTC")
		}
		head, row := strings.Split(names, "|"), strings.Split(cells, "|")
		table := read(head, row, date1904)
		if len(table.Rows) == 0 {
			return
		}
		got := table.Rows[0]
		if got.Number != 2 || len(got.Extra) != len(table.Unknown) {
			t.Fatalf("row %d has the cells %q of the columns %q", got.Number, got.Extra, table.Unknown)
		}
		for _, cell := range got.Extra {
			if cell != "" && !slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) == cell }) {
				t.Errorf("no cell of %q is %q", row, cell)
			}
		}
		order, _ := form.OrderOf(table.Rows, "")
		got.Form.ReadDates(order)
		for _, day := range []string{got.Form.Date, got.Form.EndDate} {
			if strings.Count(day, "-") == 2 && len(day) == len(time.DateOnly) && !strings.ContainsAny(day, "/.") {
				if _, err := time.Parse(time.DateOnly, day); err != nil && !slices.ContainsFunc(row, func(c string) bool { return strings.Contains(c, day) }) {
					t.Errorf("%q became the date %q", row, day)
				}
			}
		}
		var again, values []string
		for _, field := range got.Form.Fields() {
			if slices.Contains(form.TableInputs(), field.Name) {
				again, values = append(again, field.Name), append(values, field.Value)
			}
		}
		second := read(again, values, false)
		if got.Form.ExternalID == "" {
			return // the second table lacks the external ID, so it is not read
		}
		if len(second.Rows) != 1 || !reflect.DeepEqual(second.Rows[0].Form, got.Form) {
			t.Errorf("%q was read as\n%+v and then as\n%+v", row, got.Form, second.Rows)
		}
	})
}
