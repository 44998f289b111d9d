package web_test

import (
	"strings"
	"testing"
	"time"

	"meetdesk/testenv"
)

// A search for a day, such as "tomorrow", lists the meetings on that day in the reader's
// time zone. A meeting that the text names exactly takes precedence. If there are no
// meetings on that day, the search looks for the words instead.
func TestDaysInTheSearchBox(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	zone, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	b.post("/preferences", map[string][]string{"time_zone": {"Pacific/Auckland"}}).want(200)
	today := s.now().In(zone)
	day := func(n int) time.Time { return today.AddDate(0, 0, n) }
	for _, m := range []struct {
		ticket, subject string
		days            int
		start           string
	}{
		{"INC001", "Printer early", 1, "00:10"}, {"INC002", "Laptop late", 1, "23:10"}, {"INC003", "Printer", 2, "10:00"}, {"INC004", "Printer", 40, "10:00"},
		{day(2).Format("02/01"), "A ticket like a date", 3, "10:00"}, {"INC006", "Tomorrowland " + day(5).Format("Monday"), 20, "10:00"},
	} {
		b.post("/meetings", s.form("external_id", m.ticket, "subject", m.subject, "date", day(m.days).Format(time.DateOnly), "start", m.start, "end", "", "duration", "30", "time_zone", "Pacific/Auckland")).want(200, "Created")
	}
	for _, tt := range []struct {
		query string
		want  []string
		says  string
	}{
		{"tomorrow", []string{"1", "2"}, "Meetings of " + day(1).Format("Mon 2 Jan 2006")},
		{"amanhã", []string{"1", "2"}, "Meetings of"},
		{day(1).Format("2 Jan"), []string{"1", "2"}, "Meetings of"},
		{day(1).Format("2006-01-02"), []string{"1", "2"}, "Meetings of"},
		{"on " + day(2).Format("Monday"), []string{"3"}, "Meetings of"},
		{"tomorrow printer", []string{"1"}, "with “printer”"},
		{"printer " + day(40).Format("2 January 2006"), []string{"4"}, "with “printer”"},
		{day(5).Format("Monday"), []string{"6"}, "No meeting on " + day(5).Format("Mon 2 Jan 2006")},
	} {
		p := b.search(tt.query).want(200)
		wantRows(t, p, tt.want...)
		if note := strings.Join(strings.Fields(p.doc.Find(".day.aside").Text()), " "); !strings.Contains(note, tt.says) {
			t.Errorf("%q: the page says %q, want %q in it", tt.query, note, tt.says)
		}
		if ids := b.get("/history.csv?" + urlQuery("q", tt.query)).want(200).column("id"); strings.Join(ids, " ") != strings.Join(tt.want, " ") {
			t.Errorf("%q: the CSV file has %s, want %s", tt.query, ids, tt.want)
		}
	}
	// The form's date filters apply in addition to the day in the search box.
	for query, want := range map[string][]string{
		"q=tomorrow&from=" + day(2).Format(time.DateOnly): {"6"},
		"q=tomorrow&to=" + day(1).Format(time.DateOnly):   {"1", "2"},
		urlQuery("q", day(1).Format("Mon 2 Jan 2006")):    {"1", "2"},
		"q=today&dates=created":                           {"1", "2", "3", "5", "6", "4"},
	} {
		wantRows(t, b.get("/history?list=1&"+query).want(200), want...)
	}
	wantRows(t, b.get("/history?list=1&text=1&"+urlQuery("q", "tomorrow")).want(200), "6")
	if p := b.get("/history?" + urlQuery("q", day(2).Format("02/01"))).want(200); p.url.Path != "/meetings/5" {
		t.Errorf("a ticket that looks like a date leads to %s, want its meeting", p.url)
	}
	p := b.search(day(30).Format("2006-01-02")).want(200, "No meeting was found on "+day(30).Format("Mon 2 Jan 2006"))
	wantRows(t, p)
}

// A list that is sorted by start time has a heading for each day.
func TestListsAreGroupedByDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for i, days := range []int{0, 1, 1, 9} {
		start := s.now().UTC().AddDate(0, 0, days).Truncate(time.Hour)
		b.post("/meetings", s.form("external_id", "INC00"+string(rune('1'+i)), "date", start.Format(time.DateOnly), "start", "23:55", "end", "", "duration", "30", "time_zone", "UTC", "past", "1")).want(200, "Created")
	}
	b.post("/preferences", map[string][]string{"time_zone": {"UTC"}}).want(200)
	for path, want := range map[string]string{
		"/history?state=upcoming": "Today Tomorrow", "/history": "Tomorrow Today", "/": "Today Tomorrow", "/history?sort=created": "", "/history?q=printer": "",
	} {
		var days []string
		for _, day := range b.get(path).want(200).doc.Find(".history .day th").EachIter() {
			if name, _, near := strings.Cut(day.Text(), " · "); near {
				days = append(days, name)
			}
		}
		if got := strings.Join(days, " "); got != want {
			t.Errorf("%s has the days %q, want %q", path, got, want)
		}
	}
}

// If the search text lacks the letters or the leading zeros of a ticket number, the desk can
// only guess the ticket. It lists the meetings that it finds, but does not open any of them.
func TestTicketsAreGuessed(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	b.post("/meetings", s.form("external_id", "INC0012322")).want(200, "Created")
	for _, query := range []string{"12322", "INC12322", "#12322", "ticket 12322", "FW: 12322", "0012322"} {
		for _, who := range []*browser{b, d} {
			p := who.get("/history?"+urlQuery("q", query)).want(200, "may be the ones you mean")
			wantRows(t, p, "1")
		}
		wantRows(t, o.get("/history?"+urlQuery("q", query)).want(200))
	}
	wantRows(t, b.get("/history?q=REQ12322").want(200))
	if p := b.get("/history?" + urlQuery("q", "AW: WG: INC0012322")).want(200); p.url.Path != "/meetings/1" {
		t.Errorf("a ticket after reply prefixes leads to %s", p.url)
	}
	wantRows(t, b.search("ENC: printer").want(200), "1")
}

// If only a colleague has a meeting for the ticket, the search page links to the ticket's
// page, as long as the person has look-ups left.
func TestEmptySearchLeadsToTheTicket(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withLimit("tickets", 30))
	b, o := s.signIn(priya), s.signIn(tomas)
	b.post("/meetings", s.form("external_id", "INC0012345")).want(200, "Created")
	link := o.get("/history?q=inc-0012345").want(200, "A colleague has").doc.Find(`main a:contains("See the colleague’s meeting")`)
	if p := o.get(link.AttrOr("href", "/")).want(200); p.url.Path != "/t/inc-0012345" || !strings.Contains(p.text(), "Priya Nair") {
		t.Errorf("the link leads to %s", p.url)
	}
	o.get("/history?q=INC0099").want(200, "New meeting for this ticket")
	told := 0
	for range 100 {
		if p := o.get("/history?q=INC0012345").want(200); strings.Contains(p.text(), "A colleague has") {
			told++
		}
	}
	if told == 0 || told > 80 {
		t.Errorf("%d of 100 searches tell of the colleague's meeting, want some and not nearly all", told)
	}
}
