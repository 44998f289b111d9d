package web_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

func TestTicketRule(t *testing.T) {
	t.Parallel()
	s := newSite(t, withTicket(`^INC\d{7}$`, "INC and seven digits.", ""))
	b := s.signIn(priya)
	if hint := b.get("/meetings/new").want(200).doc.Find("#external_id-hint").Text(); !strings.HasPrefix(hint, "INC and seven digits.") {
		t.Errorf("the field's hint is %q", hint)
	}
	for _, typed := range []string{"REQ0012345", "INC12345", "xINC0012345", "INC0012345~1", "INC0012345~x"} {
		form := s.form("external_id", typed)
		p := b.post("/meetings", form).want(422)
		wantProblem(t, p, "external_id", "INC and seven digits.")
		wantFormKept(t, p, form)
	}
	if p := b.post("/meetings", s.form("external_id", " ")).want(422); p.doc.Find("#external_id-error p").Length() != 1 {
		t.Errorf("an empty ticket number has more or less than one problem:\n%s", p.text())
	}
	if len(s.graph.Requests()) != 0 || len(record(t, s)) != 0 {
		t.Fatal("a refused ticket number reached Graph or the history")
	}
	for _, tt := range []struct{ typed, want, outcome string }{
		{"inc 001-2345", "INC0012345", "Created"},
		{"INC0012345", "INC0012345", "Found"},
		{"inc0012345~2", "INC0012345~2", "Created"},
	} {
		b.post("/meetings", s.form("anyway", "1", "external_id", tt.typed)).want(200, tt.outcome, tt.want)
	}
	for _, m := range record(t, s) {
		if m.ExternalID != "INC0012345" && m.ExternalID != "INC0012345~2" {
			t.Errorf("%q is recorded", m.ExternalID)
		}
	}
	for _, address := range []string{"/meetings/new?external_id=inc-0012346", "/t/inc-0012346"} {
		if got := fields(b.get(address).want(200)).Get("external_id"); got != "INC0012346" {
			t.Errorf("%s fills in %q, want INC0012346", address, got)
		}
	}
	b.post("/meetings", s.form("anyway", "1", "external_id", "inc0012345", "subject", "")).want(200, "Found")
	b.get("/t/inc 001-2345").want(200, "Printer on fire")

	t.Run("no hint", func(t *testing.T) {
		s.server.Ticket.Hint = ""
		wantProblem(t, b.post("/meetings", s.form("external_id", "x")).want(422), "external_id", `^INC\d{7}$`)
	})
	t.Run("meetings older than the rule", func(t *testing.T) {
		s.server.Ticket.Pattern = regexp.MustCompile(`^CHG\d+$`)
		m := newest(t, s, "INC0012345")
		b.change(fmt.Sprintf("/meetings/%d", m.ID), "Still to be changed").want(200, "Changed", "Still to be changed")
		b.get("/t/INC0012345").want(200, "Still to be changed")
	})
}

// TestTicketPrefixOpensNothing checks that a search does not lead to a ticket merely because
// the text contains the ticket's number.
func TestTicketPrefixOpensNothing(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withTicket(`^\d{5,}$`, "", "https://zammad.example.org/#search/{ticket}"))
	b, d := s.signIn(priya), s.signIn(dana)
	for _, ticket := range []string{"67001", "670012"} {
		b.post("/meetings", s.form("external_id", ticket)).want(200, "Created")
	}
	for _, text := range []string{"67001-2", "67001/2", "order 67001-2", "2026-67001", "call +351 210 67001", "tel. 0351 67001", "Passcode: 67001",
		"https://zammad.example.org/#search/67001-2", "https://zammad.example.org/#search/67001%202", "meeting-67001-2.ics"} {
		for _, who := range []*browser{b, d} {
			if p := who.get("/history?" + urlQuery("q", text)).want(200); p.url.Path != "/history" {
				t.Errorf("searching for %q leads to %s", text, p.url)
			}
		}
	}
	for _, path := range []string{"/t/67001-2", "/t/67001%2F2", "/t/67001%202"} {
		if p := b.get(path).want(200); strings.HasPrefix(p.url.Path, "/meetings/1") || strings.HasPrefix(p.url.Path, "/meetings/2") {
			t.Errorf("%s leads to %s", path, p.url)
		}
	}
	b.get("/t/67-001").want(200, "Printer on fire")
}

func TestTicketSystemLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("external_id", "CHG 22/4&x~2")).want(200).url.Path
	s.signIn(dana).post("/meetings", s.form("external_id", "INC0012345")).want(200)
	if n := b.get(where).doc.Find(`.marks a, [target="_blank"]`).Not(".share a").Length(); n != 0 {
		t.Errorf("%d links to other sites without a ticket system, want none", n)
	}
	s.server.Ticket = meeting.TicketRule{URL: "https://tickets.example.org/find?n={ticket}"}
	const chg, inc = "https://tickets.example.org/find?n=CHG%2022%2F4%26x", "https://tickets.example.org/find?n=INC0012345"
	for _, tt := range []struct{ name, path, want string }{
		{"meeting", where, chg},
		{"form for a change", where + "/edit", chg},
		{"removal", where + "/remove", chg},
		{"home", "/", chg},
		{"history", "/history", chg},
		{"colleague's ticket", "/t/INC0012345", inc},
	} {
		link := b.get(tt.path).want(200).doc.Find(`a[href="` + tt.want + `"]`)
		if link.Length() != 1 || !strings.Contains(link.AttrOr("rel", ""), "noopener") {
			t.Errorf("%s: %d links to %s with rel %q, want one with noopener", tt.name, link.Length(), tt.want, link.AttrOr("rel", ""))
		}
		if name := link.Text(); !strings.Contains(name, "in the ticket system") {
			t.Errorf("%s: the link's text is %q", tt.name, name)
		}
	}
	if n := b.post("/meetings", s.form()).want(409).doc.Find(`a[href="` + inc + `"]`).Length(); n != 1 {
		t.Errorf("the guard has %d links to the ticket, want 1", n)
	}
	for _, list := range []string{"/", "/history"} {
		if n := b.get(list).doc.Find(`a[href^="` + where + `"] .ticket`).Length(); n != 1 {
			t.Errorf("%s: %d tickets link to the meeting, want 1", list, n)
		}
	}
}
