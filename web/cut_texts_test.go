package web_test

import (
	"strings"
	"testing"
)

// Long strings in a URL or a form are truncated before they are recorded or shown. Each
// case sends 6,000 letters and states how many of them must remain.
func TestLongTextsAreCut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.signIn(alex)
	long := strings.Repeat("q", 6000)
	detail := func(action string) func(*page) int {
		return func(*page) int {
			s.Audit() // writes the queued entries
			return strings.Count(readColumn(t, s, `SELECT detail FROM audit WHERE action = '`+action+`' ORDER BY id DESC LIMIT 1`), "q")
		}
	}
	field := func(selector string) func(*page) int {
		return func(p *page) int { return strings.Count(p.doc.Find(selector).First().AttrOr("value", ""), "q") }
	}
	for _, tt := range []struct {
		name string
		send func() *page
		left func(*page) int
		want int
	}{
		{"people who use the desk", func() *page { return admin.get("/admin/people?q=" + long) }, detail("people.read"), 100},
		{"a meeting in the audit", func() *page { return admin.get("/admin/audit?meeting=" + long) }, field(`main input[name="meeting"]`), 300},
		{"a search", func() *page { return admin.get("/history?list=1&q=" + long) }, detail("history.read"), 4000},
		{"an organizer", func() *page { return admin.get("/history?whose=" + long) }, field(`main input[name="whose"]`), 200},
		{"a ticket", func() *page { return admin.get("/t/" + long) }, field(`main input[name="external_id"]`), 256},
		{"the name of a file", func() *page { return admin.upload(long+".csv", "Ticket\nINC1\n", nil) }, func(*page) int { return strings.Count(readColumn(t, s, `SELECT title FROM imports`), "q") }, 100},
	} {
		p := tt.send()
		if got := tt.left(p); got != tt.want || p.status >= 500 {
			t.Errorf("%s: %d letters are left, want %d; status %d:\n%.300s", tt.name, got, tt.want, p.status, p.text())
		}
	}
}
