package store

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// These maps list the columns that personalTables does not name. Every new database column
// belongs either in personalTables or here.
var (
	// Functions such as scrubMeeting remove personal data from these columns.
	scrubbedColumns = map[string]string{
		"meetings": "ticket_key graph_id", "attendees": "upn object_id name", "attempts": "asked_packed", "replies": "body packed",
		"presets": "name_key", "import_rows": "form external_id ticket_key", "audit": "detail address",
	}
	// StartErase clears these columns or deletes their rows. Only retention_tasks.subject
	// is cleared later, by forgetSubject.
	erasedAtStart = map[string]string{
		"users":    "oid upn name role time_zone language theme signed_in_at duration_minutes seen_at",
		"sessions": "hash user_id grant_id sid address browser created_at used_at expires_at",
		"grants":   "id user_id tokens created_at updated_at", "waits": "service user_id until_at saved_at", "retention_tasks": "subject",
	}
	// These columns cannot identify a person. After an erasure, the user IDs in them refer
	// to a pseudonym.
	notPersonal = map[string]string{
		"attempts":       "meeting_id mode kind state outcome reason base_reply_id created_at updated_at concern accepted desk_id",
		"attendees":      "role identity",
		"audit":          "at action meeting_id count",
		"calls":          "attempt_id method client_request_id request_id status date unsure started_at duration_us retry_at",
		"ended_access":   "ended_at",
		"import_rows":    "number choice known_id state reason meeting_id tries not_before lease_until ended_at desk_id",
		"imports":        "grant_id time_zone state created_at started_at ends_at finished_at row_count created found failed left_out",
		"meeting_people": "relation created_at given_by start_at end_at",
		"meetings": `state origin start_at end_at time_zone join_meeting_id passcode conference_id toll_number toll_free_number allowed_presenters lobby_scope
			graph_created_at expires_at version created_at updated_at announce record more_tolls more_toll_frees`,
		"notes":           "meeting_id kind created_at taken_back_at",
		"presets":         "minutes lobby presenters announce record version changed_at",
		"replies":         "meeting_id attempt_id at created",
		"users":           "tid created_at",
		"retention_tasks": "id kind by_id meetings_before audit_before name step after after_second meetings entries created_at done_at",

		"grants": "renewal_until", "desks": "id lease_until", "filler": "id zeros", "goose_db_version": "id version_id is_applied tstamp", "index_queue": "organizer_id before_id", "index_rules": "version",
		"meetings_fts": "attendees subject organizer external_id scope", // rebuilt from the tables
		"next_ids":     "meeting", "reply_dictionaries": "id body created_at", "retention": "subject before running",
		"retention_rule": "meeting_months audit_months run_at", "upgrades": "schema program at",
	}
)

func TestEveryColumnIsPersonalOrNot(t *testing.T) {
	s := openNew(t)
	decided := make(map[string]bool)
	for _, list := range []map[string]string{scrubbedColumns, erasedAtStart, notPersonal} {
		for table, columns := range list {
			for _, column := range strings.Fields(columns) {
				decided[table+"."+column] = true
			}
		}
	}
	for _, table := range personalTables() {
		for _, column := range slices.Concat(table.keys, table.people, table.texts, table.links, table.json, table.secret) {
			decided[table.name+"."+column] = true
		}
	}
	const columns = `SELECT 0, t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'meetings_fts_%'`
	err := s.eachText(t.Context(), columns, nil, func(_ int64, table, column string) {
		if !decided[table+"."+column] {
			t.Errorf("%s.%s: can it name a person? If so, add it to personalTables, and use it in web.TestErase; otherwise to notPersonal", table, column)
		}
		delete(decided, table+"."+column)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, column := range slices.Sorted(maps.Keys(decided)) {
		t.Errorf("%s does not exist any more", column)
	}
}

func TestPersonalRowsAreReadInParts(t *testing.T) {
	s := openNew(t)
	for _, q := range []string{
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'o', 'u', 'n', 'staff', 0)`,
		`INSERT INTO imports (id, user_id, title, time_zone, unknown, state, created_at) VALUES (1, 1, '', 'UTC', '', 'done', 0), (2, 1, '', 'UTC', '', 'done', 0)`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
			INSERT INTO import_rows (import_id, position, number, form, external_id, ticket_key, state) SELECT 1 + i % 2, i, i, '', '', '', 'created' FROM n`,
	} {
		if _, err := s.write.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	tables := personalTables()
	at := slices.IndexFunc(tables, func(table personalTable) bool { return table.name == "import_rows" })
	table, total := &tables[at], 0
	for after := (place{}); ; {
		rows, err := table.rows(t.Context(), s.read, after, 150)
		if err != nil || len(rows) > 150 {
			t.Fatalf("%d rows after %v: %v", len(rows), after, err)
		}
		if len(rows) == 0 {
			break
		}
		total, after = total+len(rows), table.placeOf(rows[len(rows)-1])
	}
	if total != 1000 {
		t.Errorf("%d rows were read, want 1000", total)
	}
	for _, table := range tables {
		for _, q := range []string{table.selectAfter(), table.selectAt()} {
			if steps := plan(t, s, q); strings.Contains(steps, "SCAN") || strings.Contains(steps, "TEMP") {
				t.Errorf("%s\nhas the plan\n%s", q, steps)
			}
		}
	}
}
