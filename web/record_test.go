package web_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"meetdesk/meeting"
	"meetdesk/store"
)

// record is everything the store holds, the newest meeting first.
func record(t *testing.T, s *site) (all []meeting.Meeting) {
	t.Helper()
	page, err := s.store.History(context.Background(), store.HistoryQuery{Everyone: true, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range page.Rows {
		m, err := s.store.Meeting(context.Background(), row.ID)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

// newest is the newest meeting with the external ID.
func newest(t *testing.T, s *site, externalID string) meeting.Meeting {
	t.Helper()
	for _, m := range record(t, s) {
		if m.ExternalID == externalID {
			return m
		}
	}
	t.Fatalf("no meeting %q is recorded", externalID)
	return meeting.Meeting{}
}

// attempts are those of a meeting, the newest first.
func attempts(t *testing.T, s *site, meetingID int64) []meeting.Attempt {
	t.Helper()
	list, err := s.store.Attempts(context.Background(), meetingID)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// inDatabase does something that no page does.
func inDatabase(t *testing.T, s *site, statement string, args ...any) {
	t.Helper()
	s.edited = true
	db, err := sql.Open("sqlite", filepath.Join(s.dataDir, store.FileName)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
}

// audit is everything in the audit: who, what, which meeting, detail. No page
// shows it yet, so it is read where it lies.
func audit(t *testing.T, s *site) (lines []string) {
	t.Helper()
	if err := s.store.FlushAudit(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(s.dataDir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT u.upn || ' ' || a.action || ' ' || coalesce(a.meeting_id, 0) || ' ' || a.detail FROM audit a JOIN users u ON u.id = a.user_id ORDER BY a.at, a.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
