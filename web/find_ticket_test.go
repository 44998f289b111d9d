package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// A search finds a ticket even if it is spelled differently. A meeting with exactly this
// external ID comes first. A ticket with a different number does not match.
func TestTicketSpellings(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	for i, id := range []string{"INC0012345", "INC0012345~2", "inc-0012346", "INC00123456", "INC012345", "12-3", "CHG/7/2", "ABC-0099", "abc0099", "ref 5 b", "2026.11"} {
		b.post("/meetings", s.form("external_id", id, "anyway", "1", "subject", "Round")).want(200, "Created")
		if m := newest(t, s, id); m.ID != int64(i+1) {
			t.Fatalf("%q is meeting %d, want %d", id, m.ID, i+1)
		}
	}
	o.post("/meetings", s.form("external_id", "INC0012345", "anyway", "1")).want(200, "Created") // meeting 12
	for _, tt := range []struct {
		query string
		who   *browser
		opens string   // path of the meeting that opens; "" means a list
		hits  []string // IDs of the list's first rows; nil means that no ticket matches
		why   string   // the expected match reason in the last of these rows
	}{
		{"INC0012345", b, "/meetings/1", nil, ""}, // INC0012345~2 is a different external ID
		{"INC0012345~2", b, "/meetings/2", nil, ""},
		{"INC0012345", d, "", []string{"12", "1"}, "Found by: ticket"}, // both organizers use this external ID
		{"INC0012345~2", d, "/meetings/2", nil, ""},
		{"inc 0012345", b, "", []string{"2", "1"}, "Found by: ticket, spelled differently"},
		{"INC0012345~3", b, "", []string{"2", "1"}, "Found by: another meeting of the ticket"},
		{"INC0012346", b, "/meetings/3", nil, ""},
		{"#Inc_0012346", b, "/meetings/3", nil, ""},
		{"ABC-0099", b, "/meetings/8", nil, ""},
		{"abc0099", b, "/meetings/9", nil, ""},
		{"ABC0099", b, "", []string{"9", "8"}, "Found by: ticket, spelled differently"},
		{"chg 7-2", b, "/meetings/7", nil, ""},
		{"ＩＮＣ0012346", b, "/meetings/3", nil, ""}, // full-width letters
		{"12-3", b, "/meetings/6", nil, ""},
		{"12 3", b, "/meetings/6", nil, ""},
		{"1-23", b, "", nil, ""},
		{"123", b, "", nil, ""},
		{"1-2-3", b, "", nil, ""},
		{"CHG72", b, "", nil, ""},
		{"INC0012346", o, "", nil, ""},
		{"INC00123", b, "", nil, ""},
		{"INC12345", b, "", nil, ""},
		{"INC001234567", b, "", nil, ""},
		{"0012346", b, "", nil, ""},
		{"202611", b, "", nil, ""},
		{"2026-11", b, "/meetings/11", nil, ""},
		{"REF5B", b, "/meetings/10", nil, ""},
		{"~2", b, "", nil, ""},
	} {
		p := tt.who.get("/history?" + urlQuery("q", tt.query)).want(200)
		if want := tt.opens; want == "" && p.url.Path != "/history" || want != "" && p.url.Path != want {
			t.Errorf("%q leads to %s, want %q", tt.query, p.url, tt.opens)
		}
		if tt.opens != "" {
			continue
		}
		rows, whys := rowIDs(p), p.doc.Find(".why")
		if len(rows) < len(tt.hits) || strings.Join(rows[:len(tt.hits)], " ") != strings.Join(tt.hits, " ") {
			t.Errorf("%q lists %q, want %q first", tt.query, rows, tt.hits)
		} else if last := strings.Join(strings.Fields(whys.Eq(len(tt.hits)-1).Text()), " "); tt.why != "" && last != tt.why {
			t.Errorf("%q: the reason is %q, want %q", tt.query, last, tt.why)
		}
		if tt.hits == nil && strings.Contains(whys.Text(), "another spelling") {
			t.Errorf("%q matches a different number:\n%s", tt.query, p.text())
		}
	}
	for _, query := range []string{"INC0012345", "inc-0012345"} {
		whys := b.search(query).doc.Find("table.history tr:contains('INC00123456') .why, table.history tr:contains('INC012345') .why").Text()
		if strings.Contains(whys, "spelling") {
			t.Errorf("%q matches a different number: %s", query, whys)
		}
	}
}

// If the search text names one meeting, the search opens it. If the text names two, the
// search shows a list.
func TestTicketWithOtherText(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	var meetings []meeting.Meeting
	for _, id := range []string{"INC0012345", "INC0012345~2", "CHG-2231", "[REQ 77]"} {
		b.post("/meetings", s.form("external_id", id, "anyway", "1")).want(200, "Created")
		meetings = append(meetings, newest(t, s, id))
	}
	wantList := func(query string, why ...string) {
		t.Helper()
		p := b.get("/history?" + urlQuery("q", query)).want(200)
		for i, id := range rowIDs(p)[:min(len(why), len(rowIDs(p)))] {
			if got := strings.Join(strings.Fields(p.doc.Find(".why").Eq(i).Text()), " "); id+": "+got != why[i] {
				t.Errorf("%q: row %d is meeting %s with %q, want %q", query, i, id, got, why[i])
			}
		}
		if p.url.Path != "/history" || len(rowIDs(p)) < len(why) {
			t.Errorf("%q leads to %s with %q, want a list", query, p.url, rowIDs(p))
		}
	}
	wantList("Re: INC0012345 printer. Join here: "+meetings[1].JoinURL, "1: Found by: ticket", "2: Found by: ticket, spelled differently, chat thread")
	wantList("INC0012345 or "+meetings[1].JoinMeetingID, "1: Found by: ticket", "2: Found by: ticket, spelled differently, meeting ID")
	wantList("INC0012345 see also chg_2231", "1: Found by: ticket", "3: Found by: ticket, spelled differently")
	for query, want := range map[string]string{
		"INC0012345 " + meetings[0].JoinURL: "/meetings/1", "[INC0012345]": "/meetings/1", "INC0012345~2, please": "/meetings/2", "[REQ 77]": "/meetings/4", "[req-77]": "/meetings/4", meetings[1].JoinURL: "/meetings/2",
	} {
		if p := b.get("/history?" + urlQuery("q", query)).want(200); p.url.Path != want {
			t.Errorf("%q leads to %s, want %s", query, p.url, want)
		}
	}
	for query, want := range map[string]string{"[INC0099999]": "INC0099999", "my INC0099999 does not open": "INC0099999", "inc 99999": "inc 99999", "INC0099999 or INC0099998": "", "nowhere": ""} {
		form, _ := url.Parse(b.get("/history?"+urlQuery("q", query)).want(200).doc.Find(`.empty a.primary`).AttrOr("href", ""))
		if got := form.Query().Get("external_id"); got != want {
			t.Errorf("%q offers a new meeting for %q, want %q", query, got, want)
		}
	}
	for _, end := range []string{"", "#support", "?state=past#x"} {
		if p := b.get("/history?" + urlQuery("q", s.url+"/meetings/3"+end)).want(200); p.url.Path != "/meetings/3" || p.doc.Find(".back").Length() != 0 {
			t.Errorf("the meeting's own URL with %q leads to %s, or the page has a back link", end, p.url)
		}
	}
	beyond := b.get("/history?before=1").want(200)
	back := b.get(beyond.doc.Find(`nav.pages a[rel="prev"]`).AttrOr("href", "")).want(200)
	wantRows(t, back, "4", "3", "2", "1")
	if back.doc.Find(`nav.pages a[href="/history"]`).Length() != 1 {
		t.Error("the last page has no link to the first page")
	}
}

// The list shows match reasons even if the search text has too many words and is
// truncated.
func TestMatchReasonForCutText(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	words := strings.Fields("alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa")
	b.post("/meetings", s.form("subject", strings.Join(words, "."))).want(200, "Created")
	p := b.search(strings.Join(append(words, "quebec"), ".")).want(200)
	wantRows(t, p, "1")
	if why := p.doc.Find(".why").Text(); !strings.Contains(why, "subject") {
		t.Errorf("the reason is %q, want the subject", why)
	}
}

// A search also finds removed and failed meetings, but a live meeting takes precedence.
func TestSearchFindsRemovedAndFailed(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	find := func(q string) *page { return b.get("/history?" + urlQuery("q", q)).want(200) }
	where := b.post("/meetings", s.form()).want(200).url.Path
	first := newest(t, s, "INC0012345")
	b.post(where+"/remove", nil).want(200, "Removed")
	if p := find("INC0012345"); p.url.Path != where {
		t.Errorf("the removed meeting's ticket leads to %s", p.url)
	}
	second := b.post("/meetings", s.form()).want(200, "Created").url.Path
	s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)
	third := b.post("/meetings", s.form("anyway", "1")).want(200, "Created").url.Path // the new meeting replaces the second one
	if p := find("INC0012345"); p.url.Path != third {
		t.Errorf("the ticket leads to %s, want the live meeting %s", p.url, third)
	}
	wantRows(t, b.search("INC0012345"), "3", "2", "1")
	wantRows(t, find("inc 0012345"), "3", "2", "1")
	wantRows(t, b.get("/history?state=removed&list=1&q=INC0012345"), "2", "1")
	for _, text := range []string{first.JoinURL, first.JoinMeetingID, first.GraphID} {
		if p := find(text); p.url.Path != where {
			t.Errorf("%q leads to %s, want %s", text, p.url, where)
		}
	}
	if second == third || first.JoinURL == "" {
		t.Fatalf("the meetings are %s and %s, and the first join link is %q; want two meetings and a link", second, third, first.JoinURL)
	}
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	failed := b.post("/meetings", s.form("external_id", "INC2")).want(200, "Retry").url.Path
	call := attempts(t, s, 4)[0].Calls[0]
	for _, id := range []string{call.RequestID, call.ClientRequestID, "Forbidden (request-id: " + call.RequestID + ")"} {
		if p := find(id); id == "" || p.url.Path != failed {
			t.Errorf("the request ID %q leads to %s, want %s", id, p.url, failed)
		}
	}
	b.post("/meetings/3/remove", nil).want(200, "Removed")
	wantRows(t, find("INC0012345"), "3", "2", "1") // no meeting is live, so none takes precedence
}

// All meetings in a channel have the same thread. The message ID in the join link tells
// the meetings apart.
func TestSearchForChannelMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withBeta)
	b, d := s.signIn(priya), s.signIn(dana)
	links := make([]string, 2)
	for i := range links {
		where := b.post("/meetings", s.form("external_id", []string{"CHAN-1", "CHAN-2"}[i], "thread_id", channelThread)).want(200, "Created").url.Path
		// The emulator's join links for channel meetings differ from real ones, so the test
		// replaces them.
		links[i] = "https://teams.microsoft.com/l/meetup-join/" + url.QueryEscape(channelThread) + "/" + []string{"1620000000000", "1620000000001"}[i] + "?context=%7b%7d"
		s.graph.ChangeMeeting(s.graph.Meetings()[i].ID, func(m map[string]any) { m["joinWebUrl"] = links[i] })
		b.post(where+"/refresh", nil).want(200)
	}
	both := "https://teams.microsoft.com/l/channel/" + url.QueryEscape(channelThread) + "/General"
	for _, tt := range []struct {
		text string
		want []string // meeting IDs; a single meeting is opened
	}{
		{channelThread, []string{"2", "1"}}, {both, []string{"2", "1"}},
		{links[0], []string{"1"}}, {safeLink(links[1]), []string{"2"}}, {channelThread + "/1620000000000", []string{"1"}},
		{"https://teams.microsoft.com/meetingOptions/?" + url.Values{"threadId": {channelThread}, "messageId": {"1620000000001"}}.Encode(), []string{"2"}},
		{strings.Replace(links[0], "1620000000000", "1620000000009", 1), nil},
		{links[0] + " and " + links[1], []string{"2", "1"}},
	} {
		for _, who := range []*browser{b, d} {
			p := who.get("/history?" + urlQuery("q", tt.text)).want(200)
			if len(tt.want) == 1 && p.url.Path != "/meetings/"+tt.want[0] || len(tt.want) != 1 && p.url.Path != "/history" {
				t.Errorf("%s leads to %s, want %q", tt.text, p.url, tt.want)
			}
			wantRows(t, who.search(tt.text), tt.want...)
		}
	}
}
