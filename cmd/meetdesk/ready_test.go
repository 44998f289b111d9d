package main

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/paths"
	"meetdesk/server"
	"meetdesk/store"
	"meetdesk/testenv"
)

func readyzOf(a *server.App) (int, []string) {
	w := httptest.NewRecorder()
	a.Site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, paths.Ready, nil))
	return w.Code, strings.Split(strings.TrimSpace(w.Body.String()), "\n")
}

const (
	allReady       = "database ok, disk ok, schema ok, provider ok"
	databaseFailed = "database failed: cannot be written, disk ok, schema ok, provider ok"
)

func waitForReady(t *testing.T, a *server.App, status int, want string) {
	t.Helper()
	eventually(t, "readyz says "+want, func() bool {
		got, lines := readyzOf(a)
		return got == status && strings.Join(lines, ", ") == want
	})
}

// If one check fails, /readyz reports only that check as failed. Once the cause is fixed,
// the desk is ready again.
func TestReady(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, tt := range map[string]struct {
		fail func(*testing.T, *ground) (repair func())
		want string
	}{
		"database": {func(t *testing.T, g *ground) func() {
			_, unlock := g.other(t, `BEGIN IMMEDIATE`)
			return unlock
		}, databaseFailed},
		"schema": {func(t *testing.T, g *ground) func() {
			run, done := g.other(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
			return func() {
				run(`DELETE FROM goose_db_version WHERE version_id = 9999`)
				done()
			}
		}, "database ok, disk ok, schema failed: is not this program's, provider ok"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGround(t)
			a := g.app()
			defer a.Close()
			waitForReady(t, a, http.StatusOK, allReady)
			repair := tt.fail(t, g)
			waitForReady(t, a, http.StatusServiceUnavailable, tt.want)
			repair()
			waitForReady(t, a, http.StatusOK, allReady)
		})
	}
	t.Run("disk", func(t *testing.T) {
		t.Parallel()
		g := newGroundIn(t, smallDisk(t))
		a := g.app()
		defer a.Close()
		waitForReady(t, a, http.StatusServiceUnavailable, "database ok, disk failed: is almost full, schema ok, provider ok")
	})
	t.Run("provider", func(t *testing.T) {
		t.Parallel()
		g := newGround(t)
		g.broken.set(hangUp)
		a := g.app()
		defer a.Close()
		waitForReady(t, a, http.StatusServiceUnavailable, "database ok, disk ok, schema ok, provider failed: has not answered since the start")
		g.broken.mend()
		waitForReady(t, a, http.StatusOK, allReady)
		logged := g.logged.String()
		for _, message := range []string{`msg="not ready" part=provider error=`, `msg="ready again" part=provider`} {
			if n := strings.Count(logged, message); n != 1 {
				t.Errorf("logged %d times, want once: %s\n%s", n, message, logged)
			}
		}
		g.broken.set(hangUp) // signed-in users are not affected, so the desk stays ready
		if status, lines := readyzOf(a); status != http.StatusOK {
			t.Errorf("once the provider is known: %d %v", status, lines)
		}
	})
}

// While another program locks the database, /readyz answers several simultaneous requests
// within 4 seconds, which is less than SQLite's timeout of 5 seconds. The failure is logged
// once.
func TestReadyWhileTheDatabaseIsLocked(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	g := newGround(t)
	a := g.app()
	defer a.Close()
	waitForReady(t, a, http.StatusOK, allReady)
	_, unlock := g.other(t, `BEGIN IMMEDIATE`)
	defer unlock()
	for range 2 {
		time.Sleep(1100 * time.Millisecond) // until the cached result has expired
		began := time.Now()
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if _, lines := readyzOf(a); strings.Join(lines, ", ") != databaseFailed {
					t.Errorf("readyz says %q", lines)
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("the responses took %v", took)
		}
	}
	logged := g.logged.String()
	if n := strings.Count(logged, `msg="not ready" part=database`); n != 1 {
		t.Errorf("the failure was logged %d times, want once:\n%s", n, logged)
	}
}

// other opens the desk's database from outside the desk and executes the statement. The
// function run executes further statements, and done closes the database.
func (g *ground) other(t *testing.T, statement string) (run func(string), done func()) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(g.dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	run = func(statement string) {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run(statement)
	return run, func() { db.Close() }
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// The desk writes to the disk at most once a second, however often a client requests
// /readyz and /healthz. It does not log these requests.
func TestReadyIsCheap(t *testing.T) {
	testenv.SkipIfShort(t)
	g := newGround(t)
	desk := g.serve()
	wal, began := filepath.Join(g.dir, store.FileName+"-wal"), time.Now()
	before := sizeOf(t, wal)
	var statuses []int
	for range 300 {
		for _, path := range []string{paths.Ready, paths.Health} {
			r, err := http.Get(g.site.String() + path)
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			statuses = append(statuses, r.StatusCode)
		}
	}
	if slices.Max(statuses) != http.StatusOK {
		t.Errorf("the highest status is %d", slices.Max(statuses))
	}
	if grown, most := sizeOf(t, wal)-before, int64(time.Since(began).Seconds()+2)*(4096+24); grown > most {
		t.Errorf("the write-ahead log grew by %d bytes, want at most one page a second: %d", grown, most)
	}
	if status := desk.stop(terminate); status != command.OK || strings.Contains(desk.errors.String(), "msg=request") {
		t.Errorf("status %d:\n%s", status, desk.errors)
	}
}
