package web_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// insertTicket inserts n of Priya's meetings for one ticket. They are live and start
// tomorrow. The search index does not contain them.
func insertTicket(t *testing.T, s *site, n int) {
	t.Helper()
	s.signIn(priya)
	inDatabase(t, s, `WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < $1)
		INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, state, origin, start_at, end_at, created_at, updated_at)
		SELECT n, 1, 1, 'INC7~' || n, CAST($3 AS TEXT), 'live', 'created', CAST($2 AS BIGINT), CAST($2 AS BIGINT) + 1000, n, n FROM count`, n, time.Now().Add(24*time.Hour).UnixMilli(), meeting.TicketKey("INC7"))
	inDatabase(t, s, `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT 1, id, 'organizer', 0 FROM meetings`)
}

// If the URL of a redirect is too long for a proxy to accept in a header, the desk sends a
// page instead.
func TestLongRedirectIsAPage(t *testing.T) {
	t.Parallel()
	b := newSite(t).visitor(priya)
	for length, status := range map[int]int{2600: 303, 2900: 200} {
		if p := b.get("/t/REQ-77?subject=" + strings.Repeat("x", length)); p.status != status {
			t.Errorf("a subject of %d characters: status %d, want %d", length, p.status, status)
		}
	}
}

// An export contains at most 1,000 meetings for the ticket that was searched for.
func TestExportedHitsAreLimited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	insertTicket(t, s, 1100)
	rows, err := csv.NewReader(strings.NewReader(s.signIn(priya).get("/history.csv?q=INC7").want(200).body)).ReadAll()
	if err != nil || len(rows) != 1001 {
		t.Errorf("the export has %d rows, want 1,001 (%v)", len(rows), err)
	}
}

// The home page lists at most ten upcoming meetings, and only the imports of the last day.
func TestHomeIsShort(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	insertTicket(t, s, 12)
	p := s.signIn(priya).get("/")
	if n := p.doc.Find(`section[aria-labelledby=upcoming] a[href^="/meetings/"]`).Length(); n != 10 {
		t.Errorf("%d upcoming meetings, want 10:\n%s", n, p.text())
	}
	s.addImport(priya)
	for hours, want := range map[int]int{1: 1, 25: 0} {
		s.SetAhead(time.Duration(hours) * time.Hour)
		if n := s.signIn(priya).get("/").doc.Find(`main a[href^="/imports/"]:not([href="/imports/new"])`).Length(); n != want {
			t.Errorf("after %d hours, the home page has %d imports, want %d", hours, n, want)
		}
	}
}

// The audit page lists at most 20 people who match a name. For a ticket, it shows only the
// entries of the newest 50 meetings.
func TestAuditFiltersAreLimited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	insertTicket(t, s, 60)
	a := s.signIn(alex)
	for i := range 25 {
		inDatabase(t, s, `INSERT INTO users (tid, oid, upn, name, created_at) VALUES ('t', $1, $1, 'Same Name', 0)`, fmt.Sprint("p", i))
	}
	p := a.post("/admin/audit", url.Values{"who": {"Same Name"}}).want(200)
	if n := p.doc.Find(`main a[href*="person="]`).Length(); n != 20 {
		t.Errorf("%d people match, want 20", n)
	}
	found := make(map[string]bool)
	for id := range 60 {
		if err := s.store.Audit(t.Context(), 1, "meeting.read", int64(id+1), fmt.Sprintf("T-%03d", id)); err != nil {
			t.Fatal(err)
		}
	}
	for next := "/admin/audit?meeting=INC7"; next != ""; {
		p := a.get(next).want(200)
		for _, cell := range p.doc.Find("table .hint").EachIter() {
			if detail := strings.TrimSpace(cell.Text()); strings.HasPrefix(detail, "T-") {
				found[detail] = true
			}
		}
		next = p.doc.Find(`main a[href*="before="]`).AttrOr("href", "")
	}
	if len(found) != 50 {
		t.Errorf("the audit has entries of %d meetings, want 50", len(found))
	}
}

// The retention page lists only the newest 20 removals.
func TestRetentionTasksAreLimited(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.signIn(alex)
	for range 25 {
		inDatabase(t, s, `INSERT INTO retention_tasks (kind, by_id, meetings_before, created_at, done_at) VALUES ('purge', 1, 1, 1, 1)`)
	}
	if n := a.get("/admin/retention").want(200).doc.Find("main tbody tr").Length(); n != 20 {
		t.Errorf("%d removals are listed, want 20", n)
	}
}
