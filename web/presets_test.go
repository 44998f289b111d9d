package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

func addPresets(t *testing.T, s *site) {
	t.Helper()
	for _, p := range []meeting.Preset{
		{Name: "Remote support", Subject: "Support {ticket}", Minutes: 15, Options: meeting.Options{Lobby: "everyone"}},
		{Name: "Change review", Prefix: "CHG", Subject: "Review of {ticket}", Minutes: 1440, Options: meeting.Options{Lobby: "invited", Record: meeting.On}},
	} {
		if err := s.store.AddPreset(t.Context(), 1, p); err != nil {
			t.Fatal(err)
		}
	}
}

func lengthOf(f url.Values) time.Duration {
	endDate := f.Get("end_date")
	if endDate == "" {
		endDate = f.Get("date")
	}
	return at(endDate, f.Get("end"), "UTC").Sub(at(f.Get("date"), f.Get("start"), "UTC"))
}

func TestPresetLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	addPresets(t, s)
	const zone = "&time_zone=Europe%2FLisbon"
	for _, tt := range []struct {
		name, query                     string
		preset, subject, lobby, minutes string
	}{
		{"a preset", "preset=Remote+support&external_id=INC1" + zone, "Remote support", "Support INC1", "everyone", "15m0s"},
		{"without regard to case", "preset=remote++SUPPORT&external_id=INC1" + zone, "Remote support", "Support INC1", "everyone", "15m0s"},
		{"what the link says stays", "preset=Remote+support&external_id=INC1&subject=Printer&lobby=organizer&date=2027-03-03&start=10:00&end=10:40" + zone, "Remote support", "Printer", "organizer", "40m0s"},
		{"a start without an end", "preset=Remote+support&date=2027-03-03&start=10:00" + zone, "Remote support", "Support {ticket}", "everyone", "15m0s"},
		{"past midnight", "preset=Change+review&external_id=1&date=2027-03-03&start=10:00" + zone, "Change review", "Review of 1", "invited", "24h0m0s"},
		{"chosen by the ticket", "external_id=chg-7" + zone, "Change review", "Review of chg-7", "invited", "24h0m0s"},
		{"another meeting of the ticket", "external_id=CHG-7~2" + zone, "Change review", "Review of CHG-7", "invited", "24h0m0s"},
		{"a ticket, but no preset", "preset=&external_id=CHG-7" + zone, "", "", "", "30m0s"},
		{"a proposal", "preset=Remote+support&external_id=INC1&subject=Printer&proposed=all" + zone, "Remote support", "Printer", "everyone", "15m0s"},
		{"no preset", "external_id=INC1" + zone, "", "", "", "30m0s"},
	} {
		f := fields(b.get("/meetings/new?" + tt.query).want(200))
		if f.Get("preset") != tt.preset || f.Get("subject") != tt.subject || f.Get("lobby") != tt.lobby || lengthOf(f).String() != tt.minutes {
			t.Errorf("%s: preset %q, subject %q, lobby %q, %s; want %q, %q, %q, %s", tt.name,
				f.Get("preset"), f.Get("subject"), f.Get("lobby"), lengthOf(f), tt.preset, tt.subject, tt.lobby, tt.minutes)
		}
	}
	if f := fields(b.get("/meetings/new?preset=Remote+support&duration=45" + zone).want(200)); f.Get("duration") != "45" {
		t.Errorf("the link's length of 45 minutes has become %q", f.Get("duration"))
	}
	if f := fields(b.get("/t/INC9?preset=Remote+support").want(200)); f.Get("subject") != "Support INC9" {
		t.Errorf("a ticket's link fills in the subject %q", f.Get("subject"))
	}
	unknown := b.get("/meetings/new?preset=Nobody&subject=Printer").want(200, "There is no preset “Nobody”")
	if f := fields(unknown); f.Get("preset") != "" || f.Get("subject") != "Printer" {
		t.Errorf("after an unknown preset, the form has %v", f)
	}
}

// TestPresetInTheForm checks that presets can be applied without JavaScript.
func TestPresetInTheForm(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	if b.get("/meetings/new").doc.Find("#preset").Length() != 0 {
		t.Error("there is a field for presets without any preset")
	}
	addPresets(t, s)
	apply := func(f url.Values, preset string) url.Values {
		t.Helper()
		f.Set("preset", preset)
		f.Set("apply", "1")
		return fields(b.post("/meetings", f).want(200))
	}
	want := func(step string, f url.Values, subject, lobby, length string) {
		t.Helper()
		if f.Get("subject") != subject || f.Get("lobby") != lobby || lengthOf(f).String() != length {
			t.Errorf("%s: subject %q, lobby %q, %s; want %q, %q, %s", step, f.Get("subject"), f.Get("lobby"), lengthOf(f), subject, lobby, length)
		}
	}
	f := fields(b.get("/meetings/new?time_zone=Europe%2FLisbon"))
	f = apply(f, "Remote support")
	want("applied", f, "Support {ticket}", "everyone", "15m0s")
	f = apply(f, "Change review")
	want("another preset", f, "Review of {ticket}", "invited", "24h0m0s")
	f = apply(f, "")
	want("no preset", f, "", "", "30m0s")
	f.Set("subject", "Typed")
	f.Set("lobby", "organizer")
	f = apply(f, "Remote support")
	want("typed before", f, "Typed", "organizer", "15m0s")
	f.Set("external_id", "")
	f.Set("end", "wrong")
	f.Set("end_date", "")
	f = apply(f, "Change review")
	if f.Get("subject") != "Typed" || f.Get("end") != "wrong" || f.Get("record") != "on" {
		t.Errorf("after a mistake, the form has %v", f)
	}
	if got := record(t, s); len(got) != 0 {
		t.Fatalf("applying a preset created %v", got)
	}

	f = apply(fields(b.get("/meetings/new?time_zone=Europe%2FLisbon")), "Remote support")
	f.Set("external_id", "INC1")
	f.Del("apply")
	b.post("/meetings", f).want(200)
	if m := newest(t, s, "INC1"); m.Subject != "Support INC1" || m.End.Sub(m.Start) != 15*time.Minute || m.Options.Lobby != "everyone" {
		t.Errorf("created %q, %s, lobby %q", m.Subject, m.End.Sub(m.Start), m.Options.Lobby)
	}

	f = fields(b.get("/meetings/new?external_id=INC2&time_zone=Europe%2FLisbon"))
	f.Set("preset", "Remote support")
	unseen := b.post("/meetings", f).want(200, "The preset has filled in the form")
	want("chosen but not applied", fields(unseen), "Support INC2", "everyone", "15m0s")
	f.Set("preset", "Gone")
	b.post("/meetings", f).want(422, "There is no preset “Gone”")
	if got := record(t, s); len(got) != 1 {
		t.Errorf("the desk has %d meetings, want 1: nobody saw what the preset filled in", len(got))
	}
	f = fields(unseen)
	f.Set("subject", "") // the user clears the subject
	b.post("/meetings", f).want(200)
	if m := newest(t, s, "INC2"); m.Subject != "" {
		t.Errorf("created with the subject %q, which the person had removed", m.Subject)
	}
}

// TestPresetWithNothingToFillIn checks that a form is processed immediately if the user has
// filled in every field that the chosen preset sets.
func TestPresetWithNothingToFillIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	addPresets(t, s)
	b.post("/meetings", s.form("external_id", "INC3", "subject", "Typed", "lobby", "organizer", "preset", "Remote support")).want(200)
	if m := newest(t, s, "INC3"); m.Subject != "Typed" || m.Options.Lobby != "organizer" {
		t.Errorf("created %q, lobby %q", m.Subject, m.Options.Lobby)
	}
}

func TestPresetForScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	addPresets(t, s)
	values := func(query string) url.Values {
		t.Helper()
		got, err := url.ParseQuery(b.ask("/meetings/new/preset?" + query).want(200).body)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := values("preset=Remote+support&external_id=INC1&date=2027-03-03&start=10:00&end=10:30&time_zone=UTC&filled=duration%3D30")
	if got.Get("subject") != "Support INC1" || got.Get("end") != "10:15" || got.Get("lobby") != "everyone" {
		t.Errorf("got %v", got)
	}
	if got := values("external_id=CHG-1&subject=Typed"); got.Get("preset") != "Change review" || got.Get("subject") != "Typed" {
		t.Errorf("for a ticket with a preset, got %v", got)
	}
	for _, query := range []string{"preset=Gone", "external_id=INC1", "external_id=CHG-1&filled=preset%3D"} {
		b.ask("/meetings/new/preset?" + query).want(http.StatusNoContent)
	}
}

func TestPresetThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.get("/meetings/new")
	if _, err := enginetest.Connect(t, s.Dir).Exec(`ALTER TABLE presets RENAME TO unreadable`); err != nil {
		t.Fatal(err)
	}
	b.ask("/meetings/new/preset?external_id=INC1").want(500)
}

func TestPresetAdministration(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(alex)
	b.get("/admin/presets").want(200, "There are no presets yet.")
	s.signIn(dana).get("/admin/presets").want(403, "Only administrators can open this page")
	f := formFields(b.get("/admin/presets/new").want(200).doc.Find("#form"))
	for name, value := range map[string]string{"name": "Queue", "prefix": "INC", "subject": "Support {ticket}", "duration": "15", "lobby": "everyone"} {
		f.Set(name, value)
	}
	for name, tt := range map[string]struct{ value, want string }{
		"name":     {" ", "Enter a name"},
		"subject":  {"{Ticket}", "“{Ticket}” is not replaced"},
		"duration": {"4", "Enter a number of minutes from 5 to 1440"},
		"lobby":    {"nobody", "“nobody” is not"},
		"prefix":   {strings.Repeat("x", 41), "must be 40 characters or fewer"},
	} {
		wrong := url.Values{}
		for name := range f {
			wrong.Set(name, f.Get(name))
		}
		wrong.Set(name, tt.value)
		p := b.post("/admin/presets", wrong).want(422, tt.want)
		for other := range f {
			if got := formFields(p.doc.Find("#form")).Get(other); other != name && other != "signed_in_as" && got != f.Get(other) {
				t.Errorf("after a wrong %s, the form has the %s %q, want %q", name, other, got, f.Get(other))
			}
		}
	}
	b.post("/admin/presets", f).want(200, "Queue", "Support {ticket}", "15 min", "Alex Admin")
	b.post("/admin/presets", f).want(409, "There is already a preset called “Queue”")

	mine := formFields(b.get("/admin/presets/1").want(200).doc.Find("#form"))
	theirs := url.Values{"version": {mine.Get("version")}, "name": {"Queue"}, "subject": {"Their subject"}}
	s.signIn(alex).post("/admin/presets/1", theirs).want(200)
	mine.Set("subject", "My subject")
	told := b.post("/admin/presets/1", mine).want(409, "Alex Admin has changed this preset in the meantime", "Their subject")
	again := formFields(told.doc.Find("#form"))
	if again.Get("subject") != "My subject" || again.Get("duration") != "15" {
		t.Errorf("the form has lost what was typed: %v", again)
	}
	b.post("/admin/presets/1/remove", url.Values{"version": {mine.Get("version")}}).want(409, "Nothing has been removed.")
	b.post("/admin/presets/1", again).want(200, "My subject")

	open := formFields(b.get("/admin/presets/1").want(200).doc.Find("#form"))
	b.post("/admin/presets/1/remove", url.Values{"version": {open.Get("version")}}).want(200, "There are no presets yet.")
	b.get("/admin/presets/1").want(404, "Preset not found")
	gone := b.post("/admin/presets/1", open).want(409, "Somebody has removed this preset in the meantime")
	form := gone.doc.Find("#form")
	b.post(form.AttrOr("action", ""), formFields(form)).want(200, "My subject")
}
