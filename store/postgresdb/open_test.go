package postgresdb_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"meetdesk/migrations"
	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
)

func parse(t *testing.T, address string) postgresdb.Address {
	t.Helper()
	a, err := postgresdb.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func execute(t *testing.T, address, q string) {
	t.Helper()
	db := parse(t, address).OpenWriter()
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

func TestMigrateAtTheSameTime(t *testing.T) {
	t.Parallel()
	address := postgrestest.Empty(t)
	var desks sync.WaitGroup
	for range 4 {
		desks.Go(func() {
			if err := parse(t, address).Migrate(context.Background(), "1.2.3", slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
			}
		})
	}
	desks.Wait()
	schema, known, err := parse(t, address).Schema(t.Context())
	if err != nil || schema != known || known != int64(migrations.Latest()) {
		t.Errorf("schema %d of %d, %v", schema, known, err)
	}
}

func TestNewerSchema(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	execute(t, address, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9001, true)`)
	execute(t, address, `INSERT INTO upgrades (schema, program, at) VALUES (9001, '9.1.0', 0)`)
	var newer *migrations.NewerSchemaError
	err := parse(t, address).Migrate(t.Context(), "1.2.3", slog.New(slog.DiscardHandler))
	if !errors.As(err, &newer) || newer.Schema != 9001 || newer.Program != "9.1.0" {
		t.Errorf("%v, want a NewerSchemaError for 9.1.0 and 9001", err)
	}
}

// A parameter may be any string: U+0000 and invalid UTF-8 are replaced. Byte slices are
// not changed. Slices of numbers and strings can be used with ANY.
func TestAnyText(t *testing.T) {
	t.Parallel()
	db := parse(t, postgrestest.New(t)).OpenWriter()
	defer db.Close()
	type named string
	for given, want := range map[any]string{"a\x00b": "a\uFFFDb", "a\xffb": "a\uFFFDb", named("ação 🙂"): "ação 🙂"} {
		var got string
		if err := db.QueryRowContext(t.Context(), `SELECT $1::text`, given).Scan(&got); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", given, got, err, want)
		}
	}
	var found []byte
	if err := db.QueryRowContext(t.Context(), `SELECT $1::bytea`, []byte{0, 255}).Scan(&found); err != nil || string(found) != "\x00\xff" {
		t.Errorf("%q, %v", found, err)
	}
	var is bool
	if err := db.QueryRowContext(t.Context(), `SELECT 7 = ANY($1) AND 'b' = ANY($2)`, []int64{5, 7}, []string{"a", "b"}).Scan(&is); err != nil || !is {
		t.Errorf("%v, %v", is, err)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	execute(t, address, `DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$`)
	tcp := func(user, password, parameters string) string {
		return postgrestest.OverTCP(address, user, password, parameters)
	}
	for name, tt := range map[string]struct {
		address, want string
		wait          bool
	}{
		"password":    {tcp("locked", "secret-1", "sslmode=disable"), "refuses the password of the user locked", false},
		"TLS":         {tcp("postgres", "", "sslmode=require"), "does not offer TLS", false},
		"database":    {strings.Replace(tcp("postgres", "", "sslmode=disable"), "/meetdesk_test_", "/no_such_", 1), "does not exist", false},
		"unreachable": {"postgres://u:secret-1@127.0.0.1:1/meetdesk", "cannot be reached: connect: connection refused", true},
		"host":        {"postgres://u:secret-1@no-such-host.invalid/meetdesk", "no-such-host.invalid", true},
		"owner":       {tcp("locked", "right", "sslmode=disable"), "does not allow the user locked to create tables", false},
	} {
		if name == "owner" {
			execute(t, address, `DROP TABLE goose_db_version`)
		}
		err := parse(t, tt.address).Migrate(t.Context(), "1.2.3", slog.New(slog.DiscardHandler))
		var failed *postgresdb.OpenError
		if !errors.As(err, &failed) || failed.Wait != tt.wait || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret-1") {
			t.Errorf("%s: %v, waiting helps: %v; want %q and %v in one line", name, err, failed != nil && failed.Wait, tt.want, tt.wait)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"", "mysql://h/d", "host=h dbname=d", "postgres://u:secret-1@h:port/d", "postgres://u:secret-1@h/d?sslmode=maybe", "postgres://u:secret%ZZ@h/d"} {
		if _, err := postgresdb.Parse(wrong); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if got := parse(t, "postgres://u:secret-1@db.contoso.example/meetdesk").String(); got != "meetdesk on db.contoso.example port 5432" {
		t.Error(got)
	}
}

// A transaction that holds the lock sees everything that earlier holders have committed.
func TestLockWriter(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	execute(t, address, `CREATE TABLE numbers (n BIGINT PRIMARY KEY)`)
	var desks sync.WaitGroup
	for range 8 {
		desks.Go(func() {
			db := parse(t, address).OpenWriter()
			defer db.Close()
			for range 10 {
				if err := addNumber(t.Context(), db); err != nil {
					t.Error(err)
				}
			}
		})
	}
	desks.Wait()
	db := parse(t, address).OpenReader()
	defer db.Close()
	var n int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM numbers WHERE n <= 80`).Scan(&n); err != nil || n != 80 {
		t.Errorf("%d numbers, %v, want 80", n, err)
	}
}

func addNumber(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	id, err := postgresdb.LockWriter(ctx, tx)
	if err != nil {
		return err
	}
	var next int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) + 1 FROM numbers`).Scan(&next); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO numbers (n) VALUES ($1)`, next); err != nil {
		return err
	}
	return postgresdb.Commit(ctx, tx, id, db)
}

// If the server has closed the connections in a pool, the next statement gets a new
// connection instead of an error.
func TestConnectionsThatWereCut(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	admin := parse(t, address).OpenAside()
	defer admin.Close()
	for name, given := range map[string]string{"socket": address, "TCP": postgrestest.OverTCP(address, "postgres", "", "sslmode=disable")} {
		db := parse(t, given).OpenWriter()
		defer db.Close()
		for range 3 {
			var pid int
			if err := db.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			var ended bool
			if err := admin.QueryRowContext(t.Context(), `SELECT pg_terminate_backend($1, 10000)`, pid).Scan(&ended); err != nil || !ended {
				t.Fatalf("%v, %v", ended, err)
			}
		}
	}
}

func TestStatementErrors(t *testing.T) {
	t.Parallel()
	address := parse(t, postgrestest.New(t))
	db := address.OpenWriter()
	defer db.Close()
	if err := postgresdb.Probe(t.Context(), db); err != nil {
		t.Error(err)
	}
	if err := postgresdb.CheckSchema(t.Context(), db); err != nil {
		t.Error(err)
	}
	_, foreign := db.ExecContext(t.Context(), `INSERT INTO grants (user_id, tokens, created_at, updated_at) VALUES (999, '', 0, 0)`)
	if !postgresdb.IsForeignKey(foreign) || postgresdb.IsUnwritable(foreign) {
		t.Error(foreign)
	}
	if _, err := db.ExecContext(t.Context(), `SET default_transaction_read_only = on`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE next_ids SET meeting = 2`); !postgresdb.IsUnwritable(err) {
		t.Error(err)
	}
	if err := postgresdb.Probe(t.Context(), db); !postgresdb.IsUnwritable(err) {
		t.Errorf("the probe does not fail: %v", err)
	}
	gone := parse(t, "postgres://u@127.0.0.1:1/meetdesk").OpenReader()
	defer gone.Close()
	if err := gone.PingContext(t.Context()); !postgresdb.IsUnreachable(err) || postgresdb.IsUnwritable(err) {
		t.Error(err)
	}
	if postgresdb.IsUnreachable(nil) || postgresdb.IsUnreachable(foreign) {
		t.Error("a refused row counts as an unreachable server")
	}
}
