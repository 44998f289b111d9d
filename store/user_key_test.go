package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/listing"
)

const guid = "3A1C0F52-6D3E-4B7A-9D54-1F0C6A2B8E01"

func TestUserKeyIgnoresCase(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	signIn := func(tid, oid string) int64 {
		t.Helper()
		u := meeting.User{TenantID: tid, ObjectID: oid, UPN: "one@contoso.example", Name: "One", Role: meeting.Staff}
		session, err := s.SignIn(ctx, u, store.Tokens{}, []byte(tid+oid), "", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return session.User.ID
	}
	first := signIn("6F1D4C1E-0C5B-4C0E-9B61-7D2A7F6E5A10", guid)
	for _, other := range [][2]string{
		{"6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10", "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01"},
		{"6f1d4c1e-0C5B-4c0e-9b61-7d2a7f6e5a10", guid},
		{"6F1D4C1E-0C5B-4C0E-9B61-7D2A7F6E5A10", "3a1c0f52-6D3E-4b7a-9d54-1f0c6a2b8e01"},
	} {
		if id := signIn(other[0], other[1]); id != first {
			t.Errorf("%v is user %d, want %d", other, id, first)
		}
		u, err := s.Organizer(ctx, meeting.User{TenantID: other[0], ObjectID: other[1]})
		if err != nil || u.ID != first || u.TenantID != "6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10" || u.ObjectID != "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01" {
			t.Errorf("organizer %v is %+v (%v), want user %d with IDs in lower case", other, u, err, first)
		}
	}
	if a, b := signIn("Tenant", "AbC"), signIn("tenant", "aBc"); a == b {
		t.Error("two object IDs that are not GUIDs and differ in case are one user")
	}
	if a, b := signIn("TENANT", "x-1"), signIn("tenant", "x-1"); a != b {
		t.Error("one object ID in a tenant in two cases is two users")
	}
}

// Migration 8 merges users whose tenant IDs or GUIDs differ only in case, and reassigns
// their meetings and sessions.
func TestMigrationMergesUsersThatDifferInCase(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	lower := "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01"
	olderDatabase(t, dir, 7,
		`INSERT INTO users (id, tid, oid, upn, name, role, time_zone, created_at, signed_in_at) VALUES
			(1, 'TENANT', '`+lower+`', 'one@contoso.example', 'One', 'none', '', 1, NULL), (2, 'tenant', '`+lower+`', 'one@contoso.example', 'One', 'staff', 'Europe/Lisbon', 1, 50),
			(3, 'tenant', '`+guid+`', 'one@contoso.example', 'One', 'admin', '', 1, 20), (4, 'TENANT', 'Alone', 'alone@contoso.example', 'Alone', 'staff', '', 1, 1),
			(5, 'tenant', 'alone', 'other@contoso.example', 'Other', 'staff', '', 1, 1)`,
		`INSERT INTO grants (id, user_id, tokens, created_at, updated_at) VALUES (1, 3, x'00', 1, 1), (2, 2, x'00', 1, 1)`,
		`INSERT INTO sessions (hash, user_id, grant_id, created_at, used_at, expires_at) VALUES (x'01', 3, 1, 1, 1, 1)`,
		// Meetings 1 and 2 share a Graph ID, and meetings 3 and 4 share an external ID.
		// Meeting 5 has a different organizer.
		`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, graph_id, state, subject, created_at, updated_at) VALUES
			(1, 1, 4, 'INC1', 'inc1', 'g1', 'live', 'Older', 1, 1), (2, 2, 2, 'INC1', 'inc1', 'g1', 'live', 'Newer', 1, 9),
			(3, 1, 1, 'INC2', 'inc2', NULL, 'unfinished', 'Waiting', 1, 9), (4, 3, 3, 'INC2', 'inc2', 'g2', 'live', 'There', 1, 1),
			(5, 4, 3, 'INC1', 'inc1', 'g1', 'live', 'Alone', 1, 1)`,
		`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES (1, 1, 'organizer', 1), (4, 1, 'maker', 1), (2, 2, 'organizer', 1), (1, 3, 'organizer', 1),
			(3, 4, 'organizer', 1), (2, 4, 'handed over', 1), (4, 5, 'organizer', 1), (3, 5, 'maker', 1), (1, 5, 'handed over', 1)`,
		`INSERT INTO attempts (id, meeting_id, actor_id, mode, kind, asked, state, created_at, updated_at) VALUES
			(1, 1, 4, 'application', 'create', '{}', 'done', 1, 1), (2, 3, 3, 'delegated', 'create', '{}', 'failed', 2, 2)`,
		`INSERT INTO replies (id, meeting_id, attempt_id, at, created, body) VALUES (1, 1, 1, 1, 1, '{}')`,
		`INSERT INTO imports (id, owner_id, name, state, created_at, updated_at) VALUES (1, 3, 'x', 'draft', 1, 1)`,
		`INSERT INTO audit (id, at, user_id, action, meeting_id) VALUES (1, 1, 1, 'opened', 1), (2, 1, 3, 'opened', 5)`,
		`INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope) VALUES (1, 'INC1 inc1', 'Older', 'One', '', 'u1 u4 e0'), (2, 'INC1 inc1', 'Newer', 'One', '', 'u2 e0'),
			(3, 'INC2 inc2', 'Waiting', 'One', '', 'u1 e0'), (4, 'INC2 inc2', 'There', 'One', '', 'u3 k2 e0'), (5, 'INC1 inc1', 'Alone', 'Alone', '', 'u4 u3 k1 e0')`,
	)
	s := open(t, dir)
	defer s.Close()
	for query, want := range map[string]string{
		`SELECT group_concat(id || tid || oid || role || time_zone, ' ') FROM users`:                                                                  "2tenant" + lower + "staffEurope/Lisbon 4tenantAlonestaff 5tenantalonestaff",
		`SELECT group_concat(user_id, ' ') FROM grants`:                                                                                               "2 2",
		`SELECT user_id FROM sessions`:                                                                                                                "2",
		`SELECT group_concat(id || ' ' || organizer_id || ' ' || maker_id || ' ' || state, ', ') FROM meetings`:                                       "2 2 2 live, 3 2 2 replaced, 4 2 2 live, 5 4 2 live",
		`SELECT group_concat(meeting_id || ' ' || user_id || ' ' || relation, ', ') FROM (SELECT * FROM meeting_people ORDER BY meeting_id, user_id)`: "2 2 organizer, 2 4 maker, 3 2 organizer, 4 2 organizer, 5 2 maker, 5 4 organizer",
		`SELECT group_concat(meeting_id || ' ' || actor_id, ', ') FROM attempts`:                                                                      "2 4, 3 2",
		`SELECT meeting_id FROM replies`:                                                                                                              "2",
		`SELECT group_concat(user_id || ' ' || meeting_id, ', ') FROM audit`:                                                                          "2 2, 2 5",
		`SELECT count(*) FROM pragma_foreign_key_check`:                                                                                               "0",
		`SELECT count(*) FROM sqlite_schema WHERE name LIKE 'merged%'`:                                                                                "0",
	} {
		var got string
		if err := readBehind(t, dir, query, &got); err != nil || got != want {
			t.Errorf("%s:\n%s, %v; want\n%s", query, got, err, want)
		}
	}
	if err := behind(t, dir, `UPDATE audit SET action = 'nothing'`); err == nil {
		t.Error("audit entries can be changed")
	}
	for text, want := range map[string]string{"INC1": "[5 2]", "older": "[]", "newer": "[2]", "waiting": "[3]", "alone": "[5]"} {
		page, err := s.History(ctx, listing.Criteria{Text: text, UserID: 2, Limit: 10})
		var ids []int64
		for _, row := range page.Rows {
			ids = append(ids, row.ID)
		}
		if fmt.Sprint(ids) != want || err != nil {
			t.Errorf("%q finds %v, %v; want %s", text, ids, err, want)
		}
	}
}

func readBehind(t *testing.T, dir, query string, into any) error {
	t.Helper()
	db := enginetest.Connect(t, dir)
	return db.QueryRow(query).Scan(into)
}
