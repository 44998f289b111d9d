package postgresdb_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// startPgBouncer starts PgBouncer in front of the server and returns the database's address
// through it.
func startPgBouncer(t *testing.T, program, address, mode string) string {
	t.Helper()
	direct, err := url.Parse(postgrestest.OverTCP(address, "postgres", "", "sslmode=disable"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	through := l.Addr().String()
	_, port, _ := net.SplitHostPort(through)
	l.Close()
	dir, err := os.MkdirTemp("", "meetdesk-pgbouncer-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	settings := fmt.Sprintf("[databases]\n* = host=127.0.0.1 port=%s user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %s\nauth_type = any\npool_mode = %s\nunix_socket_dir =\n", direct.Port(), port, mode)
	path := filepath.Join(dir, "pgbouncer.ini")
	if err := errors.Join(os.WriteFile(path, []byte(settings), 0o644), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, path)
	if cmd.SysProcAttr, err = postgrestest.Owner(dir); err != nil { // PgBouncer refuses to run as root
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for range 100 {
		if c, err := net.Dial("tcp", through); err == nil {
			c.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	direct.Host = through
	return direct.String()
}

func TestPoolers(t *testing.T) {
	testenv.SkipIfShort(t)
	program := testenv.Program(t, "pgbouncer", "pgbouncer")
	for mode, want := range map[string]string{"transaction": "set pool_mode=session", "session": ""} {
		t.Run(mode, func(t *testing.T) {
			address, err := postgresdb.Parse(startPgBouncer(t, program, postgrestest.Empty(t), mode))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := address.Migrate(t.Context(), "test", slog.New(slog.DiscardHandler)); err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, want) || (got == "") != (want == "") {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}
