package web_test

import (
	"cmp"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/testenv"
)

func TestDeepLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		name  string
		query url.Values
		want  map[string]string
	}{
		{"field names of the form", url.Values{"external_id": {"INC1"}, "subject": {"A & B"}, "date": {"2027-03-03"}, "start": {"10:00"}, "end": {"10:45"}, "time_zone": {"Europe/Lisbon"}, "attendees": {"a@b.example"}},
			map[string]string{"external_id": "INC1", "subject": "A & B", "date": "2027-03-03", "start": "10:00", "end": "10:45", "time_zone": "Europe/Lisbon", "attendees": "a@b.example"}},
		{"instants, shown in the link's zone", url.Values{"start": {"2027-07-03T10:00:00Z"}, "end": {"2027-07-03T11:00:00+00:00"}, "time_zone": {"Europe/Lisbon"}},
			map[string]string{"date": "2027-07-03", "start": "11:00", "end": "12:00", "time_zone": "Europe/Lisbon"}},
		{"instant with an offset and no known zone", url.Values{"start": {"2027-07-03T10:00:00+02:00"}},
			map[string]string{"date": "2027-07-03", "start": "08:00", "time_zone": "UTC"}},
		{"unescaped plus sign", url.Values{"start": {"2027-07-03T10:00:00 02:00"}}, map[string]string{"start": "08:00"}},
		{"instants on two days", url.Values{"start": {"2027-03-03T23:30:00Z"}, "end": {"2027-03-04T00:30:00Z"}, "time_zone": {"UTC"}},
			map[string]string{"date": "2027-03-03", "start": "23:30", "end": "00:30", "end_date": "2027-03-04"}},
		{"instant in an ambiguous hour", url.Values{"start": {"2027-10-31T01:15:00Z"}, "time_zone": {"Europe/Lisbon"}},
			map[string]string{"start": "01:15", "fold": "second"}},
		{"one parameter per person", url.Values{"attendee": {"a@b.example", "C <c@d.example>"}}, map[string]string{"attendees": "a@b.example\nC <c@d.example>"}},
		{"invalid values", url.Values{"external_id": {"\xff"}, "date": {"soon"}}, map[string]string{"external_id": "\ufffd", "date": "soon"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := fields(b.get("/meetings/new?" + tt.query.Encode()).want(200))
			for name, want := range tt.want {
				if got := form.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
	if len(s.graph.Requests()) != 0 || len(record(t, s)) != 0 {
		t.Error("a link created a meeting")
	}

	t.Run("proposal in the last used zone", func(t *testing.T) {
		b.post("/meetings", s.form("time_zone", "Asia/Kathmandu")).want(200)
		form := fields(b.get("/meetings/new").want(200))
		if form.Get("time_zone") != "Asia/Kathmandu" {
			t.Fatalf("time zone %q, want Asia/Kathmandu", form.Get("time_zone"))
		}
		start := at(form.Get("date"), form.Get("start"), "Asia/Kathmandu")
		if wait := start.Sub(s.now()); wait <= 0 || wait > time.Hour || form.Get("end_date") != "" || !strings.HasSuffix(form.Get("start"), "0") {
			t.Errorf("the proposal is %s %s, which is %s from now; want the next ten minutes within the hour", form.Get("date"), form.Get("start"), wait)
		}
	})
}

func TestLastLengthIsProposed(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		name    string
		changes []string
		want    time.Duration
	}{
		{"from start to end", []string{"start", "10:00", "end", "10:45"}, 45 * time.Minute},
		{"duration", []string{"end", "", "duration", "90"}, 90 * time.Minute},
		{"no end, which changes nothing", []string{"end", ""}, 90 * time.Minute},
		{"past midnight", []string{"start", "23:30", "end", "00:30", "end_date", s.now().UTC().AddDate(0, 0, 2).Format(time.DateOnly)}, time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.post("/meetings", s.form(append(tt.changes, "external_id", tt.name)...)).want(200, "Created")
			form := fields(b.get("/meetings/new").want(200))
			start := at(form.Get("date"), form.Get("start"), "Europe/Lisbon")
			end := at(cmp.Or(form.Get("end_date"), form.Get("date")), form.Get("end"), "Europe/Lisbon")
			if got := end.Sub(start); got != tt.want {
				t.Errorf("the proposed length is %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("updates do not count", func(t *testing.T) {
		where := b.post("/meetings", s.form("external_id", "LONG", "end", "14:00")).want(200).url.Path
		b.post("/meetings", s.form()).want(200)
		b.change(where, "Still four hours").want(200, "Changed")
		if u, err := s.store.User(t.Context(), newest(t, s, "LONG").Organizer.ID); err != nil || u.Minutes != 30 {
			t.Errorf("%d minutes are stored, %v; want 30", u.Minutes, err)
		}
	})
}

// TestLinkWithUnknownZone checks that a link with an unknown time zone opens the form with
// an error message and without a zone.
func TestLinkWithUnknownZone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, zone := range []string{"Etc/Unknown", "undefined", "Mars/Olympus", "null", "right/Europe/Lisbon", "+05:30", "W. Europe Standard Time"} {
		p := b.get("/meetings/new?external_id=X-1&date=2027-03-03&start=10:00&end=11:00&"+urlQuery("time_zone", zone)).want(200, "“"+zone+"” is not a valid time zone")
		list := p.doc.Find("#time_zone")
		if got := list.Find("option[selected]").AttrOr("value", "none"); got != "" || strings.Contains(list.Text(), zone) {
			t.Errorf("%s: the form selects %q, want none", zone, got)
		}
		if n := strings.Count(p.doc.Find("#time_zone-error").Text(), zone); n != 1 {
			t.Errorf("%s: the field's problem names the zone %d times, want once", zone, n)
		}
	}
	b.get("/meetings/new?time_zone=US/Pacific").want(200)
}
