package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// ticketAlone fills in nothing but the ticket on the form at an address, as
// somebody who presses Enter at once.
func ticketAlone(b *browser, address, ticket string) url.Values {
	form := fields(b.get(address).want(200))
	form.Set("external_id", ticket)
	return form
}

// The most careless way through every page must leave a meeting as it is: what
// was not typed is not compared, not sent and not offered.
func TestWhatWasNotTypedIsNotAskedFor(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		form func(b *browser) url.Values
	}{
		{"the number alone", func(b *browser) url.Values { return ticketAlone(b, "/meetings/new", "INC0012345") }},
		{"a ticket's address", func(b *browser) url.Values { return fields(b.get("/t/INC0012345").want(200)) }},
		{"a link without times", func(b *browser) url.Values {
			return fields(b.get("/meetings/new?external_id=INC0012345&duration=45").want(200))
		}},
		{"a link with a zone", func(b *browser) url.Values {
			return fields(b.get("/meetings/new?external_id=INC0012345&time_zone=Asia%2FTokyo").want(200))
		}},
		{"another meeting, under the number of the first", func(b *browser) url.Values {
			where := b.post("/meetings", newForm("external_id", "REQ7", "subject", "Copied", "attendees", tomas)).want(200, "Created")
			link := where.doc.Find(`.actions a[href^="/meetings/new"]`).AttrOr("href", "")
			form := fields(b.get(link).want(200))
			form.Set("external_id", "INC0012345")
			if form.Get("subject") != "Copied" || !strings.Contains(form.Get("attendees"), tomas) {
				t.Fatalf("the form is not filled in: %v", form)
			}
			return form
		}},
		{"the form after a mistake", func(b *browser) url.Values {
			form := ticketAlone(b, "/meetings/new", "INC0012345")
			form.Set("lobby", "nonsense")
			form = fields(b.post("/meetings", form).want(422))
			form.Del("lobby")
			return form
		}},
		{"the form again after a refusal", func(b *browser) url.Values {
			b.site.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
			p := b.post("/meetings", ticketAlone(b, "/meetings/new", "INC0012345")).want(200, "Retry")
			return fields(b.get(p.doc.Find(`.banner a[href^="/meetings/new"]`).AttrOr("href", "")).want(200))
		}},
		{"another meeting, sent again after a refusal", func(b *browser) url.Values {
			where := b.post("/meetings", newForm("external_id", "REQ8", "subject", "Copied", "attendees", tomas)).want(200, "Created")
			form := fields(b.get(where.doc.Find(`.actions a[href^="/meetings/new"]`).AttrOr("href", "")).want(200))
			form.Set("external_id", "INC0012345")
			b.site.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
			p := b.post("/meetings", form).want(200, "Retry")
			form = fields(b.get(p.doc.Find(`.banner a[href^="/meetings/new"]`).AttrOr("href", "")).want(200))
			if form.Get("subject") != "Copied" || !strings.Contains(form.Get("attendees"), tomas) {
				t.Fatalf("the form is not filled in: %v", form)
			}
			return form
		}},
		{"blank times", func(b *browser) url.Values {
			form := ticketAlone(b, "/meetings/new", "INC0012345")
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
				t.Errorf("a change that nobody asked for is offered:\n%s", p.text())
			}
			if got := len(bodies(s, "PATCH")); got != 0 {
				t.Errorf("%d PATCH requests", got)
			}
		})
	}
}

// Of what was typed each part counts by itself, and what replaces it takes the
// rest from the meeting.
func TestOnlyWhatWasTypedIsCompared(t *testing.T) {
	t.Parallel()
	day := func(s *site) string { return s.now().UTC().AddDate(0, 0, 3).Format(time.DateOnly) }
	lasts := func(f url.Values, minutes int) {
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
		differ string // which rows are compared
	}{
		"a subject": {func(_ *site, f url.Values) { f.Set("subject", "Typed") }, "Subject"},
		"people":    {func(_ *site, f url.Values) { f.Set("attendees", tomas) }, "People"},
		"an option": {func(_ *site, f url.Values) { f.Set("record", "on") }, "Recording"},
		"a start, and the end moved along": {func(s *site, f url.Values) {
			f.Set("date", day(s))
			f.Set("start", "14:00")
			f.Set("end", "14:30")
			f.Set("end_date", "")
		}, "Start"},
		"a start and a length": {func(s *site, f url.Values) {
			f.Set("date", day(s))
			f.Set("start", "14:00")
			f.Set("end", "16:15")
			f.Set("end_date", "")
		}, "Start End"},
		"a start, and no end": {func(s *site, f url.Values) {
			f.Set("date", day(s))
			f.Set("start", "14:00")
			f.Set("end", "")
			f.Set("end_date", "")
		}, "Start"},
		"a length":             {func(_ *site, f url.Values) { lasts(f, 45) }, "End"},
		"a length of a day":    {func(_ *site, f url.Values) { lasts(f, 1440) }, "End"},
		"a length in minutes":  {func(_ *site, f url.Values) { f.Set("end", ""); f.Set("end_date", ""); f.Set("duration", "15") }, "End"},
		"a length and subject": {func(_ *site, f url.Values) { lasts(f, 90); f.Set("subject", "Typed") }, "Subject End"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
			_, link := atGraph(t, s, priya, "INC0012345", "Made in Teams")
			b.post("/meetings/adopt", url.Values{"join_url": {link}}).want(200)
			was := newest(t, s, "INC0012345")
			form := ticketAlone(b, "/meetings/new", "INC0012345")
			form.Set("anyway", "1")
			tt.typed(s, form)
			p := b.post("/meetings", form).want(200, "Found", "Keep it as it is", "Replace with my version")
			rows := p.doc.Find(".asked tbody th").Map(func(_ int, row *goquery.Selection) string { return row.Text() })
			if got := strings.Join(rows, " "); got != tt.differ {
				t.Errorf("compared are %q, want %q", got, tt.differ)
			}
			if filled := p.doc.Find(".compare .primary"); filled.Length() != 1 || filled.Text() != "Keep it as it is" {
				t.Errorf("filled is %q, want the one that keeps", filled.Text())
			}
			b.post("/meetings/1/update", formFields(p.doc.Find(`.compare form[action$="/update"]`))).want(200)
			now := newest(t, s, "INC0012345")
			if !strings.Contains(tt.differ, "Subject") && now.Subject != was.Subject {
				t.Errorf("the subject became %q, which nobody typed", now.Subject)
			}
			moved := !now.Start.Equal(was.Start) && !strings.Contains(tt.differ, "Start")
			if moved || !now.End.Equal(was.End) && !strings.Contains(tt.differ, "Start") && !strings.Contains(tt.differ, "End") {
				t.Errorf("it moved to %s–%s, which nobody typed", now.Start, now.End)
			}
			if tt.differ == "Start" && now.End.Sub(now.Start) != was.End.Sub(was.Start) {
				t.Errorf("it lasts %s now, %s before", now.End.Sub(now.Start), was.End.Sub(was.Start))
			}
			if tt.differ != "People" && !meeting.SamePeople(now.Attendees, was.Attendees) {
				t.Errorf("the people became %v, which nobody typed", now.Attendees)
			}
		})
	}
}

// After a refusal the form comes back with what was typed as typed, and with the
// length still a proposal.
func TestAStartIsAllThatIsAskedForAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
	atGraph(t, s, priya, "INC0012345", "Made in Teams")
	form := ticketAlone(b, "/meetings/new", "INC0012345")
	form.Set("date", s.now().UTC().AddDate(0, 0, 3).Format(time.DateOnly))
	form.Set("start", "14:00")
	form.Set("end", "14:30")
	form.Del("end_date")
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	p := b.post("/meetings", form).want(200, "Retry")
	again := fields(b.get(p.doc.Find(`.banner a[href^="/meetings/new"]`).AttrOr("href", "")).want(200))
	p = b.post("/meetings", again).want(200, "Found")
	if got := p.doc.Find(".asked tbody th").Text(); got != "Start" {
		t.Errorf("compared are %q, want the start:\n%s", got, p.text())
	}
}

// Replacing says what is lost, and keeping loses nothing.
func TestReplacingSaysWhatIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("subject", "Weekly review", "attendees", "Dana Whitfield <dana@contoso.example>\nalex@contoso.example")).want(200)
	p := b.post("/meetings", s.form("anyway", "1", "subject", "Other", "start", "15:00", "end", "15:30", "attendees", tomas+"\nalex@contoso.example"))
	lost := p.want(200, "Found").doc.Find("#lost").Text()
	for _, want := range []string{"“Weekly review”", "10:00–10:30", "Dana Whitfield"} {
		if !strings.Contains(lost, want) {
			t.Errorf("what is lost lacks %q: %s", want, lost)
		}
	}
	if strings.Contains(lost, "alex@") || strings.Contains(lost, "Other") {
		t.Errorf("what is not lost is said to be: %s", lost)
	}
	b.post(p.doc.Find(".compare .primary").Closest("form").AttrOr("action", ""), nil).want(200)
	if m := newest(t, s, "INC0012345"); m.Subject != "Weekly review" || len(m.Attendees) != 2 || len(bodies(s, "PATCH")) != 0 {
		t.Errorf("kept, it is %q with %v", m.Subject, m.Attendees)
	}
}

// A form without a field says nothing of that part of the meeting.
func TestAChangeWithoutAFieldKeepsThatPart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	was := newest(t, s, "INC0012345")
	times := s.form("record", "on") // and neither subject nor people
	times.Del("subject")
	times.Del("attendees")
	for _, form := range []url.Values{times, {"subject": {"Renamed"}}, {"attendees": {"dana@contoso.example"}, "subject": {"Once more"}}, {"record": {"on"}}, {}} {
		b.post("/meetings/1/update", form)
		now := newest(t, s, "INC0012345")
		if want := form.Get("subject"); want != "" {
			was.Subject = want
		}
		if now.Subject != was.Subject || !now.Start.Equal(was.Start) || !now.End.Equal(was.End) || !meeting.SamePeople(now.Attendees, was.Attendees) {
			t.Errorf("%v made %q, %s–%s, %v of it", form, now.Subject, now.Start, now.End, now.Attendees)
		}
	}
}

// newForm is a form for a day far away.
func newForm(changes ...string) url.Values {
	f := url.Values{"external_id": {"X"}, "date": {"2027-06-01"}, "start": {"10:00"}, "end": {"11:00"}, "time_zone": {"Europe/Lisbon"}}
	for i := 0; i+1 < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
	}
	return f
}

// A meeting that was made owes the person what the desk proposed too: a time that
// Microsoft stored otherwise is shown.
func TestAProposedTimeThatWasStoredOtherwiseIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"time_zone": {"Europe/Lisbon"}})
	s.graph.FailNext(createRoute, emulator.Failure{
		Status: 201, ContentType: "application/json",
		Body: `{"id":"made","externalId":"INC0012345","subject":null,"startDateTime":"2027-03-03T08:00:00Z","endDateTime":"2027-03-03T09:00:00Z","participants":{"attendees":[]}}`,
	})
	p := b.post("/meetings", ticketAlone(b, "/meetings/new", "INC0012345")).want(200, "Created")
	if got := p.doc.Find(".asked tbody th").Text(); got != "StartEnd" {
		t.Errorf("compared are %q, want the times:\n%s", got, p.text())
	}
}
