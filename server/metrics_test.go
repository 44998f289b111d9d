package server

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/store"
	"meetdesk/store/sqlitetest"
)

// If reading the database takes too long, a scrape returns an error soon after stateLimit.
func TestReadingTheStateIsLimited(t *testing.T) {
	sqlitetest.AddPause()
	synctest.Test(t, func(t *testing.T) {
		sqlitetest.EndInterrupts(t)
		a, dir := newApp(t)
		db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := a.state(""); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{`ALTER TABLE sessions RENAME TO real_sessions`, `CREATE VIEW sessions AS SELECT test_pause(1000000000) * 10000 AS expires_at FROM (VALUES (1)` + strings.Repeat(", (1)", 99) + `)`} {
			if _, err := db.ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		_, err = a.state("")
		if waited := time.Since(began); err == nil || waited < stateLimit || waited > stateLimit+3*time.Second {
			t.Errorf("%v after %v, want an error after %v", err, waited, stateLimit)
		}
	})
}
