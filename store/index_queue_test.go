package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

func indexedAs(t *testing.T, dir, query string) (n int) {
	enginetest.SQLiteOnly(t, "the test asks FTS5")
	t.Helper()
	db := enginetest.Connect(t, dir)
	if err := db.QueryRow(`SELECT count(*) FROM meetings_fts WHERE meetings_fts MATCH $1`, query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// keepIndex runs KeepIndex until the wanted number of meetings matches the query. The test
// fails if that takes more than ten seconds.
func keepIndex(t *testing.T, s *store.Store, dir, query string, want int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.KeepIndex(ctx, time.Hour, func(err error) { t.Error(err) })
	}()
	defer func() { cancel(); <-ended }()
	for deadline := time.Now().Add(time.Minute); indexedAs(t, dir, query) != want; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d meetings match %s, want %d", indexedAs(t, dir, query), query, want)
		}
	}
}

// When a renamed organizer signs in, only their newest meetings are reindexed, to avoid
// blocking other writers. KeepIndex reindexes the rest.
func TestRenamedOrganizerIsReindexedInChunks(t *testing.T) {
	testenv.SkipIfShort(t)
	const meetings, chunk = 130, 50
	dir := t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	for i := range meetings {
		finished(t, s, person, fmt.Sprint("INC", i), reply(fmt.Sprint("G", i), "Printer").Details)
	}
	person.Name = "Renamed"
	if _, err := s.SignIn(t.Context(), person, store.Tokens{}, []byte("again"), "", time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := indexedAs(t, dir, "organizer:renamed"); got != chunk {
		t.Errorf("the sign-in reindexed %d meetings, want %d", got, chunk)
	}
	if got := indexedAs(t, dir, "external_id:inc129 AND organizer:renamed"); got != 1 {
		t.Error("the newest meeting is not among the first")
	}
	s.Close()
	s = open(t, dir)
	person.Name = "Renamed again"
	if _, err := s.SignIn(t.Context(), person, store.Tokens{}, []byte("third"), "", time.Hour); err != nil {
		t.Fatal(err)
	}
	keepIndex(t, s, dir, "organizer:again", meetings)
}

// If the index was written with different rules, all meetings are reindexed and their
// ticket keys are recomputed.
func TestOtherRulesReindexEverything(t *testing.T) {
	testenv.SkipIfShort(t)
	const meetings = 60
	dir := t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	for i := range meetings {
		finished(t, s, person, fmt.Sprint("INC-", i), reply(fmt.Sprint("G", i), "Printer").Details)
	}
	s.Close()
	for _, statement := range []string{`DELETE FROM meetings_fts`, `UPDATE meetings SET ticket_key = 'old'`, `UPDATE index_rules SET version = 0`} {
		if err := behind(t, dir, statement); err != nil {
			t.Fatal(err)
		}
	}
	s = open(t, dir)
	keepIndex(t, s, dir, "subject:printer", meetings)
	list, err := s.TicketMeetings(t.Context(), "inc 7", person.ID, person.ID, true, 10)
	if err != nil || len(list) != 1 || list[0].ExternalID != "INC-7" {
		t.Errorf("%+v, %v; want INC-7", list, err)
	}
}
