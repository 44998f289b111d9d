package web_test

import (
	"strings"
	"testing"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestHandedOverMeetingRevealsOnlyKit checks that lists, searches and exports reveal no
// more of a colleague's meeting than its page does.
func TestHandedOverMeetingRevealsOnlyKit(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, o := s.signIn(priya), s.signIn(tomas)
	b.post("/meetings", s.form("subject", "Weekly round", "attendees", "Secret Person <secret@fabrikam.example>")).want(200, "Created")
	o.post("/meetings/1/hand-over", s.form("external_id", "INC0012345")).want(200)
	m := newest(t, s, "INC0012345")
	for _, q := range []string{"secret", "fabrikam", "weekly secret", m.GraphID, attempts(t, s, m.ID)[0].Calls[0].RequestID} {
		p := o.search(q).want(200)
		if rows := rowIDs(p); len(rows) > 0 && !strings.Contains(q, "MSo") || strings.Contains(p.text(), "Secret Person") {
			t.Errorf("searching for %q reveals %v:\n%s", q, rows, p.text())
		}
		if p := b.search(q).want(200); len(rowIDs(p)) != 1 {
			t.Errorf("%q: the organizer finds %v, want the meeting", q, rowIDs(p))
		}
	}
	if p := o.search("weekly").want(200); len(rowIDs(p)) != 1 {
		t.Errorf("the subject finds %v, want the meeting", rowIDs(p))
	}
	table := o.get("/history.csv").want(200)
	for column, want := range map[string]string{"attendees": "", "maker": "", "maker_upn": "", "origin": "", "thread_id": "", "graph_id": "", "join_url": m.JoinURL, "subject": "Weekly round"} {
		if got := strings.Join(table.column(column), "|"); got != want {
			t.Errorf("their export has the %s %q, want %q", column, got, want)
		}
	}
	if got := b.get("/history.csv").want(200).column("attendees"); len(got) != 1 || !strings.Contains(got[0], "Secret Person") {
		t.Errorf("the organizer's export has the attendees %q", got)
	}
}

// TestSearchRenamedOrganizer checks that the meetings of a renamed person are found only by
// the person's new name or address.
func TestSearchRenamedOrganizer(t *testing.T) {
	t.Parallel()
	people := desktest.EnglishCast()
	s := newSite(t, func(o *siteSettings) { o.People = people })
	s.signIn(priya).post("/meetings", s.form()).want(200)
	d := s.signIn(dana)
	s.renamed(t, priya, "Priya Krishnan", "krishnan@contoso.example")
	for q, want := range map[string]int{"krishnan": 1, "nair": 0, "krishnan@contoso.example": 1} {
		if rows := rowIDs(d.search(q).want(200)); len(rows) != want {
			t.Errorf("%q finds %v, want %d meetings", q, rows, want)
		}
	}
}

func (s *site) renamed(t *testing.T, upn, name, newUPN string) {
	t.Helper()
	for _, p := range emulator.Cast() {
		if p.UPN != upn {
			continue
		}
		u := newest(t, s, "INC0012345").Organizer
		u.Name, u.UPN = name, newUPN
		if _, err := s.store.Organizer(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDaysWithoutMidnight checks that each meeting is listed only on the correct day, even
// if the clocks skip midnight.
func TestDaysWithoutMidnight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, day := range []string{"2027-09-04", "2027-09-05", "2027-09-06"} { // the clocks go forward at midnight on the 5th
		b.post("/meetings", s.form("external_id", "D-"+day, "date", day, "start", "23:30", "end", "23:45", "time_zone", "America/Santiago")).want(200, "Created")
	}
	for _, day := range []string{"2027-09-04", "2027-09-05", "2027-09-06"} {
		p := b.get("/history?sort=start&from=" + day + "&to=" + day).want(200)
		if rows := p.doc.Find("tbody .ticket").Text(); rows != "D-"+day {
			t.Errorf("the list of %s has %q", day, rows)
		}
	}
}
