package sqlitedb

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"meetdesk/migrations"
	"meetdesk/testenv"
)

const auditRows = 60_000

// olderDatabase creates a database with schema 24 and a large audit log, which migration 25
// has to copy.
func olderDatabase(t *testing.T) (path string) {
	t.Helper()
	registerFunctions()
	path = filepath.Join(t.TempDir(), "test.db")
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 24); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO users (id, tid, oid, upn, name, role, created_at) VALUES (1, 't', 'one', 'one@contoso.example', 'One', 'staff', 1)`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) INSERT INTO audit (id, at, user_id, action) SELECT i, i, 1, 'history' FROM n`,
	} {
		args := []any{auditRows}[:strings.Count(statement, "?")]
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// A migration reports how many rows it has processed and how much time is left. If it is
// interrupted, the next start runs it again without losing data.
func TestUpgradeProgress(t *testing.T) {
	testenv.SkipIfShort(t)
	path := olderDatabase(t)
	ctx, interrupt := context.WithCancel(t.Context())
	var seen Progress
	var log strings.Builder
	upgrade := Upgrade{Program: "1", Log: slog.New(slog.NewTextHandler(&log, nil)), interval: time.Millisecond, OnStep: func(p Progress) {
		if p.Table == "audit" && p.Done > 0 && p.Done < p.All {
			seen = p
			interrupt()
		}
	}}
	if err := upgrade.Migrate(ctx, path); err == nil {
		t.Fatal("the interrupted upgrade succeeded")
	}
	left, ok := seen.Left()
	if seen.All != auditRows || seen.Step != "0025_audit.sql" || !ok || left <= 0 {
		t.Errorf("progress %+v, left %v", seen, left)
	}
	if text := log.String(); !strings.Contains(text, `msg="the upgrade goes on" step=0025_audit.sql table=audit done=`) || !strings.Contains(text, " of=60000 elapsed=") || !strings.Contains(text, " left=") {
		t.Errorf("the log says\n%s", text)
	}
	upgrade.OnStep = nil
	log.Reset()
	if err := upgrade.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	steps := regexp.MustCompile(`step=\S+ number=(\d+) of=(\d+)`).FindAllStringSubmatch(log.String(), -1)
	if len(steps) < 2 || steps[0][1] != "1" || steps[len(steps)-1][1] != fmt.Sprint(len(steps)) || steps[0][2] != fmt.Sprint(len(steps)) {
		t.Errorf("the steps are numbered %q", steps)
	}
	db, err := OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var rows int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM audit`).Scan(&rows); err != nil || rows != auditRows {
		t.Errorf("%d rows, %v", rows, err)
	}
}

func TestTimeLeft(t *testing.T) {
	for _, tt := range []struct {
		p    Progress
		left time.Duration
		ok   bool
	}{
		{Progress{Done: 25, All: 100, Elapsed: time.Minute}, 3 * time.Minute, true},
		{Progress{Done: 0, All: 100, Elapsed: time.Minute}, 0, false},
		{Progress{Done: 5, All: 0, Elapsed: time.Minute}, 0, false},
		{Progress{Done: 120, All: 100, Elapsed: time.Minute}, 0, false},
	} {
		if left, ok := tt.p.Left(); left != tt.left || ok != tt.ok {
			t.Errorf("%+v: %v, %v", tt.p, left, ok)
		}
	}
}
