package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// A search finds a ticket number anywhere in the search text, with or without a ticket
// rule. If the text contains two ticket numbers, the search shows a list.
func TestSearchByTicketRule(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		rule         meeting.TicketRule
		ids          []string
		opens, lists []string          // searches that open the first meeting, and searches that list both
		offers       map[string]string // maps search text to the external ID that the page proposes for a new meeting
	}{
		"Zammad": {
			meeting.TicketRule{Pattern: regexp.MustCompile(`^\d{5,}$`), URL: "https://zammad.example.org/#search/{ticket}"}, []string{"67001", "67002"},
			[]string{"Ticket#67001", "[Ticket#67001] Printer", "my ticket is 67001", "https://zammad.example.org/#search/67001", "67,001", "67001.0", "٦٧٠٠١", "Re: [Ticket#67001] AW: VPN > please"},
			[]string{"67001 and 67002", "Ticket#67001, Ticket#67002", "https://zammad.example.org/#search/67001 or 67002"},
			map[string]string{"[Ticket#67003] Printer": "67003", "Ticket#67003": "67003", "https://zammad.example.org/#search/67003": "67003", "67003 or 67004": ""},
		},
		"Jira": {
			meeting.TicketRule{Pattern: regexp.MustCompile(`^[A-Z][A-Z0-9]+-\d+$`), URL: "https://example.atlassian.net/browse/{ticket}"}, []string{"DESK-77", "DESK-78"},
			[]string{"[JIRA] (DESK-77) Laptop", "https://example.atlassian.net/browse/DESK-77", "https://example.atlassian.net/browse/DESK-77?focusedCommentId=1", "desk 77 laptop", "see desk-77, please"},
			[]string{"DESK-77 blocks DESK-78"},
			map[string]string{"[JIRA] (DESK-79) Laptop": "DESK-79", "desk-79": "DESK-79"},
		},
		"ServiceNow": {
			meeting.TicketRule{Pattern: regexp.MustCompile(`^INC\d{7}$`), URL: "https://example.service-now.com/nav_to.do?uri=incident.do%3Fsysparm_query%3Dnumber%3D{ticket}"}, []string{"INC0012345", "INC0012346"},
			[]string{"https://example.service-now.com/nav_to.do?uri=incident.do%3Fsysparm_query%3Dnumber%3DINC0012345", "Incident:INC0012345", "my inc 0012345 is open", "INC٠٠١٢٣٤٥"},
			[]string{"inc 0012345 or INC-0012346"},
			map[string]string{"Incident INC0099999 was assigned": "INC0099999"},
		},
		"without a rule": {
			meeting.TicketRule{}, []string{"67001", "67002"},
			[]string{"Ticket#67001", "[Ticket#67001] Printer", "case 67001", "Fall: 67001", "chamado nº 67001", "Vorgang 67001", "caso 67001, por favor", "the printer #67001"},
			[]string{"ticket 67001 and ticket 67002"},
			map[string]string{"my ticket is 67003": "67003", "Ticket n° 67003": "67003"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.server.Ticket = tt.rule
			b := s.signIn(priya)
			for _, id := range tt.ids {
				b.post("/meetings", s.form("external_id", id, "subject", "Round")).want(200, "Created")
			}
			for _, q := range tt.opens {
				if p := b.get("/history?" + urlQuery("q", q)).want(200); p.url.Path != "/meetings/1" {
					t.Errorf("%q leads to %s", q, p.url)
				}
			}
			for _, q := range tt.lists {
				p := b.get("/history?" + urlQuery("q", q)).want(200)
				if n := p.doc.Find("table.history tbody tr:not(.day)").Length(); n != 2 || p.url.Path != "/history" {
					t.Errorf("%q leads to %s with %d rows, want a list of both meetings", q, p.url, n)
				}
			}
			for q, want := range tt.offers {
				form, _ := url.Parse(b.get("/history?"+urlQuery("q", q)).want(200, "No meeting was found").doc.Find(`.empty a.primary`).AttrOr("href", ""))
				if got := form.Query().Get("external_id"); got != want {
					t.Errorf("%q offers a new meeting for %q, want %q", q, got, want)
				}
			}
		})
	}
}

func TestUnsearchableText(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(dana)
	b.post("/meetings", s.form("subject", "Lunch")).want(200, "Created")
	m := newest(t, s, "INC0012345")
	for q, want := range map[string]string{
		m.JoinURL[:80] + "…": "This link is incomplete", m.JoinURL[:70] + "...": "This link is incomplete", "19:meeting_NGM4ZTk0…": "ask for the meeting ID",
		"https://protect-eu.mimecast.com/s/Ab1cD2?domain=teams.microsoft.com": "rewritten by a mail filter", "https://clicktime.symantec.com/15siEqAbc": "copy the address that the browser then shows",
		"https://aka.ms/abc": "shortened", "https://teams.microsoft.com/": "does not name a meeting", "https://contoso.example/x": "does not show which meeting",
		"mso1n2y5zgfjyy03mwjmltq3ndmtyjqxmy01m2edfgkdrwhjlqqqqq": "lost its capital letters", "2.34568E+12": "A spreadsheet has rounded",
		"!!!": "nothing to search for", "😀": "nothing to search for", "— … —": "nothing to search for", "\u200b": "nothing to search for", "#": "nothing to search for",
	} {
		p := b.get("/history?"+urlQuery("q", q)).want(200, want)
		if text := p.text(); strings.Contains(text, "every meeting it knows") || strings.Contains(text, "bring it in") || strings.Contains(text, "Check the spelling") || p.doc.Find(".kind").Length() > 0 {
			t.Errorf("%q: the page also says\n%s", q, text)
		}
	}
	for _, q := range []string{strings.ToLower(m.JoinURL), strings.ToLower(m.ThreadID), strings.ToUpper(m.ThreadID), m.JoinURL[:80] + "… ticket INC0012345", safeLink(strings.ToLower(m.JoinURL))} {
		if p := b.get("/history?" + urlQuery("q", q)).want(200); p.url.Path != "/meetings/1" {
			t.Errorf("%q leads to %s", q, p.url)
		}
	}
	inDatabase(t, s, `UPDATE meetings SET thread_id = upper(thread_id) WHERE id = 1`)
	if p := b.get("/history?" + urlQuery("q", m.JoinURL)).want(200); p.url.Path != "/history" {
		t.Errorf("the link opens %s, whose thread ID has other capitals", p.url)
	}
}

// A meeting can be found by its video ID, meeting ID, conference ID or dial-in number. Many
// meetings share a dial-in number, so a search for it shows a list.
func TestSearchByNumber(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b, o := s.signIn(priya), s.signIn(tomas)
	b.post("/meetings", s.form()).want(200, "Created")
	m := newest(t, s, "INC0012345")
	video := m.VideoID
	for q, opens := range map[string]bool{
		video: true, grouped(video, " "): true, "Video ID: " + grouped(video, " "): true, m.JoinMeetingID + ".0": true, grouped(m.JoinMeetingID, ",") + " passcode x": true,
		"+1 206-485-3005 x" + m.ConferenceID: true, "tel:+12064853005%2C%2C" + m.ConferenceID + "%23": true,
		"+1 206-485-3005": false, "206-485-3005": false, "(206) 485-3005": false, "+12064853005": false,
	} {
		p := b.get("/history?" + urlQuery("q", q)).want(200)
		if opened := p.url.Path == "/meetings/1"; opened != opens {
			t.Errorf("%q leads to %s", q, p.url)
		} else if !opens {
			wantRows(t, p, "1")
			if why := p.doc.Find(".why").Text(); !strings.Contains(why, "dial-in number") {
				t.Errorf("%q matches by %q, want the dial-in number", q, why)
			}
		}
		if p := o.get("/history?" + urlQuery("q", q)).want(200); len(rowIDs(p)) > 0 || p.url.Path != "/history" {
			t.Errorf("%q shows a meeting to a colleague", q)
		}
	}
}

// The list names the field that matches, even if its spelling differs from the search
// text.
func TestMatchReasonForOtherSpellings(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("subject", "Wi-Fi für Müller, 팀회의실", "attendees", "Siobhán O’Sullivan <so@fabrikam.example>")).want(200, "Created")
	for q, want := range map[string]string{"wifi": "subject", "wi-fi": "subject", "mueller": "subject", "회의": "subject", "osullivan": "attendee Siobhán O’Sullivan", "o'sullivan": "attendee Siobhán O’Sullivan", "wifi osulliv": "subject, attendee Siobhán O’Sullivan"} {
		p := b.search(q).want(200)
		wantRows(t, p, "1")
		if why := strings.Join(strings.Fields(p.doc.Find(".why").Text()), " "); why != "Found by: "+want {
			t.Errorf("%q: the reason is %q, want %q", q, why, want)
		}
	}
}
