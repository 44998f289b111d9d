package postgrestest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"meetdesk/store/postgresdb"
	"meetdesk/testenv"
)

// Wanted reports whether the environment variable DATABASE requests tests on PostgreSQL.
func Wanted() bool { return os.Getenv("DATABASE") == "postgres" }

// ServerVariable is the environment variable that contains the address of a running server.
// The program store/postgrestest/run sets it so that all test binaries share one server.
const ServerVariable = "MEETDESK_TEST_POSTGRES"

// shared returns the template database. It uses the server at the address in
// ServerVariable, or starts a server if the variable is not set.
var shared = sync.OnceValues(func() (*template, error) {
	address := os.Getenv(ServerVariable)
	if address == "" {
		server, err := Start(context.Background())
		if err != nil {
			return nil, err
		}
		address = server.Address // the server stops when this process exits
	}
	return newTemplate(address)
})

// template is a database with the newest schema and no data. New copies it for each test.
type template struct {
	admin  *sql.DB
	server string // the address of the postgres database on the server
	name   string
}

func newTemplate(server string) (*template, error) {
	ctx := context.Background()
	address, err := postgresdb.Parse(server)
	if err != nil {
		return nil, err
	}
	t := &template{admin: address.OpenAside(), server: server, name: newName("template")}
	if err := t.exec(ctx, `CREATE DATABASE %s`, t.name); err != nil {
		return nil, err
	}
	empty, err := postgresdb.Parse(t.addressOf(t.name))
	if err != nil {
		return nil, err
	}
	return t, empty.Migrate(ctx, "test", slog.New(slog.DiscardHandler))
}

func (t *template) exec(ctx context.Context, format string, names ...any) error {
	q := fmt.Sprintf(format, names...)
	if _, err := t.admin.ExecContext(ctx, q); err != nil {
		return fmt.Errorf("%s: %w", q, err)
	}
	return nil
}

func (t *template) addressOf(name string) string {
	return strings.Replace(t.server, "/postgres?", "/"+name+"?", 1)
}

func newName(kind string) string { return "meetdesk_" + kind + "_" + strings.ToLower(rand.Text()[:12]) }

// New creates a database with the newest schema and returns its address. The database is
// dropped when the test ends. New skips the test unless PROGRAMS is set or
// DATABASE=postgres. If PostgreSQL is not installed, the test is skipped, or fails if
// PROGRAMS=required.
func New(t testing.TB) string { return create(t, true) }

// Empty is like New, but leaves the database without a schema.
func Empty(t testing.TB) string { return create(t, false) }

// NewServer starts a server for a test that stops or changes the server. Transactions
// committed in the postgres database survive Crash. NewServer skips the test under the same
// conditions as New.
func NewServer(t testing.TB) *Server {
	t.Helper()
	need(t)
	s, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	s.Exec(t, `ALTER DATABASE postgres SET synchronous_commit = on`)
	return s
}

// Exec runs a statement in the postgres database as a superuser.
func (s *Server) Exec(t testing.TB, statement string) {
	t.Helper()
	address, err := postgresdb.Parse(s.Address)
	if err != nil {
		t.Fatal(err)
	}
	db := address.OpenWriter()
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// need skips the test unless PostgreSQL is wanted and installed. If PROGRAMS=required, it
// fails the test when PostgreSQL is missing.
func need(t testing.TB) {
	t.Helper()
	if os.Getenv("PROGRAMS") == "" && !Wanted() {
		t.Skip(`needs PostgreSQL: "make test" runs it, and so does PROGRAMS=installed`)
	}
	if err := Available(); err != nil && os.Getenv(ServerVariable) == "" {
		testenv.ProgramMissing(t, errors.New("PostgreSQL is missing"), "postgresql")
	}
}

func create(t testing.TB, migrated bool) string {
	t.Helper()
	need(t)
	from, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	name, source := newName("test"), from.name
	if !migrated {
		source = "template0"
	}
	if err := from.exec(t.Context(), `CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy`, name, source); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := from.exec(context.Background(), `DROP DATABASE %s WITH (FORCE)`, name); err != nil {
			t.Error(err)
		}
	})
	return from.addressOf(name)
}

// OverTCP returns the address for connecting to the same database over TCP, with the given
// user, password and parameters.
func OverTCP(address, userName, password, parameters string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return (&url.URL{Scheme: "postgres", User: url.UserPassword(userName, password), Host: "127.0.0.1:" + u.Query().Get("port"), Path: u.Path, RawQuery: parameters}).String()
}
