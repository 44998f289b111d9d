package store_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"meetdesk/meeting"
	"meetdesk/migrations"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/listing"
	"meetdesk/store/sqlitedb"
)

// Migration 2 sets the concern of existing attempts according to their kind.
func TestMigrationGivesOlderAttemptsTheirConcern(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	olderDatabase(t, dir, 1,
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, graph_id, state, created_at, updated_at) VALUES (1, 1, 1, 'INC1', 'g1', 'live', 1, 1)`,
		`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES (1, 1, 'organizer', 1)`,
		`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, asked, state, created_at, updated_at) VALUES
			(1, 1, 1, 'delegated', 'update', '{}', 'failed', 1, 1), (2, 1, 1, 'delegated', 'refresh', '{}', 'failed', 2, 2)`,
	)

	s := open(t, dir)
	for id, want := range map[int64]meeting.Concern{1: meeting.ConcernMeeting, 2: meeting.ConcernLook} {
		if a, err := s.Attempt(ctx, id); err != nil || a.Concern() != want || a.Accepted {
			t.Errorf("attempt %d: concern %s, accepted %v (%v); want %s, false", id, a.Concern(), a.Accepted, err, want)
		}
	}
	if err := s.Reopen(ctx, meeting.Attempt{ID: 1, MeetingID: 1, Actor: meeting.User{ID: 1}}); err != nil {
		t.Errorf("a later refresh prevents the retry of a change: %v", err)
	}
	for _, statement := range []string{
		`UPDATE attempts SET concern = 'anything' WHERE id = 1`, `UPDATE attempts SET accepted = 2 WHERE id = 1`,
		`UPDATE meetings SET announce = 'true'`, `UPDATE meetings SET record = 'true'`,
	} {
		if err := behind(t, dir, statement); err == nil {
			t.Errorf("%s: succeeded, want a constraint error", statement)
		}
	}
}

// Migration 6 reindexes existing meetings, so that "soren" finds "Søren".
func TestMigrationIndexesOlderMeetingsAgain(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	olderDatabase(t, dir, 5,
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'Søren', 'staff', 1), (2, 't', 'two', 'two@contoso.example', 'Two', 'staff', 1)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, created_at, updated_at) VALUES
			(1, 1, 1, 'INC1', 'inc1', 'Printer', 'live', 1, 1), (2, 2, 2, 'INC2', 'inc2', 'Zmiana hasła 会議', 'live', 2, 2), (3, 2, 2, 'ŁÓDŹ-3', 'łódź3', 'Printer', 'live', 3, 3)`,
		`INSERT INTO attendees (meeting_id, position, upn, object_id, name, role) VALUES (3, 0, 'a@contoso.example', '', 'Małgorzata', 'attendee')`,
		`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES (1, 1, 'organizer', 1), (2, 2, 'organizer', 1), (2, 3, 'organizer', 1)`,
		`INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope) VALUES (1, 'INC1 inc1', 'Printer', 'Søren one@contoso.example', '', 'u1 e0'),
			(2, 'INC2 inc2', 'Zmiana hasła 会議', 'Two two@contoso.example', '', 'u2 e0'), (3, 'ŁÓDŹ-3 łódź3', 'Printer', 'Two two@contoso.example', 'Małgorzata a@contoso.example', 'u2 e0')`,
	)
	s := open(t, dir)
	for text, want := range map[string]int64{"soren": 1, "hasla": 2, "HASŁ": 2, "議": 2, "zmiana": 2, "lodz-3": 3, "Łódź3": 3, "malgorzata": 3} {
		page, err := s.History(ctx, listing.Criteria{Text: text, Everyone: true, Limit: 10})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != want {
			t.Errorf("%q finds %+v, %v; want %d", text, page.Rows, err, want)
		}
	}
}

// olderDatabase creates a database with the schema of the given version and executes the
// statements.
func olderDatabase(t *testing.T, dir string, version int64, statements ...string) {
	t.Helper()
	enginetest.SQLiteOnly(t, "PostgreSQL's first schema is newer")
	old, err := sqlitedb.OpenFile(filepath.Join(dir, store.FileName)) // OpenFile also registers the SQL functions that the migrations need
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, old, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := old.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// Migration 12 updates ticket keys that contain brackets, full-width letters or digits from
// other scripts, so that the meetings can be found.
func TestMigrationUpdatesTicketKeys(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	olderDatabase(t, dir, 11,
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, created_at, updated_at) VALUES
			(1, 1, 1, 'ＩＮＣ１', 'ｉｎｃ１', '', 'live', 1, 1), (2, 1, 1, '[REQ2]', '[req2]', '', 'live', 2, 2), (3, 1, 1, 'ÄRENDE-7', 'ärende7', '', 'live', 3, 3), (4, 1, 1, 'INC٤', 'inc٤', '', 'live', 4, 4)`,
		`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES (1, 1, 'organizer', 1), (1, 2, 'organizer', 1), (1, 3, 'organizer', 1), (1, 4, 'organizer', 1)`,
		`INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope) VALUES (1, 'ＩＮＣ１ ｉｎｃ１', '', '', '', 'u1 e0'), (2, '[REQ2] [req2]', '', '', '', 'u1 e0'),
			(3, 'ÄRENDE-7 ärende7', '', '', '', 'u1 e0'), (4, 'INC٤ inc٤', '', '', '', 'u1 e0')`,
	)
	s := open(t, dir)
	for ticket, want := range map[string]int64{"INC1": 1, "req-2": 2, "ärende 7": 3, "inc4": 4} {
		id, err := s.MineForTicket(ctx, 1, ticket)
		if err != nil || id != want {
			t.Errorf("ticket %s is meeting %d (%v), want %d", ticket, id, err, want)
		}
		page, err := s.History(ctx, listing.Criteria{Text: ticket, Everyone: true, Limit: 10})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != want {
			t.Errorf("%q finds %+v, %v; want %d", ticket, page.Rows, err, want)
		}
	}
}

// Migration 13 drops the original import tables, which are unused, but keeps the grants
// that their rows refer to.
func TestUnusedTablesAreDropped(t *testing.T) {
	dir := t.TempDir()
	olderDatabase(t, dir, 12,
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`,
		`INSERT INTO grants (id, user_id, tokens, created_at, updated_at) VALUES (1, 1, x'00', 1, 1)`,
		`INSERT INTO imports (id, owner_id, grant_id, name, state, created_at, updated_at) VALUES (1, 1, 1, 'x', 'draft', 1, 1)`,
		`INSERT INTO import_rows (import_id, position, asked) VALUES (1, 0, '{}')`,
	)
	open(t, dir).Close()
	for query, want := range map[string]string{
		`SELECT count(*) FROM imports`:                                              "0",
		`SELECT count(*) FROM pragma_table_info('imports') WHERE name = 'owner_id'`: "0",
		`SELECT count(*) FROM grants`:                                               "1",
		`SELECT count(*) FROM pragma_foreign_key_check`:                             "0",
	} {
		var got string
		if err := readBehind(t, dir, query, &got); err != nil || got != want {
			t.Errorf("%s: %s (%v), want %s", query, got, err, want)
		}
	}
}

// Migration 14 copies additional dial-in numbers from the newest reply that contains
// dial-in details.
func TestMigrationTakesFurtherNumbersFromReplies(t *testing.T) {
	dir := t.TempDir()
	reply := func(id, numbers string) string {
		return `INSERT INTO replies (id, meeting_id, attempt_id, at, created, body) VALUES (` + id + `, 1, 1, 1, 0, '` + numbers + `')`
	}
	olderDatabase(t, dir, 13,
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, graph_id, state, toll_number, created_at, updated_at) VALUES (1, 1, 1, 'INC1', 'g1', 'live', '+1', 1, 1)`,
		`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, asked, state, created_at, updated_at) VALUES (1, 1, 1, 'delegated', 'create', '{}', 'done', 1, 1)`,
		reply("1", `{"audioConferencing":{"tollNumbers":["+9"]}}`),
		reply("2", `{"audioConferencing":{"tollNumbers":["+1","+2",3,"+4"],"tollFreeNumbers":["+5"]}}`),
		reply("3", `{"audioConferencing":null}`),
	)
	m, err := open(t, dir).Meeting(context.Background(), 1)
	if got := strings.Join(m.MoreTolls, " ") + "; " + strings.Join(m.MoreTollFrees, " "); err != nil || got != "+2 +4; +5" {
		t.Errorf("further numbers %q (%v), want +2 +4; +5", got, err)
	}
}

// Migration 41 copies the times of meetings to the people who do not organize them.
func TestMigrationFindsOlderMeetingsOfOthers(t *testing.T) {
	dir := t.TempDir()
	olderDatabase(t, dir, 39,
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1), (2, 't', 'two', 'two@contoso.example', 'Two', 'staff', 1)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, graph_id, state, start_at, end_at, created_at, updated_at) VALUES
			(1, 1, 1, 'INC1', 'g1', 'live', 4000000000000, 4000001800000, 1, 1), (2, 1, 1, 'INC2', 'g2', 'live', 3900000000000, 3900001800000, 1, 1), (3, 1, 1, 'INC3', NULL, 'failed', NULL, NULL, 5, 5)`,
		`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES
			(1, 1, 'organizer', 1), (2, 1, 'handed over', 1), (1, 2, 'organizer', 1), (2, 2, 'handed over', 1), (1, 3, 'organizer', 1), (2, 3, 'maker', 1)`,
	)
	s := open(t, dir)
	for _, id := range []int64{1, 2} {
		upcoming, err := s.Upcoming(t.Context(), id, 10)
		if got := ids(upcoming); err != nil || got != "2 1" {
			t.Errorf("user %d: the next meetings are %q, %v; want 2 1", id, got, err)
		}
		page, err := s.History(t.Context(), listing.Criteria{UserID: id, Order: listing.ByStart, Limit: 10})
		if err != nil || len(page.Rows) != 3 || page.Rows[0].ID != 1 || page.Rows[1].ID != 2 {
			t.Errorf("user %d: the list has %+v, %v; want 1, 2 and 3", id, page.Rows, err)
		}
	}
}

// Migration 42 settles the open attempts on replaced meetings, and no others.
func TestMigrationSettlesAttemptsOnReplacedMeetings(t *testing.T) {
	dir := t.TempDir()
	olderDatabase(t, dir, 41,
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`,
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, graph_id, state, created_at, updated_at) VALUES
			(1, 1, 1, 'INC1', 'g1', 'replaced', 1, 1), (2, 1, 1, 'INC1', 'g2', 'live', 1, 1)`,
		`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, concern, asked, state, created_at, updated_at) VALUES
			(1, 1, 1, 'delegated', 'create', 'meeting', '{}', 'done', 1, 1), (2, 1, 1, 'delegated', 'update', 'lobby', '{}', 'unfinished', 1, 1),
			(3, 1, 1, 'delegated', 'update', 'record', '{}', 'failed', 1, 1), (4, 2, 1, 'delegated', 'update', 'record', '{}', 'failed', 1, 1)`,
	)
	s := open(t, dir)
	for id, want := range map[int64]meeting.AttemptState{1: meeting.AttemptDone, 2: meeting.AttemptSuperseded, 3: meeting.AttemptSuperseded, 4: meeting.AttemptFailed} {
		if a, err := s.Attempt(t.Context(), id); err != nil || a.State != want {
			t.Errorf("attempt %d is %s (%v), want %s", id, a.State, err, want)
		}
	}
}
