package web_test

import (
	"encoding/base64"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/search"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

type searchCase struct {
	text string
	kind search.Kind
	why  string // the match reason that the only row must show
}

// safeLink wraps a link as Outlook's Safe Links does.
func safeLink(link string) string {
	return "https://eur03.safelinks.protection.outlook.com/ap/t-59584e83/?" + urlQuery("url", link) + "&data=05%7C02%7Cpriya%40contoso.example%7C&reserved=0"
}

// grouped splits digits into groups of three, as Teams does: "234 567 890 123 4".
func grouped(digits, separator string) string {
	var groups []string
	for ; len(digits) > 3; digits = digits[3:] {
		groups = append(groups, digits[:3])
	}
	return strings.Join(append(groups, digits), separator)
}

// identifierCases returns searches for the meeting's recorded identifiers, written in many
// ways. Each search must find exactly this meeting.
func identifierCases(m meeting.Meeting, calls []meeting.Call) (list []searchCase) {
	add := func(kind search.Kind, why string, texts ...string) {
		for _, text := range texts {
			list = append(list, searchCase{text, kind, why})
		}
	}
	join := m.JoinURL
	path := strings.TrimPrefix(join, "https://teams.microsoft.com")
	add(search.KindLink, "chat thread", join, " "+join+"\r\n", strings.TrimPrefix(join, "https://"), "<"+join+">", "[Join]("+join+")", url.QueryEscape(join), url.QueryEscape(url.QueryEscape(join)),
		safeLink(join), safeLink(safeLink(join)), `<a href="`+html.EscapeString(join)+`">Join</a>`, "Hi, the caller sent "+join+". Thanks, Dana", join[:70]+"\n> "+join[70:],
		"https://teams.microsoft.com/v2/?meetingjoin=true#"+path, "https://teams.microsoft.com/dl/launcher/launcher.html?"+urlQuery("url", "/_#"+path)+"&type=meetup-join", "msteams:"+path,
		strings.Replace(join, "teams.microsoft.com", "gov.teams.microsoft.us", 1), strings.ReplaceAll(join, "/", `\/`), m.OptionsURL,
		"https://urldefense.com/v3/__"+strings.ReplaceAll(join, "%", "*")+"__;JSUlJSUlJSU!!Abc!x$", "https://linkprotect.example/url?"+urlQuery("a", join)+"&c=E,1")
	light := func(inside string) string {
		return "https://teams.microsoft.com/light-meetings/launch?agent=web&" + urlQuery("coords", base64.StdEncoding.EncodeToString([]byte(inside))) + "&lightExperience=true"
	}
	add(search.KindLink, "chat thread", light(`{"conversationId":"`+m.ThreadID+`","messageId":"0"}`))
	add(search.KindLink, "meeting ID", light(`{"meetingCode":"`+m.JoinMeetingID+`"}`))
	add(search.KindLink, "meeting ID", "https://teams.microsoft.com/meet/"+m.JoinMeetingID+"?p=abc", "teams.cloud.microsoft/meet/"+m.JoinMeetingID, safeLink("https://teams.microsoft.com/meet/"+m.JoinMeetingID+"?p=abc"))
	add(search.KindLink, "conference ID", m.DialInURL)
	add(search.KindThread, "chat thread", m.ThreadID, "19_"+strings.TrimPrefix(m.ThreadID, "19:"), url.QueryEscape(m.ThreadID), "threadId: "+m.ThreadID+",")
	add(search.KindGraphID, "Graph’s meeting ID", m.GraphID, strings.TrimRight(m.GraphID, "="), "GET /v1.0/me/onlineMeetings/"+url.QueryEscape(m.GraphID), `{"id": "`+m.GraphID+`"}`)
	add(search.KindMeetingID, "meeting ID", m.JoinMeetingID, grouped(m.JoinMeetingID, " "), grouped(m.JoinMeetingID, "\u00a0"), grouped(m.JoinMeetingID, "-"), "Meeting ID: "+grouped(m.JoinMeetingID, " "),
		"ID da Reunião: "+m.JoinMeetingID, "they read out "+grouped(m.JoinMeetingID, " ")+", I think")
	add(search.KindConferenceID, "conference ID", m.ConferenceID+"#", grouped(m.ConferenceID, " "), "Phone conference ID: "+grouped(m.ConferenceID, " ")+"#", "+1 206-485-3005,,"+m.ConferenceID+"#")
	add(search.KindTicket, "conference ID", m.ConferenceID)
	for _, c := range calls {
		add(search.KindRequestID, "request ID", c.RequestID, strings.ToUpper(c.ClientRequestID), "request-id: "+c.RequestID, `{"innerError":{"request-id":"`+c.RequestID+`","client-request-id":"`+c.ClientRequestID+`"}}`)
	}
	add(search.KindTicket, "ticket", m.ExternalID, " "+m.ExternalID+"\t")
	add(search.KindTicket, "ticket, spelled differently", "inc0012345", "INC 0012345", "inc-0012345", "#INC0012345", "Inc_0012345")
	return list
}

// wordCases are searches that match a meeting without identifying it exactly.
var wordCases = []searchCase{
	{"ana@fabrikam.example", search.KindAddress, "attendee Ana Conceição"},
	{"Conceição, Ana <ANA@fabrikam.example>", search.KindAddress, "attendee Ana Conceição"},
	{"A. Conceição (ana@fabrikam.example)", search.KindAddress, "attendee Ana Conceição"},
	{"Annie [ana@fabrikam.example]", search.KindAddress, "attendee Ana Conceição"},
	{"Annie <ana@fabrikam.example<mailto:ana@fabrikam.example>>", search.KindAddress, "attendee Ana Conceição"},
	{"mailto:ana@fabrikam.example", search.KindAddress, "attendee Ana Conceição"},
	{"Ana Conceição", search.KindText, "attendee Ana Conceição"},
	{"conceicao", search.KindText, "attendee Ana Conceição"},
	{"Zażółć gęślą", search.KindText, "subject"},
	{"gesla JAZN", search.KindText, "subject"},
	{"zazolc", search.KindText, "subject"},
	{"ZAŻÓŁĆ", search.KindText, "subject"},
	{"strasse", search.KindText, "subject"},
	{"straß", search.KindText, "subject"},
	{"議室", search.KindText, "subject"},
	{"室 ｇｅｓｌａ", search.KindText, "subject"},
	{"gesl", search.KindText, "subject"},
	{"gęślą ana", search.KindText, "subject, attendee Ana Conceição"},
	{"inc00123", search.KindTicket, "ticket that begins like this"},
	{"INC0012345~2", search.KindTicket, "another meeting of the ticket"}, // the meeting is listed but not opened, because its external ID is INC0012345
}

func TestEveryKindOfSearchText(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testenv.SkipUnderRace(t)
	t.Parallel()
	s := newSite(t)
	b, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	s.graph.FailNext(createRoute, emulator.Failure{Status: 503})
	b.post("/meetings", s.form("subject", "Zażółć gęślą jaźń, Straße 会議室", "attendees", "Ana Conceição <ana@fabrikam.example>")).want(200, "Created")
	for _, who := range []*browser{b, o} {
		who.post("/meetings", s.form("external_id", "OTHER-1", "subject", "Lunch", "attendees", "", "anyway", "1")).want(200, "Created")
	}
	m := newest(t, s, "INC0012345")
	calls := attempts(t, s, m.ID)[0].Calls
	if len(calls) != 2 || calls[0].RequestID == "" || m.ConferenceID == "" || m.DialInURL == "" || m.OptionsURL == "" {
		t.Fatalf("an identifier is missing in the meeting %+v or the calls %+v", m, calls)
	}
	exact := identifierCases(m, calls)
	all := append(exact, wordCases...)
	before := make([]string, len(all)) // the pages that the colleague sees before the meeting is deleted
	for i, tt := range all {
		for _, who := range []*browser{b, d} {
			if opened := who.get("/history?" + urlQuery("q", tt.text)).want(200); i < len(exact) != (opened.url.Path == "/meetings/1") {
				t.Errorf("%q leads to %s", tt.text, opened.url)
			}
			p := who.search(tt.text).want(200)
			wantRows(t, p, "1")
			if why := strings.Join(strings.Fields(p.doc.Find(".why").Text()), " "); why != "Found by: "+tt.why {
				t.Errorf("%q: the reason is %q, want %q", tt.text, why, tt.why)
			}
			if hint, key := p.doc.Find(".kind").Text(), "scrap."+string(tt.kind); english(t).Has(key) && !strings.Contains(hint, english(t).T(key)) || !english(t).Has(key) && hint != "" {
				t.Errorf("%q: the hint is %q, want the kind %s", tt.text, hint, tt.kind)
			}
		}
		p := o.search(tt.text).want(200, "No meeting was found")
		if before[i] = p.body; strings.Contains(p.text(), "gęślą jaźń") || o.get("/history?"+urlQuery("q", tt.text)).url.Path != "/history" {
			t.Errorf("%q shows the meeting to a colleague:\n%s", tt.text, p.text())
		}
	}
	seen := make(map[string]int)
	for _, line := range audit(t, s) {
		seen[strings.Join(strings.SplitN(line, " ", 4)[:3], " ")]++
	}
	for id := range 2 { // some of Tomás's searches reveal that a colleague has a meeting, which is audited
		delete(seen, fmt.Sprintf("tomas@contoso.example ticket.read %d", id+1))
	}
	reads, hits, lists := seen["dana@contoso.example meeting.read 1"], seen["dana@contoso.example history.read 1"], seen["dana@contoso.example history.read 0"]
	if len(seen) != 3 || reads != len(exact) || hits != len(exact) || lists != len(all)+len(wordCases) {
		t.Errorf("the audit log has %v, want %d meetings and %d lists opened by Dana", seen, len(exact), len(all)+len(wordCases))
	}

	if p := b.get("/history?" + urlQuery("q", s.url+"/meetings/1")); p.url.Path != "/meetings/1" {
		t.Errorf("the URL of a meeting's page leads to %s", p.url)
	}
	if why := d.search("oliveira").doc.Find(".why").Text(); !strings.Contains(why, "organizer") {
		t.Errorf("a meeting of Tomás matches by %q, want the organizer", why)
	}

	// Once the meeting is deleted, Tomás's searches must show the same pages as before,
	// except for searches for the ticket.
	deleteFirstMeeting(t, s)
	named := 0
	for i, tt := range all {
		if strings.Contains(before[i], `href="/t/`) {
			if named++; !strings.HasPrefix(tt.why, "ticket") && tt.why != "another meeting of the ticket" {
				t.Errorf("%q tells a colleague of the meeting", tt.text)
			}
			continue
		}
		if p := o.search(tt.text).want(200); p.body != before[i] {
			t.Errorf("%q shows this page for a colleague's meeting:\n%s\nand this one for a missing meeting:\n%s", tt.text, before[i], p.body)
		}
		wantRows(t, d.search(tt.text).want(200))
	}
	if named == 0 {
		t.Error("no search for the ticket leads to its page")
	}
}

// wantRows fails the test unless the list consists of the meetings with these IDs, in this
// order.
func wantRows(t *testing.T, p *page, want ...string) {
	t.Helper()
	if got := rowIDs(p); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s: listed %q, want %q", p.url, got, want)
	}
}

func rowIDs(p *page) (ids []string) {
	for _, link := range p.doc.Find("table.history tbody th a").EachIter() {
		id, _, _ := strings.Cut(strings.TrimPrefix(link.AttrOr("href", ""), "/meetings/"), "?")
		ids = append(ids, id)
	}
	return ids
}

// deleteFirstMeeting deletes meeting 1 in one transaction, as retention does.
func deleteFirstMeeting(t *testing.T, s *site) {
	t.Helper()
	tx, err := enginetest.Connect(t, s.Dir).Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	indexed := `rowid`
	if postgrestest.Wanted() {
		indexed = `meeting_id`
	}
	for _, q := range []string{
		`INSERT INTO retention (subject, before) VALUES ('replies', 9000000000000)`,
		`UPDATE attempts SET base_reply_id = NULL WHERE meeting_id = 1`,
		`DELETE FROM calls WHERE attempt_id IN (SELECT id FROM attempts WHERE meeting_id = 1)`,
		`DELETE FROM replies WHERE meeting_id = 1`, `DELETE FROM attempts WHERE meeting_id = 1`, `DELETE FROM attendees WHERE meeting_id = 1`,
		`DELETE FROM meeting_people WHERE meeting_id = 1`, `DELETE FROM meetings WHERE id = 1`, `DELETE FROM meetings_fts WHERE ` + indexed + ` = 1`,
		`DELETE FROM retention`,
	} {
		if _, err := tx.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
