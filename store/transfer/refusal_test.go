package transfer_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
	"meetdesk/store/transfer"
)

// Copy refuses to mix or lose data. Its error messages do not contain the password.
func TestRefusals(t *testing.T) {
	t.Parallel()
	source := filled(t)
	refuse := func(name, from, to, want string) {
		t.Run(name, func(t *testing.T) {
			_, err := transfer.Copy(t.Context(), transfer.Options{From: place(t, from), To: place(t, to)})
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v; want %q", err, want)
			}
		})
	}
	refuse("same engine", "sqlite:"+source, "sqlite:"+t.TempDir(), "goes from SQLite to PostgreSQL or back")
	refuse("no database", "sqlite:"+t.TempDir(), postgrestest.Empty(t), "there is no database in")
	refuse("wrong password", "sqlite:"+source, locked(t, postgrestest.Empty(t)), "refuses the password of the user locked")

	used := postgrestest.New(t)
	running := openStore(t, store.Options{Database: used})
	refuse("running desk on an empty target", "sqlite:"+source, used, "a desk runs on")
	refuse("running desk on PostgreSQL", used, "sqlite:"+t.TempDir(), "a desk runs on")
	if _, err := running.Organizer(t.Context(), meeting.User{TenantID: "t", ObjectID: "o"}); err != nil {
		t.Fatal(err)
	}
	running.Close()
	refuse("target that is not empty", "sqlite:"+source, used, "is not empty: its table users has rows")
	refuse("directory that is not empty", used, "sqlite:"+source, "has a database already")

	desk := openStore(t, store.Options{Dir: source})
	refuse("running desk on SQLite", "sqlite:"+source, postgrestest.Empty(t), "in use by another meetdesk")
	desk.Close()

	old := filled(t)
	change(t, old, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	refuse("older schema", "sqlite:"+old, postgrestest.Empty(t), "start this version of meetdesk on it once")

	half := postgrestest.Empty(t)
	stopped(t, "sqlite:"+source, half, 4)
	refuse("unfinished copy as the source", half, "sqlite:"+t.TempDir(), "is an unfinished copy")
	refuse("another source", "sqlite:"+filled(t), half, "has an unfinished copy of sqlite:"+source)
	older := postgrestest.New(t)
	markOlder(t, older)
	refuse("unfinished copy of an older version", "sqlite:"+source, older, "an older version of meetdesk began")
	change(t, source, `UPDATE users SET name = 'Somebody else'`)
	refuse("source that changed meanwhile", "sqlite:"+source, half, "the copy of the table users differs")
}

func connect(t *testing.T, address string) *sql.DB {
	t.Helper()
	a, err := postgresdb.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	db := a.OpenAside()
	t.Cleanup(func() { db.Close() })
	return db
}

// locked returns the address with the name of an existing user and a wrong password.
func locked(t *testing.T, address string) string {
	t.Helper()
	if _, err := connect(t, address).ExecContext(t.Context(), `DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`); err != nil {
		t.Fatal(err)
	}
	return postgrestest.OverTCP(address, "locked", "hunter2", "sslmode=disable")
}

// markOlder makes the database look like an unfinished copy from a version that updated all
// indexes for every row.
func markOlder(t *testing.T, address string) {
	t.Helper()
	if _, err := connect(t, address).ExecContext(t.Context(), `CREATE TABLE `+postgresdb.MarkTable+` (source TEXT NOT NULL)`); err != nil {
		t.Fatal(err)
	}
}

// stopped begins a copy and interrupts it after the given number of parts.
func stopped(t *testing.T, from, to string, parts int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	_, err := transfer.Copy(ctx, transfer.Options{From: place(t, from), To: place(t, to), Progress: func(string, int64, int64) {
		if parts--; parts == 0 {
			stop()
		}
	}})
	if err == nil {
		t.Fatal("the copy was not interrupted")
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "address")
	if err := os.WriteFile(file, []byte("postgres://meetdesk:hunter2@db.example.org/meetdesk\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"sqlite:/var/lib/meetdesk": "sqlite:/var/lib/meetdesk",
		"file:" + file:             "the database meetdesk on db.example.org port 5432",
	} {
		if p := place(t, text); p.String() != want {
			t.Errorf("%s is read as %s, want %s", text, p, want)
		}
	}
	for _, text := range []string{"", "sqlite:", "/var/lib/meetdesk", "mysql://x", "file:/no/such/file", "postgres://u:hunter2@h:port/x"} {
		if p, err := transfer.ParsePlace(text); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s is read as %s, %v", text, p, err)
		}
	}
}

func TestEveryTableIsCopiedOrNot(t *testing.T) {
	t.Parallel()
	a, err := postgresdb.Parse(postgrestest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	db := a.OpenReader()
	defer db.Close()
	decided := transfer.Decided()
	names := enginetest.Texts(t, db, `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'`)
	for _, name := range names {
		if !slices.Contains(decided, name) {
			t.Errorf("the table %s is in neither list", name)
		}
	}
	for _, name := range decided {
		if name != "filler" && !slices.Contains(names, name) {
			t.Errorf("there is no table %s", name)
		}
	}
}
