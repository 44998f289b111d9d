package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
)

// durable makes the test server behave like a production server: it syncs commits to disk
// and runs autovacuum.
var durable = []string{
	`ALTER SYSTEM SET fsync = on`, `ALTER SYSTEM SET synchronous_commit = on`, `ALTER SYSTEM SET full_page_writes = on`,
	`ALTER SYSTEM SET autovacuum = on`, `SELECT pg_reload_conf()`,
}

type postgresServer struct {
	*postgrestest.Server
	pid int
}

func startPostgres(ctx context.Context) (p postgresServer, err error) {
	server, err := postgrestest.Start(ctx)
	if err != nil {
		return p, err
	}
	p.Server = server
	if err = p.exec(ctx, durable...); err == nil {
		p.pid, err = p.serverPID()
	}
	if err != nil {
		err = errors.Join(err, server.Stop())
	}
	return p, err
}

func (p postgresServer) exec(ctx context.Context, statements ...string) error {
	address, err := postgresdb.Parse(p.Address)
	if err != nil {
		return err
	}
	db := address.OpenAside()
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

func (p postgresServer) serverPID() (int, error) {
	address, err := url.Parse(p.Address)
	if err != nil {
		return 0, err
	}
	file, err := os.ReadFile(filepath.Join(address.Query().Get("host"), "data", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(file), "\n")
	return strconv.Atoi(first)
}

// cpu returns the CPU time of the server's running child processes.
func (p postgresServer) cpu() (sum time.Duration, err error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, name := range stats {
		stat, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // the process has ended
		}
		if err != nil {
			return 0, err
		}
		if parent, err := parentOf(string(stat)); err != nil || parent != p.pid {
			continue
		}
		took, err := parseCPU(string(stat))
		if err != nil {
			return 0, err
		}
		sum += took
	}
	return sum, nil
}

// parentOf returns the parent's process ID, which is field 4 of a process's stat file in
// /proc.
func parentOf(stat string) (int, error) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0, fmt.Errorf("stat %q: too short", stat)
	}
	return strconv.Atoi(fields[1])
}

// copyFrom copies the data directory into the server's postgres database with "meetdesk
// copy".
func (p postgresServer) copyFrom(ctx context.Context, b *bench, data string) (took time.Duration, err error) {
	begun := time.Now()
	output, err := exec.CommandContext(ctx, b.binary, "copy", "-from", "sqlite:"+data, "-to", p.Address).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("copy: %w\n%s", err, output)
	}
	return time.Since(begun), nil
}

func (p postgresServer) database(name string) string {
	return strings.Replace(p.Address, "/postgres?", "/"+name+"?", 1)
}
