package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitedb"
	"meetdesk/store/sqlitetest"
)

// An erasure rewrites the whole full-text index. Otherwise, deleted words would stay in it
// until the next merge, which might be years away.
func TestErasedWordsLeaveTheIndex(t *testing.T) {
	enginetest.SQLiteOnly(t, "the test reads the file")
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	by, person := signIn(t, s, "one").User, signIn(t, s, "quartzmeier").User
	finished(t, s, person, "INC1", meeting.Details{GraphID: "g1", Subject: "For " + person.UPN})
	db, err := sqlitedb.OpenWriter(filepath.Join(dir, store.FileName))
	must(t, err)
	defer db.Close()
	for i := range 6 { // each round moves the index segment that contains the word to a higher level
		_, err := db.Exec(fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
			INSERT INTO meetings_fts (rowid, subject) SELECT %d + i, 'word' || hex(i * 7919) FROM n`, 1000*(i+1)))
		must(t, err)
		_, err = db.Exec(`INSERT INTO meetings_fts (meetings_fts) VALUES ('optimize')`)
		must(t, err)
	}
	hasWord := func() bool {
		return slices.ContainsFunc(sqlitetest.StoredTerms(t, db), func(term string) bool { return strings.Contains(term, "quartzm") })
	}
	if !hasWord() {
		t.Fatal("the word is not in the index before the erasure")
	}
	erase(t, s, by, person)
	if hasWord() {
		t.Error("the word is still in the index after the erasure")
	}
}

// After an erasure, the person no longer appears in the database or its write-ahead log,
// not even in free pages.
func TestErasedPersonLeavesTheFiles(t *testing.T) {
	enginetest.SQLiteOnly(t, "the test reads the files")
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	by, person := signIn(t, s, "one").User, signIn(t, s, "quartzmeier").User
	finished(t, s, person, "INC1", meeting.Details{GraphID: "g1", Subject: "For " + person.UPN})
	files := func() (found []string) {
		for _, name := range []string{store.FileName, store.FileName + "-wal"} {
			content, err := os.ReadFile(filepath.Join(dir, name))
			if must(t, err); bytes.Contains(bytes.ToLower(content), []byte("quartzmeier")) {
				found = append(found, name)
			}
		}
		return found
	}
	if files() == nil {
		t.Fatal("no file has the person before, so this test shows nothing")
	}
	erase(t, s, by, person)
	if found := files(); found != nil {
		t.Errorf("the person is still in %v", found)
	}
}

func erase(t *testing.T, s *store.Store, by, person meeting.User) {
	t.Helper()
	must(t, s.StartErase(t.Context(), by.ID, store.EraseRequest{UserID: person.ID}, func(id int64) string { return fmt.Sprint("Erased ", id) }))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go s.KeepRetention(ctx, func(err error) { t.Error(err) })
	for done := false; !done; time.Sleep(10 * time.Millisecond) {
		tasks, err := s.RetentionTasks(ctx, 1)
		must(t, err)
		done = !tasks[0].DoneAt.IsZero()
	}
}
