package main

import (
	"database/sql"
	"strings"
	"syscall"
	"testing"

	"meetdesk/command"
	"meetdesk/migrations"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// A desk with PostgreSQL needs no data directory. If the database is unusable, the desk
// does not start, and its error message does not contain the password.
func TestServeOnPostgres(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	address := postgrestest.New(t)
	serve := func(address string) *process {
		return start(t, environment("DATA", "DATABASE="+address, "ADDR=127.0.0.1:0", "ISSUER=https://127.0.0.1:9/none", "GRAPH_URL=https://127.0.0.1:9"), "serve")
	}
	running := serve(address)
	running.line("listening on")
	if status := running.stop(syscall.SIGTERM); status != command.OK {
		t.Errorf("status %d:\n%s", status, running.errors)
	}
	for name, tt := range map[string]struct{ address, want string }{
		"no such database": {strings.Replace(postgrestest.OverTCP(address, "postgres", "hunter2", "sslmode=disable"), "/meetdesk_test_", "/no_such_", 1), "does not exist: create it"},
		"no TLS":           {postgrestest.OverTCP(address, "postgres", "hunter2", "sslmode=require"), "does not offer TLS"},
	} {
		p := serve(tt.address)
		if status := p.status(); status != command.Failed || !strings.Contains(p.errors.String(), "MEETDESK_DATABASE: the database ") || !strings.Contains(p.errors.String(), tt.want) || strings.Contains(p.errors.String(), "hunter2") {
			t.Errorf("%s: status %d:\n%s", name, status, p.errors)
		}
	}
}

// If the desk receives SIGTERM while it upgrades a PostgreSQL database, it stops the
// migration and exits with status 1. The next start completes the upgrade.
func TestSIGTERMDuringUpgradeOnPostgres(t *testing.T) {
	testenv.SkipUnlessLong(t) // the migration may continue for five seconds
	t.Parallel()
	address := postgrestest.New(t)
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const index = "meeting_people_start" // migration 0041 creates it
	if _, err := db.Exec(`DROP INDEX ` + index + `, meeting_people_long, meeting_people_handed_over; CREATE INDEX meeting_people_others ON meeting_people (user_id);
		DELETE FROM goose_db_version WHERE version_id >= 41`); err != nil {
		t.Fatal(err)
	}
	lock, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Exec(`LOCK TABLE meeting_people IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	settings := environment("DATA", "DATABASE="+address, "ADDR=127.0.0.1:0", "ISSUER=https://127.0.0.1:9/none", "GRAPH_URL=https://127.0.0.1:9")
	waiting := func() (n int) {
		const q = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%UPDATE meeting_people%'`
		if err := db.QueryRow(q).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	desk := start(t, settings, "serve")
	eventually(t, "the migration waits for the table", func() bool { return waiting() == 1 })
	status := desk.stop(syscall.SIGTERM)
	if said := desk.errors.String(); status != command.Failed || !strings.Contains(said, "a signal stopped the start; the next start continues an upgrade") || strings.Contains(said, "cannot be reached") {
		t.Errorf("status %d:\n%s", status, said)
	}
	eventually(t, "the server stops the migration", func() bool { return waiting() == 0 })
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	next := start(t, settings, "serve")
	next.line("listening on")
	var schema int
	if err := db.QueryRow(`SELECT max(version_id) FROM goose_db_version, pg_indexes WHERE indexname = '` + index + `'`).Scan(&schema); err != nil || schema != migrations.Latest() {
		t.Errorf("after the next start, the schema is %d, %v", schema, err)
	}
	if status := next.stop(syscall.SIGTERM); status != command.OK {
		t.Errorf("status %d:\n%s", status, next.errors)
	}
}
