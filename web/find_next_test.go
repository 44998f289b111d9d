package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/testenv"
)

func TestNextStepsWithoutMatch(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, d := s.signIn(priya), s.signIn(dana)
	_, link := atGraph(t, s, priya, "ELSEWHERE", "Made elsewhere")
	b.post("/meetings", s.form("external_id", "INC5", "subject", "Lunch")).want(200)
	follow := func(who *browser, path, text string) *page {
		t.Helper()
		a := who.get(path).want(200, "No meeting was found").doc.Find(`main a:contains("` + text + `"), main form:contains("` + text + `")`)
		if a.Length() != 1 {
			t.Fatalf("%s has %d links and buttons with the text %q, want 1", path, a.Length(), text)
		}
		if a.Is("form") {
			return who.post(a.AttrOr("action", ""), formFields(a)).want(200)
		}
		return who.get(a.AttrOr("href", "")).want(200)
	}
	if p := follow(b, "/history?q=INC0099", "New meeting for this ticket"); p.url.Path != "/meetings/new" || fields(p).Get("external_id") != "INC0099" {
		t.Errorf("New meeting leads to %s with the external ID %q", p.url, fields(p).Get("external_id"))
	}
	wantRows(t, follow(d, "/history?whose=mine&q=lunch", "Search everyone’s meetings"), "1")
	wantRows(t, follow(b, "/history?state=failed&q=lunch", "Search without filters"), "1")
	wantRows(t, follow(b, "/history?q=breakfast", "Show the whole list"), "1")
	if p := follow(b, "/history?q=breakfast", "Add an existing"); p.url.Path != "/meetings/adopt" {
		t.Errorf("Bring in a meeting leads to %s", p.url)
	}
	for _, who := range []*browser{b, d} {
		if p := who.get("/history?q=lunchh").want(200); strings.Contains(p.text(), "Search everyone") {
			t.Errorf("the page offers the search that was just made:\n%s", p.text())
		}
	}
	for _, tt := range []string{link, safeLink(link), "Hi, the link is <" + link + ">. Thanks", url.QueryEscape(link), link[:60] + "\r\n" + link[60:]} {
		p := follow(b, "/history?"+urlQuery("q", tt), "It is mine: add it").want(200)
		form := fieldsOf(p, "/meetings/adopt")
		if p = b.post("/meetings/adopt", form).want(200, "Made elsewhere"); p.url.Path != "/meetings/2" {
			t.Errorf("%q was brought in as %s, want /meetings/2", tt, p.url)
		}
		if p := b.get("/history?" + urlQuery("q", tt)); p.url.Path != "/meetings/2" {
			t.Errorf("%q leads to %s, want /meetings/2", tt, p.url)
		}
		inDatabase(t, s, `UPDATE meetings SET thread_id = '' WHERE id = 2`) // lets the next iteration add the meeting again
	}
}

// The home page and the history page each have one search box. A meeting's back link
// returns to the list from which it was opened.
func TestBackLinkReturnsToSearch(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	for _, path := range []string{"/", "/history"} {
		if form := b.get(path).doc.Find(`form[action="/history"]:has([name="q"])`); form.Length() != 1 || !strings.EqualFold(form.AttrOr("method", "get"), "get") {
			t.Errorf("%s has %d search forms, want 1 that uses GET", path, form.Length())
		}
	}
	for _, query := range []string{"INC0012345", newest(t, s, "INC0012345").JoinURL, "printer & fire+"} {
		p := b.get("/history?" + urlQuery("q", query)).want(200)
		if p.url.Path == "/history" {
			p = b.get(p.doc.Find("table.history tbody th a").AttrOr("href", ""))
		}
		back := b.get(p.want(200).doc.Find(".back a").AttrOr("href", "")).want(200)
		if back.url.Path != "/history" || back.doc.Find(`[name="q"]`).AttrOr("value", "") != query {
			t.Errorf("the back link of %s leads to %s, want the search for %q", p.url, back.url, query)
		}
		wantRows(t, back, "1")
	}
	if p := b.get("/history?state=upcoming&q=INC0012345").want(200); p.url.Path != "/meetings/1" || !strings.Contains(p.doc.Find(".back a").AttrOr("href", ""), "state=upcoming") {
		t.Errorf("the back link of %s does not keep the filter", p.url)
	}
	b.post("/meetings", s.form("external_id", "INC2", "subject", "Fire drill")).want(200)
	for _, list := range []string{"state=upcoming&sort=start", "q=drill&state=upcoming", "everything=1&from=2020-01-01&origin=created"} {
		p := b.get("/history?" + list + "&to=&unknown=1").want(200)
		back := b.get(b.get(p.doc.Find("table.history tbody th a").AttrOr("href", "")).want(200).doc.Find(".back a").AttrOr("href", "")).want(200)
		if want, _ := url.ParseQuery(list + "&list=1"); back.url.RawQuery != want.Encode() {
			t.Errorf("the back link from %s leads to %s", list, back.url)
		}
		wantRows(t, back, rowIDs(p)...)
	}
	if p := b.get("/history?" + urlQuery("q", "fire "+strings.Repeat("會", 3000))).want(200); len(p.body) > 100_000 {
		t.Errorf("the page for a long text has %d bytes, want at most 100,000", len(p.body))
	}
	const cut = "only its first part was searched for"
	if p := b.get("/history?" + urlQuery("q", strings.Repeat("x", 4000))).want(200); strings.Contains(p.text(), cut) {
		t.Error("the page says that a text of 4,000 characters was cut")
	}
	b.get("/history?"+urlQuery("q", strings.Repeat("x", 4001))).want(200, cut)
	empty := b.get("/history?" + urlQuery("q", strings.Repeat("nowhere drill ", 50))).want(200).doc.Find(".empty").Text()
	if strings.Count(empty, "“nowhere”") != 1 || strings.Count(empty, "drill") > 30 {
		t.Errorf("the page for a text with repeated words says %q", empty)
	}
	if p := b.get("/history?list=1&" + urlQuery("q", "INC0012345 "+strings.Repeat("x", 1001))).want(200); strings.Contains(p.doc.Find("table.history tbody th a").AttrOr("href", "?"), "?") {
		t.Error("the links repeat a long search text")
	}
	if p := b.get("/meetings/1").want(200); p.doc.Find(".back").Length() != 0 {
		t.Error("the page has a back link although it was opened directly")
	}
}

func TestAdoptExplainsUnusableLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for link, want := range map[string]string{
		"https://teams.microsoft.com/l/meetup-join/19%3ameeting_NGM4…":            "incomplete",
		"teams.microsoft.com/l/meetup-join/19%3ameeting_NGM4ZTk0...":              "incomplete",
		"https://url.us.m.mimecastprotect.com/s/AbCdEf12345?domain=teams.example": "rewritten",
		"https://bit.ly/3xYzAbC":                     "rewritten",
		"https://teams.microsoft.com/_#/calendarv2":  "does not name a meeting",
		"https://intranet.fabrikam.example/rooms/12": "does not show which meeting",
	} {
		p := b.post("/meetings/adopt", url.Values{"join_url": {link}}).want(422)
		wantProblem(t, p, "join_url", want)
		if got := p.doc.Find("#join_url").AttrOr("value", ""); got != link {
			t.Errorf("the field has %q, want %q", got, link)
		}
	}
}
