package selfcheck

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/locale"
	"meetdesk/migrations"
	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
)

func TestServerOutcomes(t *testing.T) {
	changed := func(statements ...string) string {
		address := postgrestest.New(t)
		a, err := postgresdb.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		db := a.OpenWriter()
		defer db.Close()
		for _, statement := range statements {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		return address
	}
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	current := postgrestest.New(t)
	schema := strconv.Itoa(migrations.Latest())
	for _, tt := range []struct{ name, address, want, found string }{
		{"current schema", current, "ok server.ok", "its schema " + schema + " is the one"},
		{"no schema", postgrestest.Empty(t), "ok server.new", "is empty"},
		{"older schema", changed(`DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`), "warning server.older", "The next start upgrades it to schema " + schema + "."},
		{"newer schema", changed(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`, `INSERT INTO upgrades (schema, program, at) VALUES (9999, '9.9.9', 0)`), "wrong server.newer", "meetdesk 9.9.9 has upgraded it to schema 9999. This version knows only schema " + schema + "."},
		{"newer schema of an unknown program", changed(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`, `DELETE FROM upgrades`), "wrong server.error", "the database has schema 9999"},
		{"no such database", strings.Replace(current, "/meetdesk_test_", "/no_such_", 1), "wrong server.error", "the database does not exist"},
		{"no address", "mysql://db.example.org/desk", "wrong server.error DATABASE", "begins with postgres://"},
	} {
		d := Desk{Database: tt.address}
		lines := d.checkServer(t.Context())
		if got := found(lines); got != tt.want {
			t.Errorf("%s: %q, want %q (%v)", tt.name, got, tt.want, lines)
		}
		text := lines[0].In(catalogue.Printer("en"))
		if !strings.Contains(text.Found, tt.found) {
			t.Errorf("%s: %q, want %q", tt.name, text.Found, tt.found)
		}
		if named := strings.Contains(text.Looked, "_test_") || strings.Contains(text.Looked, "no_such_"); named != strings.HasPrefix(tt.address, "postgres:") || !named && text.Looked != "PostgreSQL: -" {
			t.Errorf("%s: it looked at %q", tt.name, text.Looked)
		}
	}
}

func TestPostgresReplacesTheChecksOfFiles(t *testing.T) {
	names := func(d Desk) string {
		d.Auth = auth.New(auth.Config{Issuer: "http://127.0.0.1:1/v2.0"})
		d.Graph = &graph.Client{BaseURL: "http://127.0.0.1:1/v1.0", MaxTries: 1}
		d.Now = time.Now
		return found(d.Run(t.Context()))
	}
	file := names(Desk{Data: private(t), Backups: private(t)})
	server := names(Desk{Database: "postgres://127.0.0.1:1/desk", Backups: private(t)})
	for _, name := range []string{"folder.", "database.", "backup."} {
		if !strings.Contains(file, name) || strings.Contains(server, name) {
			t.Errorf("%s in a file: %s\non a server: %s", name, file, server)
		}
	}
	if strings.Contains(file, "server.") || !strings.Contains(server, "server.error") {
		t.Errorf("in a file: %s\non a server: %s", file, server)
	}
}
