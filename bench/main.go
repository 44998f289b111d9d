package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// longest is the time limit of a run. Each meeting that the run may have to generate adds
// longestPerRow.
const (
	longest       = 15 * time.Minute
	longestPerRow = 10 * time.Millisecond
	// longestPerGrowth is added for each of the bench.growth meetings. These meetings take
	// longer, because each is recorded in several transactions.
	longestPerGrowth = 100 * time.Millisecond
)

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case fixedCommand:
			serveFixed(os.Args[2:])
		case bareCommand:
			serveBare(os.Args[2:])
		case hostileCommand:
			readFile(os.Args[2:])
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		if ctx.Err() != nil {
			err = ctx.Err() // err is only a consequence of the interruption
		}
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

type bench struct {
	creates  int
	runs     int    // number of cold starts to measure
	rows     int    // number of meetings to fill a database with; 0 to measure without filling one
	growth   int    // the value of -growth; 0 to measure something else
	imports  bool   // measure only imports and the reading of hostile files
	writes   bool   // measure only creates and audited pages, with one client and with several
	postgres bool   // only compare the desk on PostgreSQL with the desk on SQLite
	upkeeps  bool   // measure only backups, purges and erasures with many meetings
	keep     string // directory for filled databases; "" to delete them
	dir      string
	binary   string // path of the compiled meetdesk binary
	demo     string // path of the compiled meetdesk-demo binary
	progress io.Writer
	table    table
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	b := &bench{progress: stderr}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&b.creates, "n", 500, "`meetings` to create")
	flags.IntVar(&b.runs, "runs", 15, "cold `starts` of the demo")
	flags.IntVar(&b.rows, "rows", 0, "measure instead a database with this number of `meetings`, and a smaller one for comparison")
	flags.IntVar(&b.growth, "growth", 0, "measure instead how the database grows with this number of `meetings`, or, with -rows, whether creates in a database of that many take longer")
	flags.BoolVar(&b.imports, "import", false, "measure imports and nothing else")
	flags.BoolVar(&b.writes, "writes", false, "measure creates and audited pages, and nothing else")
	flags.BoolVar(&b.upkeeps, "upkeep", false, "with -rows, measure a backup, a purge and an erasure, and nothing else")
	flags.BoolVar(&b.postgres, "postgres", false, "with -rows, compare the desk on PostgreSQL with the desk on SQLite, and nothing else")
	flags.StringVar(&b.keep, "keep", "", "`folder` in which filled databases stay for another run; it needs about 5 KB a meeting")
	parent := flags.String("dir", "", "`folder` to work in, on the disk to be measured; by default the system's for temporary files")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if b.creates < 1 || b.creates > 100_000 || b.runs < 1 || b.runs > 1000 || flags.NArg() > 0 {
		return errors.New("-n is 1 to 100000, -runs is 1 to 1000, and there are no arguments")
	}
	if b.rows != 0 && (b.rows < 10_000 || b.rows > 10_000_000) {
		return errors.New("-rows is 10000 to 10000000")
	}
	if b.growth != 0 && (b.growth < 10_000 || b.growth > 10_000_000) {
		return errors.New("-growth is 10000 to 10000000")
	}
	ctx, cancel := context.WithTimeout(ctx, longest+time.Duration(b.rows)*longestPerRow+time.Duration(b.growth)*longestPerGrowth)
	defer cancel()
	if b.dir, err = os.MkdirTemp(*parent, "meetdesk-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if b.growth > 0 {
		measure := b.growing
		if b.rows > 0 {
			measure = b.creating
		}
		err := measure(ctx)
		return errors.Join(err, b.table.print(stdout, machine()))
	}
	if err := b.build(ctx); err != nil {
		return err
	}
	parts := []func(context.Context) error{b.coldStarts, b.demoMemory, b.hostileFiles, b.serving, b.concurrent, b.importing}
	switch {
	case b.rows > 0 && b.postgres:
		parts = []func(context.Context) error{b.engines}
	case b.rows > 0 && b.upkeeps:
		parts = []func(context.Context) error{b.upkeep}
	case b.rows > 0:
		parts = []func(context.Context) error{b.million}
	case b.writes:
		parts = []func(context.Context) error{b.serving, b.concurrent}
	case b.imports:
		parts = []func(context.Context) error{b.hostileFiles, b.importing}
	}
	for _, part := range parts {
		if err = part(ctx); err != nil {
			break
		}
	}
	// After an error, the table contains the figures measured so far.
	return errors.Join(err, b.table.print(stdout, machine()))
}

// build builds meetdesk and meetdesk-demo with the flags that a release uses.
func (b *bench) build(ctx context.Context) error {
	b.say("building meetdesk")
	b.binary, b.demo = filepath.Join(b.dir, "meetdesk"), filepath.Join(b.dir, "meetdesk-demo")
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w -X main.version=bench", "-o", b.dir, "meetdesk/cmd/meetdesk", "meetdesk/cmd/meetdesk-demo")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stdout, build.Stderr = b.progress, b.progress
	if err := build.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	return nil
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.progress, "… "+format+"\n", args...) }
