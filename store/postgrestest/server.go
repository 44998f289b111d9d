// Package postgrestest starts a PostgreSQL server for tests and gives each test its own
// database.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"meetdesk/store/postgresdb"
	"meetdesk/testenv"
)

// Server is a PostgreSQL server for tests.
type Server struct {
	Address string // the URL of the postgres database, for a superuser
	Port    string // the TCP port on 127.0.0.1
	Data    string // the path of the data folder

	stdin io.WriteCloser
	done  chan error
}

// startLimit is how long the server may take to start or crash, even on a busy machine.
const startLimit = 2 * time.Minute

// supervise is a shell script that runs the server until standard input is closed, and then
// removes its folder. Standard input is a pipe, so it is closed even if the parent process
// is killed. The line "crash" makes the server crash, and "start" starts it again.
const supervise = `start() { "$1/postgres" -D "$2/data" >>"$2/log" 2>&1 & }
start "$@"
while read -r command; do
	case $command in
	crash) kill -QUIT $!; wait $! ;;
	start) start "$@" ;;
	esac
done
kill -INT $! 2>>"$2/log"; wait; rm -rf "$2"`

// Available returns nil if PostgreSQL is installed. Otherwise, the error says what to
// install.
func Available() error {
	_, err := binaries()
	return err
}

// binaries returns the folder with the newest installed version of the server.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err == nil && len(found) > 0 {
		return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("PostgreSQL is not installed (Debian: apt-get install postgresql)")
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0 if there is no version in the path
	return n
}

// Start starts a server with a new, empty cluster. Over TCP, the user "locked" needs a
// password; all others are trusted. Transactions do not wait for the disk.
func Start(ctx context.Context) (s *Server, err error) {
	return startProgram(ctx, "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
}

// Standby starts a standby server that replicates this server.
func (s *Server) Standby(ctx context.Context) (*Server, error) {
	return startProgram(ctx, "pg_basebackup", "-d", s.Address, "-R", "-c", "fast", "--no-sync")
}

func startProgram(ctx context.Context, program string, args ...string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	return StartFrom(ctx, func(data string) []string {
		return append([]string{filepath.Join(bin, program), "-D", data}, args...)
	})
}

// StartFrom runs a command that creates a data folder, for example by restoring a backup,
// and starts a server in that folder. The callback receives the folder's path and returns
// the command with its arguments.
func StartFrom(ctx context.Context, command func(data string) []string) (s *Server, err error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "meetdesk-postgres-")
	if err != nil {
		return nil, err
	}
	as, err := Owner(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	args := command(data)
	create := exec.CommandContext(ctx, args[0], args[1:]...)
	create.SysProcAttr, create.Dir = as, dir
	if output, err := create.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w: %s", args[0], err, output), os.RemoveAll(dir))
	}
	address, err := testenv.FindFreeAddress()
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	if err := configure(data, dir, port); err != nil {
		return nil, err
	}
	s = &Server{Port: port, Data: data, Address: "postgres:///postgres?host=" + dir + "&port=" + port + "&user=postgres", done: make(chan error, 1)}
	return s, s.run(ctx, bin, dir, as)
}

func configure(data, dir, port string) error {
	settings := fmt.Sprintf(`
port = %s
listen_addresses = '127.0.0.1'
unix_socket_directories = '%s'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 600
shared_buffers = 128MB
autovacuum = off
`, port, dir)
	const access = "host all locked 127.0.0.1/32 scram-sha-256\nlocal all all trust\nlocal replication all trust\nhost all all 127.0.0.1/32 trust\n"
	file, err := os.OpenFile(filepath.Join(data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(settings)
	return errors.Join(err, file.Close(), os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte(access), 0o600))
}

func (s *Server) run(ctx context.Context, bin, dir string, as *syscall.SysProcAttr) error {
	server := exec.Command("/bin/sh", "-c", supervise, "sh", bin, dir)
	server.SysProcAttr, server.Dir = as, "/"
	stdin, err := server.StdinPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	s.stdin = stdin
	go func() { s.done <- server.Wait() }()
	return s.await(ctx)
}

// await waits until the server accepts connections. It returns an error if the server exits
// or takes longer than startLimit.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		err := s.ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case exited := <-s.done:
			return fmt.Errorf("PostgreSQL ended: %w", errors.Join(exited, err))
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("PostgreSQL does not start: %w", err), s.Stop())
		}
	}
}

func (s *Server) ping(ctx context.Context) error {
	address, err := postgresdb.Parse(s.Address)
	if err != nil {
		return err
	}
	db := address.OpenWriter()
	defer db.Close()
	return db.PingContext(ctx)
}

// Crash stops the server immediately, without a clean shutdown. Transactions that were
// committed with synchronous_commit on are preserved.
func (s *Server) Crash(ctx context.Context) error {
	if _, err := io.WriteString(s.stdin, "crash\n"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for s.ping(ctx) == nil {
		time.Sleep(20 * time.Millisecond)
	}
	return ctx.Err()
}

// Restart starts the server after Crash and returns when it accepts connections.
func (s *Server) Restart(ctx context.Context) error {
	if _, err := io.WriteString(s.stdin, "start\n"); err != nil {
		return err
	}
	return s.await(ctx)
}

// Stop stops the server and removes its data.
func (s *Server) Stop() error {
	s.stdin.Close()
	return <-s.done
}

// Owner returns the process attributes for running a server as an unprivileged user,
// because PostgreSQL and PgBouncer refuse to run as root. If this process runs as root,
// Owner also makes that user the owner of dir.
func Owner(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, os.Chown(dir, int(uid), int(gid))
}
