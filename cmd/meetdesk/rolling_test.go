package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"meetdesk/demo"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// startHAProxy starts haproxy in front of the desks and returns its URL. The proxy does not
// retry failed requests.
func startHAProxy(t *testing.T, program string, desks ...string) *url.URL {
	t.Helper()
	address := testenv.FreeAddress(t)
	settings := `defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
frontend web
  bind ` + address + `
  default_backend desks
backend desks
  balance roundrobin
  option httpchk GET ` + paths.Ready + `
  http-check expect status 200
  retries 0
  default-server inter 200ms fall 2 rise 1
`
	for i, desk := range desks {
		settings += fmt.Sprintf("  server desk%d %s check\n", i, desk)
	}
	path := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(path, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-db", "-f", path)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return &url.URL{Scheme: "http", Host: address}
}

// rolling is a group of desks that run behind haproxy and share a PostgreSQL database.
type rolling struct {
	*sharedImport
	addresses []string
	desks     []*process
}

// newRolling starts haproxy and then, one after another, desks that run the given program.
func newRolling(t *testing.T, database, program string, desks int) *rolling {
	t.Helper()
	haproxy := testenv.Program(t, "haproxy", "haproxy")
	r := &rolling{sharedImport: newSharedImportOn(t, database), desks: make([]*process, desks)}
	for range desks {
		r.addresses = append(r.addresses, testenv.FreeAddress(t))
	}
	r.front.Store(startHAProxy(t, haproxy, r.addresses...))
	for i := range r.desks {
		r.serve(i, program)
	}
	return r
}

// serve starts a desk, waits until it is ready and gives haproxy time to notice.
func (r *rolling) serve(i int, program string) {
	r.Helper()
	r.desks[i] = startBinary(r.T, program, append(r.settings, "MEETDESK_ADDR="+r.addresses[i], "MEETDESK_DRAIN=3s", "MEETDESK_LIMITS=0"), "serve")
	r.desks[i].line("listening on")
	eventually(r.T, "the desk is ready", func() bool {
		a, err := http.Get("http://" + r.addresses[i] + paths.Ready)
		if err != nil {
			return false
		}
		a.Body.Close()
		return a.StatusCode == http.StatusOK
	})
	time.Sleep(time.Second)
}

// replace stops each desk in turn and starts the given program in its place.
func (r *rolling) replace(program string) {
	r.Helper()
	for i := range r.desks {
		if status := r.desks[i].stop(syscall.SIGTERM); status != 0 || strings.Contains(r.desks[i].errors.String(), "ERROR") {
			r.Errorf("desk %d ended with status %d:\n%s", i, status, r.desks[i].errors)
		}
		r.serve(i, program)
	}
}

// underLoad calls do while six clients send requests to the desks. No request may fail.
func (r *rolling) underLoad(do func()) {
	r.Helper()
	until, stop := context.WithCancel(r.Context())
	var (
		people    sync.WaitGroup
		pages     atomic.Int64
		wantGraph atomic.Int64
	)
	for i := range 6 {
		v := newVisitor(r.site)
		if err := v.SignIn(r.Context(), demo.Priya); err != nil {
			r.Fatal(errors.Join(err))
		}
		people.Go(func() {
			for n := 0; until.Err() == nil; n++ {
				path := []string{paths.Home, paths.History + "?q=roll", paths.Meeting(1)}[n/3%3]
				a := v.send(http.MethodGet, path, nil)
				if n%3 == 0 {
					form := laptopForm()
					form.Set(meeting.FieldExternalID, fmt.Sprintf("ROLL%d-%d", i, n))
					form.Set("past", "1")
					a = v.send(http.MethodPost, paths.Meetings, form)
					wantGraph.Add(1)
				}
				if pages.Add(1); a.status != http.StatusOK && a.status != http.StatusSeeOther {
					r.Errorf("%s: status %d: %.200s", path, a.status, a.text)
				}
			}
		})
	}
	do()
	stop()
	people.Wait()
	if got := int64(r.emulator.MeetingCount()); got != wantGraph.Load() || pages.Load() < 100 {
		r.Errorf("%d pages; %d meetings, want %d", pages.Load(), got, wantGraph.Load())
	}
	r.Logf("%d requests, %d meetings", pages.Load(), wantGraph.Load())
}

// No request fails while two desks behind haproxy are restarted one after the other.
func TestRollingRestart(t *testing.T) {
	testenv.SkipUnlessLong(t)
	r := newRolling(t, postgrestest.New(t), self(t), 2)
	r.underLoad(func() {
		for range 2 {
			r.replace(self(t))
		}
	})
}

// No request fails while three desks are upgraded, one after another, to a version with a
// newer schema. If OLDER is the path of an older version's program, the upgrade is from
// that version to this one. Otherwise, it is from this version to one with nextMigrations.
func TestRollingUpgrade(t *testing.T) {
	testenv.SkipUnlessLong(t)
	older, newer := os.Getenv("OLDER"), self(t)
	if older == "" {
		older, newer = self(t), buildNext(t)
	}
	r := newRolling(t, postgrestest.Empty(t), older, 3)
	before := r.schema()
	r.underLoad(func() { r.replace(newer) })
	if after := r.schema(); after <= before {
		t.Errorf("schema %d after schema %d", after, before)
	}
}

func (r *rolling) schema() (n int) {
	r.Helper()
	if err := r.db.QueryRowContext(r.Context(), `SELECT max(version_id) FROM goose_db_version`).Scan(&n); err != nil {
		r.Fatal(err)
	}
	return n
}

// nextMigrations changes several tables, as the migrations of a later version may. The
// second migration takes a few seconds, during which the older desks must handle all
// requests.
var nextMigrations = map[string]string{"9001_next.sql": `-- +goose Up
SELECT pg_sleep(3);
`, "9000_next.sql": `-- +goose Up
CREATE TABLE next_notes (id BIGINT PRIMARY KEY);
ALTER TABLE meetings ADD COLUMN next_text TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings_fts ADD COLUMN next_text TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN next_text TEXT;
ALTER TABLE users ADD COLUMN next_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grants ADD COLUMN next_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN next_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN next_number BIGINT NOT NULL DEFAULT 0;
CREATE INDEX next_meetings ON meetings (subject, id);
`}

func buildNext(t *testing.T) string {
	t.Helper()
	dir, replace := t.TempDir(), make(map[string]string)
	source, err := filepath.Abs("../../migrations")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, migration := range nextMigrations {
		path := write(name, []byte(migration))
		replace[filepath.Join(source, name)], replace[filepath.Join(source, "postgres", name)] = path, path
	}
	files, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "meetdesk")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-overlay", write("overlay.json", files), "-o", program, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return program
}
