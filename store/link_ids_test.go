package store_test

import (
	"fmt"
	"testing"

	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/store/listing"
)

// Migration 10 extracts missing meeting IDs from join links. It does not replace IDs that
// Graph returned.
func TestMigrationReadsIDsFromJoinLinks(t *testing.T) {
	const (
		query = `?context=%7b%22Tid%22%3a%22t%22%7d`
		long  = `https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjY0YTk5%40thread.v2/0` + query
	)
	dir := t.TempDir()
	statements := []string{`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`}
	for i, m := range []struct{ link, thread, id string }{
		{long, "", ""},
		{"https://teams.microsoft.com/meet/2345678901234?p=AbC", "", ""},
		{"https://gov.teams.microsoft.us/l/meetup-join/19%3agcch%3ameeting_fc20%40thread.v2/0" + query, "", ""},
		{"https://teams.live.com/meet/9345678901234", "", ""},
		{"https://dod.teams.microsoft.us/meet/3456789012345?p=x", "", ""},
		{"https://teams.microsoft.com/l/meetup-join/19%3awrong%40thread.v2/0" + query, "19:meeting_said@thread.v2", "111222333444"},
		{"", "", ""},
		{"https://conference.example/2345678901234", "", ""},
	} {
		statements = append(statements, fmt.Sprintf(`INSERT INTO meetings (id, organizer_id, maker_id, external_id, graph_id, state, join_url, thread_id, join_meeting_id, created_at, updated_at)
			VALUES (%[1]d, 1, 1, 'INC%[1]d', 'g%[1]d', 'live', '%[2]s', '%[3]s', '%[4]s', 1, 1)`, i+1, m.link, m.thread, m.id))
	}
	olderDatabase(t, dir, 7, statements...)
	s := open(t, dir)
	for text, want := range map[string]int64{
		long:                             1,
		"19:meeting_NjY0YTk5@thread.v2":  1,
		"234 567 890 123 4":              2,
		"19:gcch:meeting_fc20@thread.v2": 3,
		"9345678901234":                  4,
		"345 678 901 234 5":              5,
		"19:meeting_said@thread.v2":      6,
		"111 222 333 444":                6,
		"19:wrong@thread.v2":             0,
	} {
		hits, err := s.Find(t.Context(), listing.Criteria{UserID: 1, Everyone: true, Limit: 50}, search.Recognize(text, people.OnlyAddress))
		if want == 0 && len(hits) == 0 && err == nil {
			continue
		}
		if err != nil || len(hits) != 1 || hits[0].ID != want {
			t.Errorf("%q finds %+v, %v; want meeting %d", text, hits, err, want)
		}
	}
}
