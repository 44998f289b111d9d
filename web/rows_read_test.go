package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meetdesk/store/enginetest"
	"meetdesk/store/listing"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// The test compares two sizes of one database. The smaller one has the newest meetings: so
// many that a list of one person's meetings reaches its limit of 10,000 candidates. The
// larger one has older meetings as well. Two of three IDs are left out, so that the two eras
// that a search covers are in the smaller one.
const (
	lastMeeting  = 3 * 60_000
	firstOfSmall = 3 * 40_001
)

// A statement fails the test if it reads more than mostIgnored rows at the larger size, and
// more than mostGrowth times as many as at the smaller one. A statement that reads all
// meetings, or all of a person's, reads three times as many. A search may read 1,000 matches
// of a word, with several rows for each.
//
// A home page shows the first few rows of each list, and no statement may read more than
// mostAtHome rows for it.
const (
	mostGrowth  = 2
	mostIgnored = 5_000
	mostAtHome  = 1_000
)

// skewed fills a database with the meetings from $2 to $3. Priya (user 1) organizes most of
// them, one ticket has 300 of the newest, and one word occurs in all subjects.
var skewed = []string{
	`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, graph_id, subject, state, origin, start_at, end_at, time_zone, join_url, join_meeting_id, conference_id, created_at, updated_at)
		SELECT 3 * n, o, CASE WHEN n % 20 = 3 THEN 2 ELSE o END, CASE WHEN of_ticket THEN 'INC1~' || n ELSE 'INC' || n END, CASE WHEN of_ticket THEN 'inc1' ELSE 'inc' || n END, 'M' || n, 'Printer ' || CASE n % 3 WHEN 0 THEN 'odd ' ELSE '' END || 'word' || n % 500,
			CASE kind WHEN 7 THEN 'failed' WHEN 8 THEN 'unfinished' WHEN 9 THEN 'removed' ELSE 'live' END, CASE WHEN kind IN (7, 8) THEN NULL WHEN kind = 4 THEN 'adopted' ELSE 'created' END,
			t, t + 1800000, 'UTC', 'https://teams.example/' || n, 1000000 + n, 2000000 + n, t - 86400000, t - 86400000
		FROM (SELECT n, n % 66 = 0 AND n > 40000 AS of_ticket, CASE WHEN n > 40000 THEN n % 40 END AS kind, CASE WHEN n % 10 < 6 THEN 1 WHEN n % 10 < 9 THEN 2 ELSE 3 + n % 300 END AS o, $1::bigint + (n - 59000) * 3600000::bigint AS t FROM generate_series($2::bigint / 3, $3::bigint / 3) n) s`,
	`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT organizer_id, id, 'organizer', created_at FROM meetings WHERE id BETWEEN $2 AND $3
		UNION ALL SELECT maker_id, id, 'maker', created_at FROM meetings WHERE maker_id <> organizer_id AND id BETWEEN $2 AND $3
		UNION ALL SELECT 2, id, 'handed over', created_at FROM meetings WHERE organizer_id = 1 AND id % 20 = 0 AND id BETWEEN $2 AND $3`,
	`INSERT INTO attendees (meeting_id, position, upn, name) SELECT id, p, 'ana' || id % 700 || '.' || p || '@contoso.example', 'Ana Person ' || id % 700 FROM meetings, generate_series(0, 1) p WHERE id BETWEEN $2 AND $3`,
	`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, asked, state, outcome, reason, created_at, updated_at)
		SELECT id, id, organizer_id, 'delegated', 'create', '{}', CASE state WHEN 'failed' THEN 'failed' WHEN 'unfinished' THEN 'unfinished' ELSE 'done' END, CASE WHEN state IN ('failed', 'unfinished') THEN '' ELSE 'created' END, CASE state WHEN 'failed' THEN 'reason.forbidden' ELSE '' END, created_at, updated_at FROM meetings WHERE id BETWEEN $2 AND $3`,
	`INSERT INTO replies (meeting_id, attempt_id, at, created, body) SELECT id, id, created_at, true, '{"id":"' || graph_id || '"}' FROM meetings WHERE origin IS NOT NULL AND id BETWEEN $2 AND $3`,
	`INSERT INTO calls (attempt_id, method, client_request_id, request_id, status, unsure, started_at, duration_us) SELECT id, 'POST', 'c' || id, 'r' || id, 201, false, created_at, 1 FROM meetings WHERE id BETWEEN $2 AND $3`,
	`INSERT INTO notes (meeting_id, user_id, kind, body, created_at) SELECT id, organizer_id, 'note', 'Called', created_at FROM meetings WHERE id % 5 = 0 AND id BETWEEN $2 AND $3`,
	`INSERT INTO audit (at, user_id, action, meeting_id, address) SELECT $1::bigint - (60000 - n) * 120000::bigint, CASE WHEN n % 3 > 0 THEN 3 ELSE 1 + n % 300 END, CASE n % 1000 WHEN 0 THEN 'refused' WHEN 1 THEN 'sign_in' ELSE 'meeting.read' END, 3 * n, '192.0.2.1' FROM generate_series($2::bigint / 3, $3::bigint / 3) n`,
	`INSERT INTO imports (id, user_id, title, time_zone, unknown, state, row_count, created, failed, created_at, started_at, finished_at) SELECT n, 1 + n % 2, 'Table ' || n, 'UTC', '', 'done', 50, 44, 6, t, t, t FROM (SELECT n, $1::bigint - (300 - n) * 7200000::bigint AS t FROM generate_series(1 + $2::bigint / 600, $3::bigint / 600) n) s`,
	`INSERT INTO import_rows (import_id, position, number, form, external_id, ticket_key, state, meeting_id, ended_at) SELECT i, p, p + 1, 'external_id=INC1', 'INC' || p, 'inc' || p, CASE WHEN p % 9 = 0 THEN 'failed' ELSE 'created' END, CASE WHEN p % 9 = 0 THEN NULL ELSE ((i - 1) * 200 + p) * 3 END, 1 FROM generate_series(1 + $2::bigint / 600, $3::bigint / 600) i, generate_series(1, 50) p`,
}

// pagesToRead are the pages of each person. Exports are left out, because they read
// everything, in parts.
var pagesToRead = map[string][]string{
	priya: {
		"/", "/meetings/new", "/meetings/new?external_id=INC40077", "/meetings/adopt", "/meetings/120300", "/meetings/120300/edit", "/meetings/120300/invitation.ics", "/meetings/120186", "/t/INC1", "/t/INC40077",
		"/imports", "/imports/202", "/imports/new", "/sessions", "/history", "/history?sort=start", "/history?q=printer", "/history?q=odd", "/history?q=word7", "/history?q=inc1", "/history?q=1040077", "/history?q=ana5.0@contoso.example", "/history?q=nowhere",
		"/history?state=failed", "/history?state=unfinished", "/history?state=upcoming", "/history?state=past", "/history?state=removed", "/history?from=2026-11-01&to=2026-11-30",
	},
	tomas: {"/", "/history", "/history?sort=start", "/history?state=upcoming", "/history?q=printer", "/meetings/120060", "/meetings/new"},
	dana: {
		"/", "/history?whose=all", "/history?whose=all&sort=start", "/history?whose=all&q=printer", "/history?whose=all&q=odd+printer", "/history?whose=all&q=word7", "/history?whose=all&q=ana&state=failed",
		"/history?whose=all&q=inc1", "/history?whose=all&state=removed", "/history?whose=all&origin=adopted", "/history?whose=all&from=2025-01-01&to=2026-01-01", "/history?whose=all&q=2040077", "/t/INC1", "/meetings/120186",
	},
	alex: {
		"/admin", "/admin/audit", "/admin/audit?action=refused", "/admin/audit?action=meeting.read", "/admin/audit?person=1", "/admin/audit?meeting=120231", "/admin/audit?from=2026-11-01&to=2026-11-02", "/admin/audit?oldest=1",
		"/admin/people", "/admin/people/1", "/admin/imports", "/admin/presets", "/admin/check", "/meetings/120231",
	},
}

// TestPagesReadFewRowsOnPostgres opens pages while PostgreSQL logs the plan of every
// statement with the number of rows that it read. With statistics about skewed data, the
// planner must not choose plans that read more rows because there are older meetings.
func TestPagesReadFewRowsOnPostgres(t *testing.T) {
	if !postgrestest.Wanted() {
		t.Skip("only with PostgreSQL: its query plans; TestEveryStatementReadsFewRows checks SQLite's")
	}
	testenv.SkipUnlessLong(t)
	s := newSite(t)
	browsers := make(map[string]*browser)
	for _, person := range []string{priya, tomas, dana, alex} { // the users 1 to 4
		browsers[person] = s.signIn(person)
	}
	s.execute(t, `INSERT INTO users (tid, oid, upn, name, role, created_at, seen_at) SELECT 't', 'o' || n, 'person' || n || '@contoso.example', 'Person ' || n, 'staff', n, n FROM generate_series(1, 300) n`)
	s.execute(t, fmt.Sprintf(`UPDATE next_ids SET meeting = %d`, lastMeeting+1))
	plans := s.logPlans(t)
	s.fillSkewed(t, firstOfSmall, lastMeeting)
	small := s.rowsRead(browsers, plans)
	s.fillSkewed(t, 3, firstOfSmall-3)
	large := s.rowsRead(browsers, plans)
	if len(small) < 200 {
		t.Errorf("only %d plans were logged", len(small))
	}
	for _, r := range slices.SortedFunc(maps.Keys(large), func(a, b pageStatement) int { return strings.Compare(a.page+a.statement, b.page+b.statement) }) {
		before, known := small[r]
		if !known { // more matches may need another statement
			for other, rows := range small {
				if other.page == r.page {
					before = max(before, rows)
				}
			}
		}
		isHome := strings.HasSuffix(r.page, ", /")
		if rows := large[r]; isHome && rows > mostAtHome || rows > mostIgnored && rows > mostGrowth*before {
			t.Errorf("%s: a statement reads %d rows, and %d with older meetings:\n%s", r.page, before, rows, r.statement)
		}
	}
}

// pageStatement is a statement that a page runs for a person.
type pageStatement struct{ page, statement string }

// rowsRead opens all pages on new connections, without any cached counts. It returns how
// many rows each statement read.
func (s *site) rowsRead(browsers map[string]*browser, plans func() map[string]int) map[pageStatement]int {
	s.store.Close()
	s.reopen()
	all := make(map[pageStatement]int)
	plans()
	for _, person := range slices.Sorted(maps.Keys(pagesToRead)) {
		for _, path := range pagesToRead[person] {
			browsers[person].get(path).want(200)
			for statement, rows := range plans() {
				all[pageStatement{person + ", " + path, statement}] = rows
			}
		}
	}
	return all
}

// fillSkewed inserts the meetings whose IDs are in the given range, indexes their words, and
// updates the planner's statistics.
func (s *site) fillSkewed(t *testing.T, first, last int) {
	t.Helper()
	for _, q := range skewed {
		args := []any{s.now().UnixMilli(), first, last}
		if !strings.Contains(q, "$1") {
			q, args = strings.NewReplacer("$2", "$1", "$3", "$2").Replace(q), args[1:]
		}
		s.execute(t, q, args...)
	}
	tx, err := enginetest.Connect(t, s.Dir).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := listing.PostgresIndex().UpdateChunk(t.Context(), tx, 0, int64(last+1), (last-first)/3+1); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	s.execute(t, `ANALYZE`)
}

func (s *site) execute(t *testing.T, q string, args ...any) {
	t.Helper()
	if _, err := enginetest.Connect(t, s.Dir).ExecContext(t.Context(), q, args...); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

// logPlans makes PostgreSQL log the plan of each statement on new connections to the site's
// database. The returned function returns the statements that were logged since its last
// call, and how many rows each of them read.
func (s *site) logPlans(t *testing.T) (newPlans func() map[string]int) {
	t.Helper()
	address, err := url.Parse(enginetest.Prepare(t, s.Dir))
	if err != nil {
		t.Fatal(err)
	}
	db := enginetest.Connect(t, s.Dir)
	for setting, value := range map[string]string{
		"session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0", "auto_explain.log_analyze": "on", "auto_explain.log_timing": "off", "auto_explain.log_format": "json",
	} {
		if _, err := db.ExecContext(t.Context(), fmt.Sprintf(`ALTER DATABASE %s SET %s = '%s'`, strings.TrimPrefix(address.Path, "/"), setting, value)); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.Open(filepath.Join(address.Query().Get("host"), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	if _, err := log.Seek(0, 2); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(log)
	return func() map[string]int { return readPlans(t, lines) }
}

// planNode is a node of a query plan in the format of EXPLAIN.
type planNode struct {
	Type      string     `json:"Node Type"`
	Relation  string     `json:"Relation Name"`
	Rows      float64    `json:"Actual Rows"` // for each loop
	Loops     float64    `json:"Actual Loops"`
	Filtered  float64    `json:"Rows Removed by Filter"`
	Rechecked float64    `json:"Rows Removed by Index Recheck"`
	Plans     []planNode `json:"Plans"`
}

// read returns the number of rows that the node and its children read from tables and
// indexes.
func (n planNode) read() (rows int) {
	if n.Relation != "" || strings.HasPrefix(n.Type, "Bitmap Index") {
		rows = int((n.Rows + n.Filtered + n.Rechecked) * n.Loops)
	}
	for _, child := range n.Plans {
		rows += child.read()
	}
	return rows
}

// readPlans reads the plans to the end of the log. A plan is indented with a tab.
func readPlans(t *testing.T, log *bufio.Reader) map[string]int {
	t.Helper()
	plans := make(map[string]int)
	var text strings.Builder
	add := func() {
		var plan struct {
			Statement string   `json:"Query Text"`
			Plan      planNode `json:"Plan"`
		}
		if text.Len() == 0 {
			return
		}
		if err := json.Unmarshal([]byte(text.String()), &plan); err != nil {
			t.Fatalf("%v:\n%s", err, text.String())
		}
		plans[plan.Statement] = max(plans[plan.Statement], plan.Plan.read())
		text.Reset()
	}
	for inPlan := false; ; {
		line, err := log.ReadString('\n')
		if err != nil {
			add()
			return plans
		}
		switch {
		case strings.HasPrefix(line, "\t") && inPlan:
			text.WriteString(line)
		default:
			add()
			inPlan = strings.Contains(line, "  plan:")
		}
	}
}
