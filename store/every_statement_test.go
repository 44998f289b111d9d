package store

import (
	"context"
	"database/sql"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitetest"
	"meetdesk/testenv"
)

// mayReadMany matches query plan steps that may read more rows as the database grows: a
// table scan, a range, a sort, or all rows of one person, ticket or state.
var mayReadMany = regexp.MustCompile(`^SCAN |^USE TEMP B-TREE|\((user_id|organizer_id|state|ticket_key)=\?\)|\(state=\? AND actor_id=\?\)|[<>]\?`)

// readsMany lists the methods whose query plans may contain steps that match mayReadMany.
// The first field gives the reason, and the last one is a regular expression that matches
// the allowed steps.
var readsMany = []struct{ why, methods, steps string }{
	{"an administrator seldom asks for it", "ExportPerson Imports Overview PeopleSeen PlanErase PlanPurge RetentionTasks StartErase State", ``},
	{"a meeting has few of them", "Attempt Attempts GiveAccess HandOver ImportsOfMeeting People", `FOR ORDER BY|ended_access_user|rowid>\?`},
	{"a meeting has few attempts that are newer than one of them", "Failed Reopen Unfinished", `attempts_meeting \(meeting_id=\? AND rowid>\?\)`},
	{"a ticket has few meetings", "GiveAccess People ImportMatches IsRowTaken MineForTicket RowsAhead TicketExternalIDs TicketMeetingIDs TicketMeetings", `(meetings|import_rows)_ticket \(ticket_key=\?\)|ORDER BY`},
	{"a person has few of them", "AddPreset EndedFor EndOtherSessions HandOver ImportMatches OpenSessions Preset RecentImports SignIn SignOutPerson", `(sessions|imports)_user|presets_1|ended_access_user|FOR ORDER BY`},
	{"few attempts are open", "Failed SettleOthers Unfinished", `attempts_open|GROUP BY|ORDER BY|SCAN [oq]$`},
	{"few imports are open", "OpenImports SettleOthers SignOutPerson", `imports_open|SCAN imports|GROUP BY|ORDER BY`},
	{"it reads as many rows as the caller needs, in the order of an index", "Organizer Overview RecentPeople TicketNeighbours Upcoming", `SCAN (own|others|open|p)$|ORDER BY|meeting_people|meetings_(upcoming|ticket)`},
	{"it stops at the first match", "SharesTicket", `(meetings|import_rows)_ticket \(ticket_key=\?\)`},
	{"the desk has few people", "FindPeople", `SCAN u|ORDER BY`},
	{"the desk has few presets", "ChangePreset Presets RemovePreset", `SCAN p USING INDEX sqlite_autoindex_presets_1`},
	{"the table has few rows", "CancelImport EndGrant EndOtherSessions KeepIndex Organizer RetentionRule SaveWait SetRetentionRule SignIn", `SCAN (grants|index_queue|retention|retention_rule|waits)$`},
	{"it deletes what has expired", "SignIn", `sessions_expires`},
	{"a form has at most a few dozen attempts", "Sent", `form_id>`},
}

// TestEveryStatementReadsFewRows calls the methods of a Store with 1 for every ID and
// checks the query plans of their statements. The number of rows that a statement reads
// must not grow with the number of meetings, unless readsMany gives a reason.
func TestEveryStatementReadsFewRows(t *testing.T) {
	enginetest.SQLiteOnly(t, "its query plans")
	testenv.SkipUnlessLong(t)
	used, statements := make(map[string]bool), 0
	for _, states := range [][2]string{{"draft", "pending"}, {"running", "failed"}, {"paused", "unfinished"}} {
		s := openNew(t)
		insertOnes(t, s, states[0], states[1])
		statements += checkEveryPlan(t, s, used)
	}
	statements += checkEveryPlan(t, openAnalyzed(t), used)
	for _, r := range readsMany {
		for name := range strings.FieldsSeq(r.methods) {
			if !used[r.why+name] && name != "KeepIndex" { // on a slow machine, KeepIndex may not run all of its statements within a second
				t.Errorf("readsMany is not needed for %s: %s", name, r.why)
			}
		}
	}
	if statements < 150 {
		t.Errorf("only %d statements were checked", statements)
	}
}

// openAnalyzed opens a database with skewed data, for which ANALYZE has collected
// statistics. The desk itself never runs ANALYZE, but an administrator may.
func openAnalyzed(t *testing.T) *Store {
	t.Helper()
	dir := t.TempDir()
	sqlitetest.WriteEmpty(t, filepath.Join(dir, FileName))
	open := func() *Store {
		s, err := Open(t.Context(), Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	s := open()
	insertOnes(t, s, "running", "failed")
	for _, statement := range skewed {
		if _, err := s.write.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return open() // new connections read the statistics
}

// skewed inserts about 5,000 meetings. User 1 organizes most of them, almost all of them are
// live, and a tenth have the same ticket.
var skewed = []string{
	`CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n`,
	`INSERT INTO users (id, tid, oid, upn, name, created_at, seen_at) SELECT i + 1, 't', i, 'p' || i, 'P', 1, i FROM n WHERE i < 300`,
	`INSERT INTO grants (id, user_id, tokens, created_at, updated_at) SELECT i, 1 + i % 290, x'00', 1, 1 FROM n WHERE i < 2000`,
	`INSERT INTO sessions (id, hash, user_id, grant_id, sid, created_at, used_at, expires_at) SELECT id, CAST('h' || id AS BLOB), user_id, id, 'sid' || id, 1, id, 4000000000000 FROM grants WHERE id > 1`,
	`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, origin, start_at, end_at, created_at, updated_at, graph_id)
		SELECT i, CASE WHEN i % 10 < 8 THEN 1 ELSE 3 + i % 200 END, 1, 'INC' || i, CASE i % 10 WHEN 0 THEN 'inc1' ELSE 'inc' || i END, 's', CASE i % 50 WHEN 0 THEN 'failed' ELSE 'live' END, 'created', i, i + 1, i, i, 'g' || i FROM n`,
	`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT organizer_id, id, 'organizer', 1 FROM meetings WHERE id > 1 UNION ALL SELECT 2, id, 'handed over', 1 FROM meetings WHERE id > 1 AND id % 5 = 0`,
	`INSERT INTO attendees (meeting_id, position, upn) SELECT i, 0, 'a' || i % 50 FROM n`,
	`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, asked, state, created_at, updated_at) SELECT i, i, 1, 'delegated', 'create', '{}', CASE i % 50 WHEN 0 THEN 'failed' ELSE 'done' END, i, i FROM n`,
	`INSERT INTO replies (id, meeting_id, attempt_id, at, created, body) SELECT i, i, i, i, 1, '{}' FROM n`,
	`INSERT INTO notes (meeting_id, user_id, kind, created_at) SELECT i, 1, 'note', i FROM n`,
	`INSERT INTO audit (at, user_id, action, meeting_id) SELECT i, 1 + i % 2, 'meeting.read', i FROM n`,
	`INSERT INTO imports (id, user_id, title, time_zone, unknown, state, created_at) SELECT i, 1 + i % 2, '', 'UTC', '', 'done', 1 FROM n WHERE i < 200`,
	`INSERT INTO import_rows (import_id, position, number, form, external_id, ticket_key, state) SELECT 2 + i % 150, i, i, '', 'INC' || i, 'inc' || i, 'created' FROM n`,
	`DROP TABLE n`,
	`ANALYZE`,
}

// checkEveryPlan checks the query plan of every statement and returns the number of
// statements. It records in used which exceptions from readsMany were needed.
func checkEveryPlan(t *testing.T, s *Store, used map[string]bool) (statements int) {
	t.Helper()
	stored := reflect.ValueOf(s)
	for i := range stored.NumMethod() {
		name := stored.Type().Method(i).Name
		if _, isList := reflect.TypeFor[*Store]().Elem().Field(0).Type.MethodByName(name); isList || name == "Close" || name == "KeepRetention" {
			continue // package listing checks its own statements
		}
		for _, statement := range statementsOf(t, s, stored.Method(i)) {
			statements++
			for _, step := range sqlitetest.Plan(t, s.read, statement) {
				if mayReadMany.MatchString(step) && step != "SCAN CONSTANT ROW" && !excused(used, name, step) {
					t.Errorf("%s: step %q of\n%s", name, step, statement)
				}
			}
		}
	}
	return statements
}

func excused(used map[string]bool, method, step string) (is bool) {
	for _, r := range readsMany {
		if slices.Contains(strings.Fields(r.methods), method) && regexp.MustCompile(r.steps).MatchString(step) {
			is, used[r.why+method] = true, true
		}
	}
	return is
}

// statementsOf calls the method and returns the statements that it ran, except those that
// have no query plan.
func statementsOf(t *testing.T, s *Store, method reflect.Value) (list []string) {
	t.Helper()
	for _, pool := range []*sql.DB{s.read, s.write} {
		pool.SetMaxIdleConns(0) // the next connection has no statements from earlier methods
		pool.SetMaxIdleConns(1)
	}
	read := sqlitetest.NewStatements(t, s.read, func() error {
		list = sqlitetest.NewStatements(t, s.write, func() error {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			var args []reflect.Value
			for i := range method.Type().NumIn() {
				args = append(args, ones(ctx, method.Type().In(i)))
			}
			if method.Type().IsVariadic() {
				args = args[:len(args)-1]
			}
			method.Call(args) // errors are expected and do not matter
			return nil
		})
		return nil
	})
	return slices.DeleteFunc(append(list, read...), func(statement string) bool { return strings.HasPrefix(statement, "PRAGMA") })
}

// ones returns a value of the given type in which numbers are 1, strings are "1", and
// times are the current time.
func ones(ctx context.Context, of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	switch of {
	case reflect.TypeFor[context.Context]():
		return reflect.ValueOf(ctx)
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(time.Now())
	case reflect.TypeFor[[]time.Time](): // the start and the end of a day
		return reflect.ValueOf([]time.Time{time.Now(), time.Now()})
	}
	switch of.Kind() {
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.String:
		v.SetString("1")
	case reflect.Slice:
		v = reflect.Append(v, ones(ctx, of.Elem()))
	case reflect.Func:
		v = reflect.MakeFunc(of, func([]reflect.Value) (out []reflect.Value) {
			for i := range of.NumOut() {
				out = append(out, reflect.Zero(of.Out(i)))
			}
			return out
		})
	case reflect.Struct:
		for i := range of.NumField() {
			if v.Field(i).CanSet() {
				v.Field(i).Set(ones(ctx, of.Field(i).Type))
			}
		}
	}
	return v
}

// insertOnes inserts rows with the ID 1 into the tables that most methods read.
func insertOnes(t *testing.T, s *Store, ofImport, ofAttempt string) {
	t.Helper()
	for _, statement := range []string{
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at, seen_at) VALUES (1, '1', '1', '1', 'One', 'admin', 1, 1), (2, '1', '2', '2', 'Two', 'staff', 1, 1)`,
		`INSERT INTO grants (id, user_id, tokens, created_at, updated_at) VALUES (1, 1, x'00', 1, 1)`,
		`INSERT INTO sessions (id, hash, user_id, grant_id, created_at, used_at, expires_at) VALUES (1, x'31', 1, 1, 1, 4000000000000, 4000000000000)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, origin, start_at, end_at, created_at, updated_at, graph_id) VALUES (1, 1, 1, '1', '1', 's', 'live', 'created', 1, 4000000000000, 1, 1, '1')`,
		`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES (1, 1, 'organizer', 1), (2, 1, 'handed over', 1)`,
		`INSERT INTO attendees (meeting_id, position, upn) VALUES (1, 0, '2')`,
		`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, asked, state, form_id, created_at, updated_at) VALUES (1, 1, 1, 'delegated', 'create', '{}', '` + ofAttempt + `', 'f', 1, 1)`,
		`INSERT INTO replies (id, meeting_id, attempt_id, at, created, body) VALUES (1, 1, 1, 1, 1, '{}')`,
		`INSERT INTO imports (id, user_id, grant_id, title, time_zone, unknown, state, created_at) VALUES (1, 1, 1, '', 'UTC', '', '` + ofImport + `', 1)`,
		`INSERT INTO import_rows (import_id, position, number, form, external_id, ticket_key, state, meeting_id) VALUES (1, 1, 1, '{}', '1', '1', 'waiting', 1)`,
	} {
		if _, err := s.write.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
