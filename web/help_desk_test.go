package web_test

import (
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestHelpDeskCannotChange checks that when the help desk opens another person's
// meeting, the page has no buttons for changing it.
func TestHelpDeskCannotChange(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, tt := range []struct {
		name    string
		fail    emulator.Failure
		texts   []string
		removed bool
	}{
		{"live", emulator.Failure{}, []string{"Ready", "Ready. It has not started yet.", "Only the organizer can change this meeting.", "Link lasts until"}, false},
		{"failed", emulator.Failure{Status: 403, Code: "Forbidden"}, []string{"Failed", "This meeting was not created", "Priya Nair can open this page"}, false},
		{"unfinished", emulator.Failure{Drop: true}, []string{"Not confirmed", "Microsoft did not confirm whether", "Priya Nair can open this page"}, false},
		{"removed", emulator.Failure{}, []string{"Removed", "This meeting was removed."}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			if tt.fail.Drop || tt.fail.Status != 0 {
				for range 3 {
					s.graph.FailNext(createRoute, tt.fail)
				}
			}
			where := b.post("/meetings", s.form()).want(200).url.Path
			if tt.removed {
				b.post(where+"/remove", nil).want(200)
			}
			p := s.signIn(dana).get(where).want(200, tt.texts...)
			for _, form := range p.doc.Find("form:not(.notes form, .sent form, .left form), [formaction]").EachIter() {
				if action := form.AttrOr("action", form.AttrOr("formaction", "")); action != "/preferences" && action != "/auth/logout" && action != "/history" {
					t.Errorf("a form is sent to %q", action)
				}
			}
			if n := p.doc.Find(`main form:not(.notes form, .sent form, .left form), main button:not([type="button"], .notes button, .sent button, .left button), main a[href$="/edit"], main a[href$="/remove"], main a[href*="/edit?"]`).Length(); n != 0 {
				t.Errorf("the page has %d buttons or links that change the meeting:\n%s", n, p.text())
			}
			if link := p.doc.Find(`.reach a[href^="mailto:"]`).AttrOr("href", ""); link != "mailto:priya@contoso.example?subject=INC0012345" {
				t.Errorf("the link to the organizer is %q", link)
			}
		})
	}
}

// TestPastMeeting checks that the organizer and the help desk see that a meeting is over and
// how much longer its join link will work.
func TestPastMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	where := s.signIn(priya).post("/meetings", s.form()).want(200, "Ready").url.Path
	s.SetAhead(72 * time.Hour)
	for _, who := range []string{priya, dana} {
		p := s.signIn(who).get(where).want(200, "Past. Its link", "Link lasts until")
		if badge := strings.TrimSpace(p.doc.Find(".title .badge").Text()); badge != "Past" {
			t.Errorf("%s sees the badge %q, want Past", who, badge)
		}
	}
}

func TestSupportText(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.graph.FailNext(createRoute, emulator.Failure{Status: 503})
	where := s.signIn(priya).post("/meetings", s.form()).want(200, "Created").url.Path
	m := newest(t, s, "INC0012345")
	text := s.signIn(dana).get(where).want(200).doc.Find("#support").Text()
	want := []string{emulator.DefaultTenant, priyaID, m.GraphID, m.ThreadID, "POST (create, delegated)", "status:            201", "status:            503"}
	for _, c := range attempts(t, s, m.ID)[0].Calls {
		want = append(want, c.RequestID, c.ClientRequestID, c.Date, c.StartedAt.UTC().Format("2006-01-02 15:04:05"))
	}
	for _, part := range want {
		if part == "" || !strings.Contains(text, part) {
			t.Errorf("want %q in:\n%s", part, text)
		}
	}
	if strings.Contains(text, m.Passcode) {
		t.Errorf("the text contains the passcode:\n%s", text)
	}
}

// TestMeetingsOfTicket checks the list of the ticket's other meetings on a meeting's page.
// The help desk sees all of them. Staff see those that they may open, but none if the
// meeting was handed over to them.
func TestMeetingsOfTicket(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	day := func(n int) string { return s.now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	b.post("/meetings", s.form("date", day(3))).want(200, "Created")                                                 // meeting 1
	o.post("/meetings", s.form("date", day(2), "anyway", "1")).want(200, "Created")                                  // meeting 2
	o.post("/meetings", s.form("date", day(5), "external_id", "inc 0012345~2", "anyway", "1")).want(200, "Created")  // meeting 3
	d.post("/meetings", s.form("date", day(4), "external_id", "INC0012345~3", "anyway", "1")).want(200, "Created")   // meeting 4
	b.post("/meetings", s.form("date", day(1), "external_id", "INC0012345~2", "anyway", "1")).want(200, "Created")   // meeting 5
	b.post("/meetings", s.form("date", day(1), "external_id", "INC0012346")).want(200, "Created")                    // meeting 6, for another ticket
	o.post("/meetings/1/hand-over", url.Values{"external_id": {"INC0012345"}}).want(200, "This is a meeting of Pri") // gives Tomás access to meeting 1
	listed := func(p *page) string {
		var rows []string
		for _, row := range p.doc.Find("ol.list > li").EachIter() {
			rows = append(rows, strings.TrimPrefix(row.Find("a").AttrOr("href", "here"), "/meetings/"))
		}
		return strings.Join(rows, " ")
	}
	for _, tt := range []struct {
		who  *browser
		at   int
		want string
	}{
		{d, 1, "5 2 here 4 3"}, {d, 4, "5 2 1 here 3"}, {d, 6, ""},
		{b, 1, "5 here"}, {o, 3, "2 1 here"}, {o, 1, ""},
	} {
		if got := listed(tt.who.get(fmt.Sprintf("/meetings/%d", tt.at)).want(200)); got != tt.want {
			t.Errorf("the page of meeting %d lists %q, want %q", tt.at, got, tt.want)
		}
	}
}

// TestHelpDeskCreatesNextMeeting checks that the help desk can create another meeting for
// the ticket from the page of a meeting that only its organizer can change. The organizer of
// the new meeting is the help desk member.
func TestHelpDeskCreatesNextMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withOrganizers(priya))
	b, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	b.post("/meetings", s.form()).want(200, "Created")
	o.post("/meetings", s.form("external_id", "INC0012345~4", "anyway", "1")).want(200, "Created")
	p := d.get("/meetings/1").want(200, "If Priya Nair has left", "Nobody else can change this meeting or take it over.")
	p = d.press(p, "Another meeting").want(200)
	form := fields(p)
	if form.Get("external_id") != "INC0012345~5" || form.Get("subject") != "Printer on fire" || form.Get("organizer") != "" || !strings.Contains(form.Get("attendees"), dana) {
		t.Errorf("the form has %v, want the next external ID and the rest of the meeting", form)
	}
	form.Set("anyway", "1")
	d.post("/meetings", form).want(200, "Created", "INC0012345~5", "Printer on fire")
	if m := newest(t, s, "INC0012345~5"); m.Organizer.UPN != dana {
		t.Errorf("the organizer is %s, want Dana", m.Organizer.UPN)
	}
	for who, at := range map[*browser]string{b: "/meetings/1", d: "/meetings/3"} {
		if p := who.get(at).want(200); strings.Contains(p.text(), "has left") {
			t.Errorf("the organizer of %s sees what to do without them:\n%s", at, p.text())
		}
	}
}

// TestHelpDeskViewsAreAudited checks what is audited when the help desk tries to change
// another person's meeting, sees it in a list, or uses it after a hand-over.
func TestHelpDeskViewsAreAudited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	d := s.signIn(dana)
	var want []string
	wantAudited := func(entry string) {
		t.Helper()
		want = append(want, "dana@contoso.example "+entry)
		if got := audit(t, s); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Fatalf("the audit says\n%q, want\n%q", got, want)
		}
	}
	d.get("/meetings/1/edit").want(403)
	wantAudited("meeting.read 1 ")
	d.get("/meetings/1/remove").want(403)
	wantAudited("meeting.read 1 ")
	d.post("/meetings/1/refresh", nil).want(403)
	wantAudited("meeting.read 1 ")
	d.post("/attempts/1/dismiss", nil).want(403)
	wantAudited("meeting.read 1 ")
	want = append(want, "dana@contoso.example ticket.read 1 INC0012345~2")
	d.post("/meetings", s.form("external_id", "INC0012345~2", "anyway", "1")).want(200) // audited twice, because the new page lists Priya's meeting for the ticket and as a colleague's
	wantAudited("ticket.read 1 INC0012345~2")
	want = append(want, "dana@contoso.example meeting.hand_over 1 ")
	d.post("/meetings/1/hand-over", url.Values{"external_id": {"INC0012345"}}).want(200)
	wantAudited("meeting.read 1 ")
}

// TestPrivateMeetingLooksAbsent requests all URLs of a meeting as a person who may not see
// it. The responses must be the same as for a meeting that does not exist.
func TestPrivateMeetingLooksAbsent(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	b := s.visitor(tomas)
	respond := func(pattern string, id int64, body string) string {
		r := s.request(t, pattern, [2]int64{id, id})
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		p := b.do(r)
		p.header.Del("Date")
		response := fmt.Sprintf("%d %v\n%s", p.status, p.header, p.body)
		for _, id := range p.doc.Find("main code").EachIter() { // removes the request ID, which always differs
			response = strings.ReplaceAll(response, id.Text(), "ID")
		}
		return regexp.MustCompile(fmt.Sprintf(`(meetings|attempts)(/|%%2F)%d\b`, id)).ReplaceAllString(response, "$1/N")
	}
	routes := 0
	for _, route := range s.server.Routes() {
		if !strings.Contains(route.Pattern, "{id}") || isAboutOther(route.Pattern) {
			continue
		}
		routes++
		for _, body := range []string{"", "external_id=INC999&subject=Changed&date=2027-03-03&start=10%3A00&end=10%3A30&time_zone=UTC", "start=nonsense"} {
			private, absent := respond(route.Pattern, 1, body), respond(route.Pattern, 7, body)
			if private != absent || !strings.HasPrefix(private, "404 ") {
				t.Errorf("%s with %q: a private meeting gives\n%s\nand an absent one\n%s", route.Pattern, body, private, absent)
			}
		}
	}
	if routes < 10 {
		t.Errorf("only %d routes were tried, want at least 10", routes)
	}
}
