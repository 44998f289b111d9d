package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/testenv"
)

// TestFilters compares the lists for many combinations of filters with the results of a
// plain loop over all meetings. It pages through each list in both directions.
func TestFilters(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testenv.SkipUnderRace(t)
	t.Parallel()
	s := newSite(t)
	all, others := manyMeetings(t, s)
	p, d, a := s.signIn(priya), s.signIn(dana), s.signIn(alex)
	for _, who := range []*browser{p, d} { // in Auckland, the local date differs from the UTC date for at least half the day
		who.post("/preferences", url.Values{"time_zone": {"Pacific/Auckland"}}).want(200)
	}
	zone, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) string { return s.now().In(zone).AddDate(0, 0, n).Format(time.DateOnly) }
	ranges := [][2]string{{"", ""}, {day(-9), day(-4)}, {day(-2), ""}, {"", day(1)}, {day(0), day(0)}}
	checked := 0
	check := func(who *browser, w wanted, whose string) {
		t.Helper()
		path, want := w.path(whose), w.of(all, others, s.now(), zone)
		forward, back, count := who.walk(path)
		checked++
		if !slices.Equal(forward, want) || !slices.Equal(back, want) {
			t.Errorf("%s\nforward %s\nback    %s\nwant    %s", path, forward, back, want)
		}
		if total := fmt.Sprintf("%d meetings.", len(want)); len(want) > 1 && count != total {
			t.Errorf("%s: the count is %q, want %q", path, count, total)
		}
	}
	for _, state := range []string{"", "upcoming", "past", "failed", "unfinished", "removed"} {
		for i, origin := range []string{"", "created", "found", "adopted"} {
			for j, sort := range []string{"", "created", "start"} {
				for k, days := range ranges {
					w := wanted{state: state, origin: origin, sort: sort, from: days[0], to: days[1]}
					if days != [2]string{} && (i+j+k)%2 == 0 {
						w.dates = "created"
					}
					check(d, w, []string{"", "all"}[k%2])
					if w.whose = priya; k == 0 || (i+j+k)%3 == 0 {
						check(p, w, []string{"", "all", "mine", tomas, "nobody@contoso.example"}[(i+j)%5]) // staff see only their own meetings, whatever the URL requests
						check(d, w, priya)
					}
					if w.whose, w.q = "", "weekly"; k < 2 && (i+j+k)%2 == 0 {
						check(d, w, "")
					}
				}
			}
		}
	}
	for _, w := range []wanted{{state: "upcoming", origin: "adopted"}, {state: "upcoming", origin: "found"}, {state: "removed"}, {state: "failed"}, {state: "unfinished"}} {
		if len(w.of(all, others, s.now(), zone)) == 0 {
			t.Errorf("%+v: the test has no such meeting", w)
		}
	}
	if n := len(wanted{state: "past"}.of(all, others, s.now(), zone)); checked < 500 || n <= 50 || len(others) == 0 {
		t.Errorf("%d lists were checked and %d meetings are past, want at least 500 lists and more than 50 meetings", checked, n)
	}

	for whose, w := range map[string]wanted{tomas: {whose: tomas}, strings.ToUpper(tomas): {whose: tomas}, "mine": {whose: dana}, "nobody@contoso.example": {whose: "nobody"}, "' OR 1=1": {whose: "nobody"}} {
		check(d, w, whose)
	}
	// The URL contains all filters, so a colleague who opens it sees the same list.
	for _, w := range []wanted{{state: "past", origin: "created", sort: "start", from: day(-9), to: day(4)}, {whose: priya, sort: "start"}, {state: "removed"}} {
		address := d.get(w.path(w.whose)).want(200).url.RequestURI()
		a.post("/preferences", url.Values{"time_zone": {"Pacific/Auckland"}}).want(200)
		mine, _, _ := d.walk(address)
		theirs, _, _ := a.walk(address)
		if len(mine) == 0 || !slices.Equal(mine, theirs) {
			t.Errorf("%s shows %s to one person and %s to another", address, mine, theirs)
		}
		csv := d.get(d.get(address).doc.Find(`.exports a[href^="/history.csv"]`).AttrOr("href", "")).want(200).body
		if n := strings.Count(csv, "\n") - 1; n != len(mine) {
			t.Errorf("%s: the CSV file has %d rows, want %d", address, n, len(mine))
		}
	}
}

// Meetings created while a person pages through the list do not shift rows between pages.
func TestPagesAreStable(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testenv.SkipUnderRace(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	made := 0
	create := func(n int) {
		for range n {
			made++
			day := s.now().UTC().AddDate(0, 0, made%40+1).Format(time.DateOnly)
			b.post("/meetings", s.form("external_id", fmt.Sprintf("INC%03d", made), "subject", "Weekly round", "date", day)).want(200)
		}
	}
	create(105)
	for _, path := range []string{"/history", "/history?sort=start", "/history?state=upcoming", "/history?q=weekly", "/history?state=upcoming&sort=created"} {
		before, _, _ := b.walk(path)
		var forward []string
		var last *page
		for next := path; next != ""; {
			last = b.get(next).want(200)
			forward = append(forward, rowIDs(last)...)
			next = last.doc.Find(`a[rel="next"]`).AttrOr("href", "")
			create(2)
		}
		back := rowIDs(last)
		for next := last.doc.Find(`a[rel="prev"]`).AttrOr("href", ""); next != ""; create(1) {
			p := b.get(next).want(200)
			back = append(rowIDs(p), back...)
			next = p.doc.Find(`a[rel="prev"]`).AttrOr("href", "")
		}
		for name, rows := range map[string][]string{"forward": forward, "back": back} {
			old := slices.DeleteFunc(slices.Clone(rows), func(id string) bool { return !slices.Contains(before, id) })
			if slices.Sort(rows); !slices.Equal(old, before) || len(slices.Compact(rows)) != len(rows) {
				t.Errorf("%s, %s:\ngot  %s\nwant %s", path, name, old, before)
			}
		}
	}
}

// If a filter is invalid, the history page explains why, keeps the value in the form, and
// lists no meetings.
func TestInvalidFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	for _, tt := range []struct{ field, value, text string }{
		{"state", "gone", "“gone” is not a valid choice"}, {"state", "Past", "“Past”"}, {"origin", "made", "“made”"}, {"sort", "subject", "“subject”"}, {"dates", "start", "“start”"}, {"sort", "id; DROP TABLE meetings", "is not a valid choice"},
		{"from", "31.3.2027", "Enter the date as in"}, {"from", "2027-02-30", "Enter the date"}, {"to", "tomorrow", "Enter the date"}, {"to", "2027-3-1", "Enter the date"}, {"to", "\x002027", "Enter the date"}, {"from", "99999-01-01", "Enter the date"},
	} {
		sent := url.Values{"q": {"printer & co"}, "to": {"2027-03-31"}, tt.field: {tt.value}}
		p := b.get("/history?" + sent.Encode()).want(422)
		wantProblemIn(t, p, tt.field, tt.text)
		got := formFields(p.doc.Find(`form[action="/history"]`))
		for name := range sent {
			if want := strings.ReplaceAll(sent.Get(name), "\x00", "\ufffd"); got.Get(name) != want {
				t.Errorf("%s=%s: the field %s is %q, want %q", tt.field, tt.value, name, got.Get(name), want)
			}
		}
		if len(rowIDs(p)) != 0 || p.doc.Find("details.filters[open]").Length() != 1 {
			t.Errorf("%s=%s: the page lists meetings or hides the field", tt.field, tt.value)
		}
		wantErrorPage(t, b.get("/history.csv?"+urlQuery(tt.field, tt.value)).want(400))
		wantErrorPage(t, b.get("/history.xlsx?"+urlQuery(tt.field, tt.value)).want(400))
	}
	wantProblemIn(t, b.get("/history?from=2027-03-31&to=2027-03-30").want(422), "to", "is before its start")
	b.get("/history?from=2027-03-31&to=2027-03-31").want(200)
	for _, place := range []string{"before=x", "before=-1", "after=9e9", "before=1.2.3", "before=99999999999999999999", "after=x&before=y"} {
		wantRows(t, b.get("/history?"+place).want(200), "1") // an invalid cursor selects the first page
	}
}

// wantProblemIn fails the test unless the error message for the given filter contains the
// text.
func wantProblemIn(t *testing.T, p *page, field, text string) {
	t.Helper()
	input := p.doc.Find(`[name="` + field + `"]`)
	message := ""
	for _, id := range strings.Fields(input.AttrOr("aria-describedby", "")) {
		message += p.doc.Find("#" + id).Text()
	}
	if input.AttrOr("aria-invalid", "") != "true" || !strings.Contains(message, text) {
		t.Errorf("%s: the message of the field %s is %q, want %q in it", p.url, field, message, text)
	}
}
