package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/paths"
	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// archive is a directory with a pgBackRest repository and pgBackRest's configuration.
type archive struct {
	*testing.T
	dir string
}

func newArchive(t *testing.T) archive {
	t.Helper()
	dir, err := os.MkdirTemp("", "meetdesk-pgbackrest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return archive{t, dir}
}

func (a archive) args(more ...string) []string {
	return append([]string{"pgbackrest", "--config=" + filepath.Join(a.dir, "pgbackrest.conf"), "--stanza=meetdesk"}, more...)
}

func (a archive) configure(data, port string) {
	a.Helper()
	settings := fmt.Sprintf("[global]\nrepo1-path=%[1]s/repository\nrepo1-retention-full=2\nlog-path=%[1]s\nlock-path=%[1]s\nstart-fast=y\n\n[meetdesk]\npg1-path=%[2]s\npg1-port=%[3]s\npg1-socket-path=%[4]s\n",
		a.dir, data, port, filepath.Dir(data))
	if err := os.WriteFile(filepath.Join(a.dir, "pgbackrest.conf"), []byte(settings), 0o644); err != nil {
		a.Fatal(err)
	}
}

// run executes pgBackRest as the user that owns the PostgreSQL server.
func (a archive) run(args ...string) {
	a.Helper()
	all := a.args(args...)
	cmd := exec.CommandContext(a.Context(), all[0], all[1:]...)
	as, err := postgrestest.Owner(a.dir)
	if err != nil {
		a.Fatal(err)
	}
	cmd.SysProcAttr, cmd.Dir = as, a.dir
	if output, err := cmd.CombinedOutput(); err != nil {
		a.Fatalf("%s: %v\n%s", strings.Join(all, " "), err, output)
	}
}

// protect makes the server send its write-ahead log to the repository.
func (a archive) protect(s *postgrestest.Server) {
	a.Helper()
	a.configure(s.Data, s.Port)
	for _, statement := range []string{
		`ALTER SYSTEM SET archive_mode = on`, `ALTER SYSTEM SET full_page_writes = on`,
		`ALTER SYSTEM SET archive_command = '` + strings.Join(a.args("archive-push", "%p"), " ") + `'`,
	} {
		s.Exec(a, statement)
	}
	if err := s.Crash(a.Context()); err != nil {
		a.Fatal(err)
	}
	if err := s.Restart(a.Context()); err != nil {
		a.Fatal(err)
	}
	a.run("stanza-create")
	a.run("check")
}

// restore starts a new server with the database as it was at the given time.
func (a archive) restore(until string) *postgrestest.Server {
	a.Helper()
	s, err := postgrestest.StartFrom(a.Context(), func(data string) []string {
		a.configure(data, "0") // the port is not known yet
		return a.args("--type=time", "--target="+until, "--target-action=promote", "restore")
	})
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(func() { s.Stop() })
	a.configure(s.Data, s.Port)
	eventually(a.T, "the new server has read the log", func() bool { return !ask[bool](a.T, s.Address, `SELECT pg_is_in_recovery()`) })
	return s
}

func ask[T any](t *testing.T, database, query string) (value T) {
	t.Helper()
	address, err := postgresdb.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	db := address.OpenAside()
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil && err != sql.ErrNoRows {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

const (
	newestEntry = `SELECT max(id) FROM audit`
	allMeetings = `SELECT string_agg(external_id, ' ' ORDER BY id) FROM meetings`
)

// After PostgreSQL has been restored to an earlier time, "meetdesk restore" ends all
// sessions and skips the IDs of the lost records.
func TestPointInTimeRecovery(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testenv.Program(t, "pgbackrest", "pgbackrest")
	server, a := postgrestest.NewServer(t), newArchive(t)
	a.protect(server)
	g := newGround(t)
	settings := g.settings
	g.onPostgres(server.Address)
	desk, priya := g.serve(), g.visitor(demo.Priya)
	create := func(ticket string) string {
		answer := priya.send(http.MethodPost, paths.Meetings, meetingForm(ticket))
		if answer.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", ticket, answer.status, answer.text)
		}
		return answer.to
	}
	create("INC1")
	a.run("--type=full", "backup")
	create("INC2")
	a.run("--type=incr", "backup")
	create("INC3")
	until := ask[string](t, server.Address, `SELECT now()::text FROM pg_sleep(0.1)`)
	create("INC4")
	create("INC5")
	if status := desk.stop(terminate); status != command.OK {
		t.Fatalf("status %d:\n%s", status, desk.errors)
	}
	lost := ask[int64](t, server.Address, newestEntry)
	server.Exec(t, `DROP TABLE meetings CASCADE`)
	a.run("check") // waits until the log is in the repository
	if err := server.Crash(t.Context()); err != nil {
		t.Fatal(err)
	}

	restored := a.restore(until)
	if got := ask[string](t, restored.Address, allMeetings); got != "INC1 INC2 INC3" {
		t.Errorf("the meetings after the restore are %q", got)
	}
	// Expire the desk's lease, which was restored too. It would otherwise last a few
	// seconds longer.
	restored.Exec(t, `UPDATE desks SET lease_until = lease_until - 30000`)
	status, out, stderr := meetdesk(t, nil, "restore", restored.Address)
	if status != command.OK || !strings.Contains(out, "meetings      3\n") || !strings.Contains(out, "sessions      0\n") {
		t.Fatalf("restore: status %d\n%s%s", status, out, stderr)
	}
	entry := ask[int64](t, restored.Address, newestEntry)
	if entry <= lost {
		t.Errorf("the entry about the restore has the number %d, and entry %d was lost", entry, lost)
	}
	g.settings = settings
	g.onPostgres(restored.Address)
	desk = g.serve()
	if status, _, stderr := meetdesk(t, nil, "restore", restored.Address); status != command.Failed || !strings.Contains(stderr, "stop all desks first") {
		t.Errorf("restore while a desk runs: status %d\n%s", status, stderr)
	}
	if page := priya.send(http.MethodGet, paths.Meeting(3), nil); strings.Contains(page.text, "INC3") {
		t.Errorf("a session from before the restore is still open: %d\n%s", page.status, page.text)
	}
	if err := priya.SignIn(context.Background(), demo.Priya); err != nil {
		t.Fatal(err)
	}
	if next := ask[int64](t, restored.Address, newestEntry); next <= entry {
		t.Errorf("the entry after number %d has the number of a lost one", entry)
	}
	if page := priya.send(http.MethodGet, paths.Meeting(3), nil); !strings.Contains(page.text, "INC3") {
		t.Errorf("the newest restored meeting: %d\n%s", page.status, page.text)
	}
	if to := create("INC4"); !strings.HasPrefix(to, paths.Meeting(11000)) {
		t.Errorf("the lost meeting, made again, is at %s", to)
	}
	if n := g.emulator.MeetingCount(); n != 5 {
		t.Errorf("Microsoft has %d meetings, want 5", n)
	}
	a.run("check") // fails unless the new server archives its log
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("status %d:\n%s", status, desk.errors)
	}
}
