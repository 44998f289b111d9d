package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestSummary checks the form's summary, both on the page and in the response to the form's
// script.
func TestSummary(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(tomas))
	b := s.signIn(dana)
	for _, tt := range []struct {
		name  string
		query url.Values
		want  string
	}{
		{"own meeting", url.Values{"date": {"2027-03-03"}, "start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"}},
			"Wed 3 Mar 2027, 10:00–10:30 Europe/Lisbon, organizer: you"},
		{"for somebody else", url.Values{"date": {"2027-07-03"}, "start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"}, "organizer": {tomasID}},
			"Sat 3 Jul 2027, 10:00–10:30 Europe/Lisbon, organizer: Tomás Oliveira"},
		{"time that does not exist", url.Values{"date": {"2018-11-04"}, "start": {"00:30"}, "end": {"01:30"}, "time_zone": {"America/Sao_Paulo"}}, "There is no 00:30 on Sun 4 Nov 2018 in America/Sao_Paulo"},
		{"ambiguous time", url.Values{"date": {"2027-04-04"}, "start": {"01:45"}, "end": {"03:00"}, "time_zone": {"Australia/Lord_Howe"}}, "There are two times 01:45"},
		{"markup", url.Values{"time_zone": {"<b>"}}, "Enter a date"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			summary := b.get("/meetings/new?" + tt.query.Encode()).want(200).doc.Find("#made")
			if !strings.Contains(summary.Text(), tt.want) || summary.AttrOr("aria-live", "") != "polite" {
				t.Errorf("the form says %q, want %q", summary.Text(), tt.want)
			}
			if p := b.ask("/meetings/new/summary?" + tt.query.Encode()).want(200); p.body != summary.Text() || !strings.HasPrefix(p.header.Get("Content-Type"), "text/plain") {
				t.Errorf("the script gets %q as %s, want the form's summary as text", p.body, p.header.Get("Content-Type"))
			}
		})
	}
	where := b.post("/meetings", s.form()).want(200).url.Path
	summary := b.get(where + "/edit").want(200).doc.Find("#made").Text()
	if !strings.Contains(summary, "10:00–10:30 Europe/Lisbon") || strings.Contains(summary, "organizer") {
		t.Errorf("the form for a change says %q", summary)
	}
	form := fields(b.get(where + "/edit"))
	if p := b.ask("/meetings/new/summary?" + form.Encode()).want(200); p.body != summary {
		t.Errorf("the script gets %q, want %q", p.body, summary)
	}
}

func TestBrowserTimeZone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	type zoneField struct{ detect, offer, propose string }
	read := func(address string) (got zoneField) {
		form := b.get(address).want(200).doc.Find("#form")
		zone := form.Find("#time_zone")
		if _, ok := zone.Attr("data-detect-zone"); ok {
			got.detect = "yes"
		}
		got.offer, got.propose = strings.TrimSpace(form.Find("#offer").Text()), zone.AttrOr("data-propose", "")
		return got
	}
	const offered = "Use your browser’s zone,"
	if got := read("/meetings/new"); got != (zoneField{"yes", "", "30"}) {
		t.Errorf("first form: %+v", got)
	}
	b.post("/meetings", s.form("end", "10:45")).want(200)
	for address, want := range map[string]zoneField{
		"/meetings/new":                                                   {"", offered, "45"},
		"/meetings/new?duration=20":                                       {"", offered, "20"},
		"/meetings/new?time_zone=Asia/Tokyo":                              {"", "", "45"},
		"/meetings/new?date=2027-03-03&start=10:00":                       {"", "", ""},
		"/meetings/new?start=2027-03-03T10:00:00Z&time_zone=Asia/Nowhere": {"", "", ""},
	} {
		if got := read(address); got != want {
			t.Errorf("%s: %+v, want %+v", address, got, want)
		}
	}
}
