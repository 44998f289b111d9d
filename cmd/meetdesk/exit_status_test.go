package main

import (
	"database/sql"
	"errors"
	"io/fs"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"meetdesk/command"
	"meetdesk/store"
	"meetdesk/testenv"
)

// Exit status 2 keeps systemd from restarting the desk. The desk uses this status only if
// a restart would not help.
func TestExitStatus(t *testing.T) {
	testenv.SkipIfShort(t)
	locked, newer := t.TempDir(), t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: locked, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	future, err := store.Open(t.Context(), store.Options{Dir: newer, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	future.Close()
	db, err := sql.Open("sqlite", filepath.Join(newer, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9001, 1); INSERT INTO upgrades (schema, program, at) VALUES (9001, '9.1.0', 0)`); err != nil {
		t.Fatal(err)
	}
	taken := httptest.NewServer(nil)
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	provider := "ISSUER=http://" + testenv.FreeAddress(t)
	for _, tt := range []struct {
		name   string
		change []string
		status int
		want   string
	}{
		{"a desk that still stops", []string{"DATA=" + locked}, command.Failed, "in use by another meetdesk"},
		{"a newer database", []string{"DATA=" + newer}, command.Failed, "start meetdesk 9.1.0 or a newer version"},
		{"a port in use", []string{"ADDR=" + taken.Listener.Addr().(*net.TCPAddr).String()}, command.Failed, "address already in use"},
		{"a folder that is a file", []string{"DATA=" + file}, command.Usage, "not a directory"},
		{"an address that this machine does not have yet", []string{"ADDR=192.0.2.1:8080"}, command.Failed, "assign requested address"},
		{"a name that no host can have", []string{"ADDR=no..host:8080"}, command.Usage, "no..host"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, environment(append([]string{"URL=http://localhost:1", "ADDR=127.0.0.1:0", provider, "DATA=" + t.TempDir()}, tt.change...)...), "serve")
			if status := p.status(); status != tt.status || !strings.Contains(p.errors.String(), tt.want) {
				t.Errorf("status %d, want %d with %q:\n%s", status, tt.status, tt.want, p.errors)
			}
		})
	}
}

// The demo can start once the port is free, so a port in use is not a usage error.
func TestDemoOnPortInUse(t *testing.T) {
	testenv.SkipIfShort(t)
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	p := startDemo(t, "emulator", "-addr", taken.Addr().String())
	if status := p.status(); status != command.Failed || !strings.Contains(p.errors.String(), "address already in use; another port can be given with -addr") {
		t.Errorf("status %d:\n%s", status, p.errors)
	}
}

// Only errors that a restart cannot resolve are usage errors.
func TestSettingErrors(t *testing.T) {
	listen := func(err error) error { return &net.OpError{Op: "listen", Net: "tcp", Err: err} }
	file := func(err error) error { return &fs.PathError{Op: "open", Path: "/x", Err: err} }
	for err, want := range map[error]int{
		listen(&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}):                    command.Usage,
		listen(&net.DNSError{Err: "server misbehaving", Name: "x", IsTemporary: true}):             command.Failed,
		listen(&net.DNSError{Err: "i/o timeout", Name: "x", IsTimeout: true, IsTemporary: true}):   command.Failed,
		listen(&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true, IsTemporary: true}): command.Failed,
		listen(&net.AddrError{Err: "missing port in address", Addr: "x"}):                          command.Usage,
		listen(os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)):                                  command.Failed,
		listen(os.NewSyscallError("bind", syscall.EADDRINUSE)):                                     command.Failed,
		listen(os.NewSyscallError("bind", syscall.EACCES)):                                         command.Usage,
		file(syscall.EACCES): command.Usage, file(syscall.ENOTDIR): command.Usage, file(syscall.ENAMETOOLONG): command.Usage,
		file(syscall.ENOSPC): command.Failed, file(syscall.EROFS): command.Failed, file(syscall.EIO): command.Failed, errors.New("database is locked"): command.Failed,
	} {
		if got := command.Status(settingError(err)); got != want {
			t.Errorf("%v: status %d, want %d", err, got, want)
		}
	}
	for err, want := range map[error]int{file(syscall.ENOSPC): command.Failed, file(syscall.EIO): command.Failed, file(syscall.ENOENT): command.Usage, file(syscall.EACCES): command.Usage} {
		var k checker
		k.addFileError("BACKUP_DIR", err, "%v", err)
		if got := command.Status(k.err()); got != want {
			t.Errorf("a folder with %v: status %d, want %d", err, got, want)
		}
		k.add("ADDR", "wrong")
		if got := command.Status(k.err()); got != command.Usage {
			t.Errorf("a folder with %v and a wrong setting: status %d, want %d", err, got, command.Usage)
		}
	}
}

// If the desk cannot write to its database at startup, it exits with status 1 and reports
// the reason. Once it can write again, it starts.
func TestStartWithoutWriting(t *testing.T) {
	testenv.SkipUnlessLong(t)
	refuses := func(t *testing.T, g *ground, want string) {
		t.Helper()
		p := start(t, g.settings, "serve")
		status := p.status()
		if said := p.errors.String(); status != command.Failed || !strings.Contains(said, "meetdesk serve: MEETDESK_DATA: ") || !strings.Contains(said, want) {
			t.Errorf("status %d, want 1 with %q:\n%s", status, want, said)
		}
	}
	starts := func(t *testing.T, g *ground) {
		t.Helper()
		if status := g.serve().stop(terminate); status != command.OK {
			t.Errorf("afterwards, the status is %d", status)
		}
	}
	t.Run("new database on a full disk", func(t *testing.T) {
		g := newGroundIn(t, smallDisk(t))
		filler := filepath.Join(g.dir, "filler")
		if err := os.WriteFile(filler, make([]byte, 9<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		refuses(t, g, "full")
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		starts(t, g)
	})
	t.Run("upgrade on a full disk", func(t *testing.T) {
		g := newGroundIn(t, smallDisk(t))
		newGround(t).app().Close() // registers the functions that migrations use
		g.downgrade(t, 24)
		free := fillDisk(t, g.dir)
		refuses(t, g, "backup before the upgrade: copy the database: database or disk is full")
		free()
		starts(t, g)
	})
	t.Run("database locked by another program", func(t *testing.T) {
		g := newGround(t)
		g.app().Close()
		_, unlock := g.other(t, `BEGIN EXCLUSIVE`)
		refuses(t, g, "locked")
		unlock()
		starts(t, g)
	})
}
