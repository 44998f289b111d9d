package main

import (
	"strings"
	"syscall"
	"testing"

	"meetdesk/command"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// A desk with PostgreSQL needs no data directory. If the database cannot be used, the
// desk does not start. Its error message does not contain the password.
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
