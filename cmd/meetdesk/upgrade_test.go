package main

import (
	"database/sql"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/pressly/goose/v3"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/migrations"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/store/sqlitetest"
	"meetdesk/testenv"
)

// downgrade creates a database with an older schema and fills all of its tables.
func (g *ground) downgrade(t *testing.T, schema int64) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(g.dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `PRAGMA journal_mode = WAL`); err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	sqlitetest.Fill(t, db)
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (g *ground) ask(method, path, language string) (r reply, err error) {
	request, err := http.NewRequest(method, g.site.String()+path, nil)
	if err != nil {
		return r, err
	}
	request.Header.Set("Accept-Language", language)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return r, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(body)}, err
}

// upgrading starts a desk that upgrades an older database. Another program's transaction
// delays the first migration until unlock is called, but for no longer than 5 seconds.
func (g *ground) upgrading(t *testing.T) (desk *process, unlock func()) {
	t.Helper()
	g.app().Close() // registers the functions that migrations use
	for _, name := range []string{store.FileName, store.FileName + "-wal", store.FileName + "-shm"} {
		if err := syscall.Unlink(filepath.Join(g.dir, name)); err != nil && err != syscall.ENOENT {
			t.Fatal(err)
		}
	}
	g.downgrade(t, 24)
	_, unlock = g.other(t, `BEGIN IMMEDIATE`)
	return start(t, g.settings, "serve"), unlock
}

func (g *ground) completesUpgrade(t *testing.T) {
	t.Helper()
	next := g.serve()
	if r, err := g.ask(http.MethodGet, paths.Ready, "en"); err != nil || r.status != http.StatusOK {
		t.Errorf("after the next start: %d, %v\n%s", r.status, err, r.body)
	}
	admin := g.visitor(demo.Alex)
	for path, says := range map[string]string{
		paths.History: "Søren&#39;s printer 1", paths.Meeting(1): "Søren&#39;s printer 1",
		paths.Audit: "audit.action 1", paths.AdminPeople: "users.name 1", paths.Presets: "presets.name 1", paths.Admin: "<main",
	} {
		if page := admin.read(t, path); !strings.Contains(page, says) {
			t.Errorf("after the upgrade, %s does not say %q:\n%s", path, says, page)
		}
	}
	if status := next.stop(terminate); status != command.OK || !strings.Contains(next.errors.String(), "upgrade of the database") {
		t.Errorf("status %d:\n%s", status, next.errors)
	}
}

// If the desk receives SIGTERM during a database upgrade, it logs the reason and exits
// with status 1, so that systemd restarts it.
func TestSIGTERMDuringUpgrade(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	g := newGround(t)
	desk, unlock := g.upgrading(t)
	eventually(t, "the desk begins the upgrade", func() bool { return strings.Contains(desk.errors.String(), "upgrade of the database") })
	status := desk.stop(terminate)
	said := strings.Split(strings.TrimSpace(desk.errors.String()), "\n")
	last := said[len(said)-1]
	if status != command.Failed || !strings.Contains(last, "a signal stopped the start; the next start continues an upgrade") {
		t.Errorf("status %d:\n%s", status, desk.errors)
	}
	if !strings.Contains(last, "context canceled") {
		t.Errorf("the migration waited for the other program all the same: %s", last)
	}
	unlock()
	g.completesUpgrade(t)
}

// While the database is being upgraded, the desk says so in the user's language and answers
// health checks. If it is killed, the next start completes the upgrade.
func TestPortDuringUpgrade(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	g := newGround(t)
	desk, unlock := g.upgrading(t)
	var home reply
	eventually(t, "the port says that the desk is being upgraded", func() (ok bool) {
		var err error
		home, err = g.ask(http.MethodGet, paths.Home, "pt-BR")
		return err == nil && strings.Contains(home.body, "O meetdesk está sendo atualizado")
	})
	if wait, err := strconv.Atoi(home.header.Get("Retry-After")); home.status != http.StatusServiceUnavailable || err != nil || wait < 1 || wait > 60 || home.header.Get("Content-Security-Policy") == "" {
		t.Errorf("%d %v", home.status, home.header)
	}
	_, css, _ := strings.Cut(home.body, `rel="stylesheet" href="`)
	css, _, _ = strings.Cut(css, `"`)
	for _, tt := range []struct {
		method, path string
		status       int
		says         string
	}{
		{http.MethodGet, paths.Health, 200, "ok"},
		{http.MethodGet, paths.Ready, 503, "desk failed: is being upgraded"},
		{http.MethodGet, css, 200, "{"},
		{http.MethodPost, paths.Meetings, 503, "Go back: what you typed is still in it"},
		{http.MethodGet, "/t/INC1", 503, "meetdesk is being upgraded"},
	} {
		if r, err := g.ask(tt.method, tt.path, "en"); err != nil || r.status != tt.status || !strings.Contains(r.body, tt.says) {
			t.Errorf("%s %s: %d, %v, want %d with %q:\n%s", tt.method, tt.path, r.status, err, tt.status, tt.says, r.body)
		}
	}
	desk.stop(syscall.SIGKILL)
	unlock()
	g.completesUpgrade(t)
}
