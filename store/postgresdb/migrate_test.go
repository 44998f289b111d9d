package postgresdb_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"meetdesk/migrations"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// A migration that has to wait for a table lets other transactions proceed, and is retried
// until it gets the table.
func TestMigrationsLetOthersPass(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	address := postgrestest.Empty(t)
	db, provider := migratedAt(t, address, int64(migrations.Compatible))
	busy, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Rollback()
	const use = `LOCK TABLE grants, import_rows IN ROW EXCLUSIVE MODE`
	if _, err := busy.ExecContext(t.Context(), use); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- parse(t, address).Migrate(t.Context(), "1.2.3", slog.New(slog.DiscardHandler)) }()
	for waits := false; !waits; {
		const q = `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation IN ('grants'::regclass, 'import_rows'::regclass))`
		if err := db.QueryRowContext(t.Context(), q).Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	other, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Rollback()
	if _, err := other.ExecContext(ctx, use); err != nil {
		t.Fatalf("another transaction waits for the migration: %v", err)
	}
	other.Rollback()
	busy.Rollback()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if pending, err := provider.HasPending(t.Context()); pending || err != nil {
		t.Errorf("the migrations are not complete: %v", err)
	}
}

// A program refuses to migrate a database while desks that could not use the new schema
// are running.
func TestMigrateNeedsOlderDesksToStop(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for schema, refused := range map[int64]bool{migrations.Compatible - 1: true, migrations.Compatible: false} {
		address := postgrestest.Empty(t)
		db, _ := migratedAt(t, address, schema)
		if _, err := db.ExecContext(t.Context(), `INSERT INTO desks (lease_until) VALUES (extract(epoch FROM now()) * 1000 + 60000)`); err != nil {
			t.Fatal(err)
		}
		migrate := func() error { return parse(t, address).Migrate(t.Context(), "1.2.3", slog.New(slog.DiscardHandler)) }
		if err := migrate(); (err != nil) != refused || refused && !strings.Contains(err.Error(), "stop all desks first") {
			t.Errorf("schema %d: %v", schema, err)
		}
		if _, err := db.ExecContext(t.Context(), `DELETE FROM desks`); err != nil {
			t.Fatal(err)
		}
		if err := migrate(); err != nil {
			t.Errorf("schema %d, after the desks have stopped: %v", schema, err)
		}
	}
}
