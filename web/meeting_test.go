package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/meeting"
	"meetdesk/paths"
)

func TestCreateUpdateFind(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.post("/meetings", s.form()).want(200, "Created", "INC0012345", "Printer on fire", "10:00–10:30", "UTC", "Priya Nair", "dana@contoso.example")
	if got := s.graph.MeetingCount(); got != 1 {
		t.Fatalf("Graph has %d meetings, want 1", got)
	}
	where := p.url.Path

	t.Run("found unchanged by the same external ID", func(t *testing.T) {
		p := b.post("/meetings", s.form("anyway", "1", "subject", "Another subject", "start", "15:00", "end", "16:00"))
		p.want(200, "Found", "Another subject", "15:00", "Printer on fire", "10:00–10:30")
		if p.url.Path != where {
			t.Errorf("got %s, want %s", p.url.Path, where)
		}
		if got := s.graph.MeetingCount(); got != 1 {
			t.Errorf("Graph has %d meetings, want 1", got)
		}
	})

	t.Run("move", func(t *testing.T) {
		edit := b.get(where + "/edit").want(200)
		form := fields(edit)
		if form.Get("start") != "10:00" || form.Get("end") != "10:30" || form.Get("time_zone") != "Europe/Lisbon" {
			t.Fatalf("the form has %v, want the meeting's times", form)
		}
		form.Set("start", "11:00")
		form.Set("end", "11:30")
		b.post(where+"/update", form).want(200, "11:00–11:30", "Changed")
		last := s.graph.Requests()[len(s.graph.Requests())-1]
		body := string(last.Body)
		want := `{"startDateTime":"` + newest(t, s, "INC0012345").Start.Format(time.RFC3339) + `","endDateTime":"` + newest(t, s, "INC0012345").End.Format(time.RFC3339) + `"}`
		if last.Method != "PATCH" || body != want {
			t.Errorf("Graph got %s %s, want a PATCH with %s", last.Method, body, want)
		}
	})

	t.Run("another meeting for the ticket", func(t *testing.T) {
		form := fields(b.press(b.get(where), "Another meeting").want(200))
		if got := form.Get("external_id"); got != "INC0012345~2" {
			t.Fatalf("proposed %q, want INC0012345~2", got)
		}
		day, err := time.Parse(time.DateOnly, form.Get("date"))
		if err != nil || !day.After(s.now().AddDate(0, 0, 1)) || day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			t.Errorf("proposed %q (%v), want the working day after tomorrow's meeting", form.Get("date"), err)
		}
		if form.Get("start") != "11:00" || form.Get("end") != "11:30" || form.Get("time_zone") != "Europe/Lisbon" || form.Get("subject") != "Printer on fire" || !strings.Contains(form.Get("attendees"), "dana@") {
			t.Errorf("proposed %v, want the rest of the meeting", form)
		}
		b.post("/meetings", s.form("external_id", form.Get("external_id"))).want(200, "Created", "INC0012345~2")
		if next := fields(b.press(b.get(where), "Another meeting").want(200)).Get("external_id"); next != "INC0012345~3" {
			t.Errorf("then proposed %s, want INC0012345~3", next)
		}
	})

	t.Run("found by the help desk in another spelling", func(t *testing.T) {
		d := s.signIn(dana)
		d.get("/history?q=inc-0012345").want(200, "Printer on fire")
		d.get(where).want(200, "Printer on fire", "Priya Nair")
		if d.get(where).doc.Find(`a[href$="/edit"]`).Length() != 0 {
			t.Error("the help desk's page has a link to change the meeting")
		}
	})
}

// fields returns the values of the page's meeting form as a browser would send them.
func fields(p *page) url.Values {
	p.t.Helper()
	form := p.doc.Find(`form:has([name="external_id"], [name="base_reply"])`).First()
	if form.Length() == 0 {
		p.t.Fatalf("%s: no meeting form in:\n%s", p.url, p.text())
	}
	return formFields(form)
}

func fieldsOf(p *page, action string) url.Values {
	p.t.Helper()
	form := p.formsTo(action)
	if form.Length() != 1 {
		p.t.Fatalf("%s: %d forms for %s in:\n%s", p.url, form.Length(), action, p.text())
	}
	return formFields(form)
}

// formsTo returns the forms whose target URL ends with the action, with or without the query
// that paths.Submit adds.
func (p *page) formsTo(action string) *goquery.Selection {
	return p.doc.Find(`form[action$="` + action + `"], form[action$="` + paths.Submit(action) + `"]`)
}

func formFields(form *goquery.Selection) url.Values {
	values := make(url.Values)
	for _, input := range form.Find("input, textarea, select").EachIter() {
		name, _ := input.Attr("name")
		switch kind, _ := input.Attr("type"); {
		case name == "", (kind == "radio" || kind == "checkbox") && !input.Is("[checked]"):
		case input.Is("textarea"):
			values.Set(name, input.Text())
		case input.Is("select"):
			chosen := input.Find("option[selected]")
			values.Set(name, chosen.AttrOr("value", chosen.Text()))
		default:
			values.Add(name, input.AttrOr("value", ""))
		}
	}
	return values
}

func TestTimes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	tomorrow := s.now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	near := func(got, want time.Time) bool { return got.Sub(want).Abs() < time.Minute }
	for _, tt := range []struct {
		name       string
		form       url.Values
		start, end time.Time
	}{
		{"no start and no end: one hour from now", s.form("external_id", "T1", "date", "", "start", "", "end", ""), time.Now(), time.Now().Add(time.Hour)},
		{"the same with today's date", s.form("external_id", "T2", "date", s.now().UTC().Format(time.DateOnly), "start", "", "end", "", "time_zone", "UTC"), time.Now(), time.Now().Add(time.Hour)},
		{"no end: one hour", s.form("external_id", "T3", "end", ""), at(tomorrow, "10:00", "Europe/Lisbon"), at(tomorrow, "11:00", "Europe/Lisbon")},
		{"duration instead of an end", s.form("external_id", "T4", "end", "", "duration", "15"), at(tomorrow, "10:00", "Europe/Lisbon"), at(tomorrow, "10:15", "Europe/Lisbon")},
		{"end equal to the start", s.form("external_id", "T5", "end", "10:00"), at(tomorrow, "10:00", "Europe/Lisbon"), at(tomorrow, "10:00", "Europe/Lisbon")},
		{"past midnight", s.form("external_id", "T6", "date", "2027-03-03", "start", "23:30", "end", "00:30", "end_date", "2027-03-04"), at("2027-03-03", "23:30", "Europe/Lisbon"), at("2027-03-04", "00:30", "Europe/Lisbon")},
		{"second of two ambiguous times", s.form("external_id", "T7", "date", "2027-10-31", "start", "01:15", "end", "01:45", "fold", "second"), at("2027-10-31", "01:15", "UTC"), at("2027-10-31", "01:45", "UTC")},
		{"first of two ambiguous times", s.form("external_id", "T8", "date", "2027-10-31", "start", "01:15", "end", "01:45", "fold", "first"), at("2027-10-31", "00:15", "UTC"), at("2027-10-31", "00:45", "UTC")},
		{"start in the past", s.form("external_id", "T9", "date", "2026-03-03", "past", "1"), at("2026-03-03", "10:00", "Europe/Lisbon"), at("2026-03-03", "10:30", "Europe/Lisbon")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.post("/meetings", tt.form).want(200, "Created")
			m := newest(t, s, tt.form.Get("external_id"))
			if !near(m.Start, tt.start) || !near(m.End, tt.end) {
				t.Errorf("stored %s to %s, want %s to %s", m.Start, m.End, tt.start, tt.end)
			}
		})
	}
	t.Run("warning of a start in the past", func(t *testing.T) {
		b.post("/meetings", s.form("external_id", "T10", "date", "2026-03-03", "past", "1")).want(200, "past")
		if p := b.post("/meetings", s.form("external_id", "T11")).want(200); strings.Contains(p.text(), "in the past") {
			t.Errorf("the page warns of a start in the future:\n%s", p.text())
		}
	})
}

func at(day, clock, zone string) time.Time {
	loc, ok := meeting.LoadZone(zone)
	if !ok {
		panic(zone)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, loc)
	if err != nil {
		panic(err)
	}
	return t
}
