package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"meetdesk/testenv"
)

func TestHistoryPagination(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	b := s.signIn(priya)
	const all = 120
	for i := range all {
		b.post("/meetings", s.form("external_id", fmt.Sprintf("INC%07d", i), "subject", "Weekly round")).want(200)
	}
	for _, path := range []string{"/history", "/history?q=weekly"} {
		var seen []string
		pages := 0
		for next := path; next != ""; pages++ {
			p := b.get(next).want(200)
			var rows []string
			for _, link := range p.doc.Find(`main table a[href^="/meetings/"]`).EachIter() {
				if strings.HasPrefix(link.Text(), "INC") {
					rows = append(rows, link.Text())
				}
			}
			if len(rows) > 50 {
				t.Fatalf("%s: %d rows, want at most 50", next, len(rows))
			}
			seen = append(seen, rows...)
			next = p.doc.Find(`a[href*="before="]`).AttrOr("href", "")
		}
		if len(seen) != all || pages != 3 || !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("%s: %d meetings on %d pages, want %d on 3, newest first", path, len(seen), pages, all)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p, o := s.signIn(priya), s.signIn(tomas)
	p.post("/meetings", s.form("external_id", "INC0012345", "subject", "Zażółć gęślą jaźń", "attendees", "Ana Conceição <ana@fabrikam.example>")).want(200)
	p.post("/meetings", s.form("external_id", "12-3", "subject", "Printer")).want(200)
	o.post("/meetings", s.form("external_id", "INC0012345", "subject", "Impressora quebrada", "anyway", "1")).want(200)
	for _, tt := range []struct {
		name, query string
		who         *browser
		want        []string // subjects, newest first
	}{
		{"all own meetings", "", p, []string{"Printer", "Zażółć gęślą jaźń"}},
		{"exact ticket", "INC0012345", p, []string{"Zażółć gęślą jaźń"}},
		{"ticket in another spelling", "#inc 0012345", p, []string{"Zażółć gęślą jaźń"}},
		{"start of the ticket", "inc0012", p, []string{"Zażółć gęślą jaźń"}},
		{"same digits, hyphen elsewhere", "1-23", p, nil},
		{"word without accents", "gesla", p, []string{"Zażółć gęślą jaźń"}},
		{"start of a word", "prin", p, []string{"Printer"}},
		{"attendee's name", "conceicao", p, []string{"Zażółć gęślą jaźń"}},
		{"attendee's address", "ana@fabrikam.example", p, []string{"Zażółć gęślą jaźń"}},
		{"two words of one meeting", "gesla ana", p, []string{"Zażółć gęślą jaźń"}},
		{"two words of different meetings", "gesla printer", p, nil},
		{"colleague's subject", "impressora", p, nil},
		{"colleague's name", "oliveira", p, nil},
		{"help desk finds everyone's meetings", "INC0012345", s.signIn(dana), []string{"Impressora quebrada", "Zażółć gęślą jaźń"}},
		{"administrator finds an organizer", "oliveira", s.signIn(alex), []string{"Impressora quebrada"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := subjects(tt.who.search(tt.query).want(200))
			if !slices.Equal(got, tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func (b *browser) search(q string) *page {
	b.t.Helper()
	return b.get("/history?list=1&" + urlQuery("q", q))
}

// subjects returns the subjects of the listed meetings, in order. It recognizes only
// the three that TestSearch creates.
func subjects(p *page) (found []string) {
	for _, row := range p.doc.Find("main table tbody tr").EachIter() {
		for _, s := range []string{"Zażółć gęślą jaźń", "Printer", "Impressora quebrada"} {
			if strings.Contains(row.Text(), s) {
				found = append(found, s)
			}
		}
	}
	return found
}
