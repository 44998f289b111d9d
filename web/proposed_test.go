package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// ticketOnly returns the fields of the form at the given URL as if the user had typed only
// the ticket.
func ticketOnly(b *browser, address, ticket string) url.Values {
	form := fields(b.get(address).want(200))
	form.Set("external_id", ticket)
	return form
}

// TestProposalsAreNotRequests checks that values that the desk only proposed are neither
// compared with an existing meeting nor offered as a change to it.
func TestProposalsAreNotRequests(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	for _, tt := range []struct {
		name string
		form func(b *browser) url.Values
	}{
		{"only the ticket number", func(b *browser) url.Values { return ticketOnly(b, "/meetings/new", "INC0012345") }},
		{"ticket link", func(b *browser) url.Values { return fields(b.get("/t/INC0012345").want(200)) }},
		{"link without times", func(b *browser) url.Values {
			return fields(b.get("/meetings/new?external_id=INC0012345&duration=45").want(200))
		}},
		{"link with a time zone", func(b *browser) url.Values {
			return fields(b.get("/meetings/new?external_id=INC0012345&time_zone=Asia%2FTokyo").want(200))
		}},
		{"copy of another meeting", func(b *browser) url.Values {
			where := b.post("/meetings", newForm("external_id", "REQ7", "subject", "Copied", "attendees", tomas)).want(200, "Created")
			form := fields(b.press(where, "Another meeting").want(200))
			form.Set("external_id", "INC0012345")
			if form.Get("subject") != "Copied" || !strings.Contains(form.Get("attendees"), tomas) {
				t.Fatalf("the form does not have the other meeting's subject and people: %v", form)
			}
			return form
		}},
		{"form corrected after a mistake", func(b *browser) url.Values {
			form := ticketOnly(b, "/meetings/new", "INC0012345")
			form.Set("lobby", "nonsense")
			form = fields(b.post("/meetings", form).want(422))
			form.Del("lobby")
			return form
		}},
		{"form sent again after a refusal", func(b *browser) url.Values {
			b.site.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
			p := b.post("/meetings", ticketOnly(b, "/meetings/new", "INC0012345")).want(200, "Retry")
			return fields(b.press(p, "Edit and send again").want(200))
		}},
		{"copy of another meeting, sent again after a refusal", func(b *browser) url.Values {
			where := b.post("/meetings", newForm("external_id", "REQ8", "subject", "Copied", "attendees", tomas)).want(200, "Created")
			form := fields(b.press(where, "Another meeting").want(200))
			form.Set("external_id", "INC0012345")
			b.site.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
			p := b.post("/meetings", form).want(200, "Retry")
			form = fields(b.press(p, "Edit and send again").want(200))
			if form.Get("subject") != "Copied" || !strings.Contains(form.Get("attendees"), tomas) {
				t.Fatalf("the form does not have the other meeting's subject and people: %v", form)
			}
			return form
		}},
		{"blank times", func(b *browser) url.Values {
			form := ticketOnly(b, "/meetings/new", "INC0012345")
			for _, name := range []string{"date", "start", "end", "proposed"} {
				form.Set(name, "")
			}
			return form
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
			atGraph(t, s, priya, "INC0012345", "Made in Teams")
			p := b.post("/meetings", tt.form(b)).want(200, "Found", "nothing you entered differs")
			if p.doc.Find(".compare, form[action$='/update']").Length() != 0 {
				t.Errorf("the page offers a change that nobody asked for:\n%s", p.text())
			}
			if got := len(bodies(s, "PATCH")); got != 0 {
				t.Errorf("%d PATCH requests, want none", got)
			}
		})
	}
}

// TestOnlyTypedPartsAreCompared checks that the desk compares and updates only the fields
// that the user filled in.
func TestOnlyTypedPartsAreCompared(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	day := func(s *site) string { return s.now().UTC().AddDate(0, 0, 3).Format(time.DateOnly) }
	setMinutes := func(f url.Values, minutes int) {
		start, err := time.Parse("2006-01-02 15:04", f.Get("date")+" "+f.Get("start"))
		if err != nil {
			t.Fatal(err)
		}
		end := start.Add(time.Duration(minutes) * time.Minute)
		f.Set("end", end.Format("15:04"))
		if f.Set("end_date", end.Format(time.DateOnly)); f.Get("end_date") == f.Get("date") {
			f.Del("end_date")
		}
	}
	for name, tt := range map[string]struct {
		typed  func(s *site, form url.Values)
		differ string // the rows that the comparison must show
	}{
		"subject": {func(_ *site, f url.Values) { f.Set("subject", "Typed") }, "Subject"},
		"people":  {func(_ *site, f url.Values) { f.Set("attendees", tomas) }, "People"},
		"option":  {func(_ *site, f url.Values) { f.Set("record", "on") }, "Record automatically"},
		"start, with the end moved by as much": {func(s *site, f url.Values) {
			f.Set("date", day(s))
			f.Set("start", "14:00")
			f.Set("end", "14:30")
			f.Set("end_date", "")
		}, "Start"},
		"start and length": {func(s *site, f url.Values) {
			f.Set("date", day(s))
			f.Set("start", "14:00")
			f.Set("end", "16:15")
			f.Set("end_date", "")
		}, "Start End"},
		"start without end": {func(s *site, f url.Values) {
			f.Set("date", day(s))
			f.Set("start", "14:00")
			f.Set("end", "")
			f.Set("end_date", "")
		}, "Start"},
		"length":             {func(_ *site, f url.Values) { setMinutes(f, 45) }, "End"},
		"length of a day":    {func(_ *site, f url.Values) { setMinutes(f, 1440) }, "End"},
		"length in minutes":  {func(_ *site, f url.Values) { f.Set("end", ""); f.Set("end_date", ""); f.Set("duration", "15") }, "End"},
		"length and subject": {func(_ *site, f url.Values) { setMinutes(f, 90); f.Set("subject", "Typed") }, "Subject End"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
			_, link := atGraph(t, s, priya, "INC0012345", "Made in Teams")
			b.post("/meetings/adopt", url.Values{"join_url": {link}}).want(200)
			before := newest(t, s, "INC0012345")
			form := ticketOnly(b, "/meetings/new", "INC0012345")
			form.Set("anyway", "1")
			tt.typed(s, form)
			p := b.post("/meetings", form).want(200, "Found", "Keep it as it is", "Replace with my version")
			rows := p.doc.Find(".asked tbody th").Map(func(_ int, row *goquery.Selection) string { return row.Text() })
			if got := strings.Join(rows, " "); got != tt.differ {
				t.Errorf("the page compares %q, want %q", got, tt.differ)
			}
			if filled := p.doc.Find(".compare .primary"); filled.Length() != 1 || filled.Text() != "Keep it as it is" {
				t.Errorf("the primary button is %q, want the one that keeps the meeting", filled.Text())
			}
			b.post("/meetings/1/update", formFields(p.doc.Find(`.compare form[action$="/update"]`))).want(200)
			after := newest(t, s, "INC0012345")
			if !strings.Contains(tt.differ, "Subject") && after.Subject != before.Subject {
				t.Errorf("the subject became %q although nobody typed one", after.Subject)
			}
			moved := !after.Start.Equal(before.Start) && !strings.Contains(tt.differ, "Start")
			if moved || !after.End.Equal(before.End) && !strings.Contains(tt.differ, "Start") && !strings.Contains(tt.differ, "End") {
				t.Errorf("the meeting moved to %s–%s although nobody typed that", after.Start, after.End)
			}
			if tt.differ == "Start" && after.End.Sub(after.Start) != before.End.Sub(before.Start) {
				t.Errorf("it now lasts %s, want %s as before", after.End.Sub(after.Start), before.End.Sub(before.Start))
			}
			if tt.differ != "People" && !meeting.SamePeople(after.Attendees, before.Attendees) {
				t.Errorf("the people became %v although nobody typed any", after.Attendees)
			}
		})
	}
}

// TestRetriedFormKeepsProposals checks that a form shown again after an error distinguishes
// the user's start time from the proposed duration.
func TestRetriedFormKeepsProposals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
	atGraph(t, s, priya, "INC0012345", "Made in Teams")
	form := ticketOnly(b, "/meetings/new", "INC0012345")
	form.Set("date", s.now().UTC().AddDate(0, 0, 3).Format(time.DateOnly))
	form.Set("start", "14:00")
	form.Set("end", "14:30")
	form.Del("end_date")
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	p := b.post("/meetings", form).want(200, "Retry")
	refilled := fields(b.press(p, "Edit and send again").want(200))
	p = b.post("/meetings", refilled).want(200, "Found")
	if got := p.doc.Find(".asked tbody th").Text(); got != "Start" {
		t.Errorf("the page compares %q, want only the start:\n%s", got, p.text())
	}
}

// TestReplacingSaysWhatIsLost checks that the page lists what replacing the meeting would
// discard, and that keeping the meeting changes nothing.
func TestReplacingSaysWhatIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("subject", "Weekly review", "attendees", "Dana Whitfield <dana@contoso.example>\nalex@contoso.example")).want(200)
	p := b.post("/meetings", s.form("anyway", "1", "subject", "Other", "start", "15:00", "end", "15:30", "attendees", tomas+"\nalex@contoso.example"))
	lost := p.want(200, "Found").doc.Find("#lost").Text()
	for _, want := range []string{"“Weekly review”", "10:00–10:30", "Dana Whitfield"} {
		if !strings.Contains(lost, want) {
			t.Errorf("the list of what is lost lacks %q: %s", want, lost)
		}
	}
	if strings.Contains(lost, "alex@") || strings.Contains(lost, "Other") {
		t.Errorf("the list names something that is not lost: %s", lost)
	}
	b.post(p.doc.Find(".compare .primary").Closest("form").AttrOr("action", ""), nil).want(200)
	if m := newest(t, s, "INC0012345"); m.Subject != "Weekly review" || len(m.Attendees) != 2 || len(bodies(s, "PATCH")) != 0 {
		t.Errorf("the meeting that was kept has subject %q and people %v, want them unchanged", m.Subject, m.Attendees)
	}
}

// TestUpdateWithoutField checks that an update changes only the fields that the form
// contains.
func TestUpdateWithoutField(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	before := newest(t, s, "INC0012345")
	times := s.form("record", "on")
	times.Del("subject")
	times.Del("attendees")
	for _, form := range []url.Values{times, {"subject": {"Renamed"}}, {"attendees": {"dana@contoso.example"}, "subject": {"Once more"}}, {"record": {"on"}}, {}} {
		b.post("/meetings/1/update", form)
		after := newest(t, s, "INC0012345")
		if want := form.Get("subject"); want != "" {
			before.Subject = want
		}
		if after.Subject != before.Subject || !after.Start.Equal(before.Start) || !after.End.Equal(before.End) || !meeting.SamePeople(after.Attendees, before.Attendees) {
			t.Errorf("after %v the meeting has subject %q, times %s–%s and people %v; want all other parts unchanged", form, after.Subject, after.Start, after.End, after.Attendees)
		}
	}
}

// newForm returns a form for a meeting on 1 June 2027. The changes are alternating field
// names and values.
func newForm(changes ...string) url.Values {
	f := url.Values{"external_id": {"X"}, "date": {"2027-06-01"}, "start": {"10:00"}, "end": {"11:00"}, "time_zone": {"Europe/Lisbon"}}
	for i := 0; i+1 < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
	}
	return f
}

// TestStoredTimesDiffer checks that a new meeting's page shows when Microsoft stored times
// other than the requested ones, even if the desk only proposed the requested times.
func TestStoredTimesDiffer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
	s.graph.FailNext(createRoute, emulator.Failure{
		Status: 201, ContentType: "application/json",
		Body: `{"id":"made","externalId":"INC0012345","subject":null,"startDateTime":"2027-03-03T08:00:00Z","endDateTime":"2027-03-03T09:00:00Z","participants":{"attendees":[]}}`,
	})
	p := b.post("/meetings", ticketOnly(b, "/meetings/new", "INC0012345")).want(200, "Created")
	if got := p.doc.Find(".asked tbody th").Text(); got != "StartEnd" {
		t.Errorf("the page compares %q, want the times:\n%s", got, p.text())
	}
}
