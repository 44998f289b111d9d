package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// The form's summary: as it comes with the form, and as its script asks for it.
func TestTheFormSaysWhatItMakes(t *testing.T) {
	t.Parallel()
	s := newSite(t, withOrganizers(tomas))
	b := s.signIn(dana)
	for _, tt := range []struct {
		name  string
		query url.Values
		want  string
	}{
		{"the usual", url.Values{"date": {"2027-03-03"}, "start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"}},
			"Wed 3 Mar 2027, 10:00–10:30 Europe/Lisbon (10:00–10:30 UTC), organizer: you"},
		{"for another", url.Values{"date": {"2027-07-03"}, "start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"}, "organizer": {tomasID}},
			"Sat 3 Jul 2027, 10:00–10:30 Europe/Lisbon (09:00–09:30 UTC), organizer: Tomás Oliveira"},
		{"a time that there is not", url.Values{"date": {"2018-11-04"}, "start": {"00:30"}, "end": {"01:30"}, "time_zone": {"America/Sao_Paulo"}}, "There is no 00:30 on 2018-11-04 in America/Sao_Paulo"},
		{"a time that comes twice", url.Values{"date": {"2027-04-04"}, "start": {"01:45"}, "end": {"03:00"}, "time_zone": {"Australia/Lord_Howe"}}, "There are two times 01:45"},
		{"markup", url.Values{"time_zone": {"<b>"}}, "Enter a day"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			made := b.get("/meetings/new?" + tt.query.Encode()).want(200).doc.Find("#made")
			if !strings.Contains(made.Text(), tt.want) || made.AttrOr("aria-live", "") != "polite" {
				t.Errorf("the form says %q, want %q", made.Text(), tt.want)
			}
			if p := b.get("/meetings/summary?" + tt.query.Encode()).want(200); p.body != made.Text() || !strings.HasPrefix(p.header.Get("Content-Type"), "text/plain") {
				t.Errorf("the script is told %q, %s; want what the form says", p.body, p.header.Get("Content-Type"))
			}
		})
	}
	where := b.post("/meetings", s.form()).want(200).url.Path
	made := b.get(where + "/edit").want(200).doc.Find("#made").Text()
	if !strings.Contains(made, "10:00–10:30 Europe/Lisbon") || strings.Contains(made, "organizer") {
		t.Errorf("the change says %q", made)
	}
	form := fields(b.get(where + "/edit"))
	if p := b.get("/meetings/summary?" + form.Encode()).want(200); p.body != made {
		t.Errorf("the script of the change is told %q, want %q", p.body, made)
	}
}

func TestTheBrowsersZoneIsOfferedBesideTheOneRemembered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	type says struct{ detect, offer, propose string }
	ask := func(address string) (got says) {
		form := b.get(address).want(200).doc.Find("#form")
		zone := form.Find("#time_zone")
		if _, ok := zone.Attr("data-detect-zone"); ok {
			got.detect = "yes"
		}
		got.offer, got.propose = strings.TrimSpace(form.Find("#offer").Text()), zone.AttrOr("data-propose", "")
		return got
	}
	const offered = "Use your browser’s zone,"
	if got := ask("/meetings/new"); got != (says{"yes", "", "30"}) {
		t.Errorf("the first time: %+v", got)
	}
	b.post("/meetings", s.form("end", "10:45")).want(200)
	for address, want := range map[string]says{
		"/meetings/new":                                                   {"", offered, "45"},
		"/meetings/new?duration=20":                                       {"", offered, "20"},
		"/meetings/new?time_zone=Asia/Tokyo":                              {"", "", "45"},
		"/meetings/new?date=2027-03-03&start=10:00":                       {"", "", ""},
		"/meetings/new?start=2027-03-03T10:00:00Z&time_zone=Asia/Nowhere": {"", "", ""},
	} {
		if got := ask(address); got != want {
			t.Errorf("%s: %+v, want %+v", address, got, want)
		}
	}
}
