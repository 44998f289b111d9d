package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "crash:", err)
		stop()
		os.Exit(1)
	}
}

// perSeries is the number of rounds that share data directories. Each series uses new
// directories, so that the desk is also killed while it creates its database.
const perSeries = 20

// run parses the arguments and runs a campaign. It returns an error if there are findings.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("crash", flag.ContinueOnError)
	flags.SetOutput(stderr)
	rounds := flags.Int("rounds", 20, "how many `rounds` to run")
	seed := flags.Uint64("seed", 0, "the `number` that decides what happens; 0 for a random one")
	clustered := flags.Bool("cluster", false, "run three desks behind haproxy on PostgreSQL with Patroni and etcd, and hit those")
	parent := flags.String("dir", "", "`folder` to work in; by default the system's for temporary files")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *rounds < 1 || flags.NArg() > 0 {
		return errors.New("-rounds is at least 1, and there are no arguments")
	}
	dir, err := os.MkdirTemp(*parent, "meetdesk-crash-")
	if err != nil {
		return err
	}
	if *seed == 0 {
		*seed = rand.Uint64N(1 << 32)
	}
	fmt.Fprintf(stdout, "seed %d, in %s\n", *seed, dir)
	t, err := campaign(ctx, dir, *seed, *rounds, *clustered, stdout)
	fmt.Fprintln(stdout, t)
	if err != nil {
		return err
	}
	if t.failed() {
		return fmt.Errorf("see the findings above, and the logs and data in %s", dir)
	}
	return os.RemoveAll(dir)
}

func build(ctx context.Context, dir string) (binary string, err error) {
	binary = filepath.Join(dir, "meetdesk")
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", dir, "meetdesk/cmd/meetdesk", "meetdesk/cmd/meetdesk-demo")
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, text)
	}
	return binary, nil
}

// campaign builds meetdesk and runs the rounds. If a round has a finding, campaign stops
// and leaves the data directories in dir.
func campaign(ctx context.Context, dir string, seed uint64, rounds int, clustered bool, out io.Writer) (*total, error) {
	t := newTotal()
	words, err := readStates()
	if err != nil {
		return t, err
	}
	binary, err := build(ctx, dir)
	if err != nil {
		return t, err
	}
	rng, begun := rand.New(rand.NewPCG(seed, 0)), time.Now()
	for number := 1; t.rounds < rounds && !t.failed(); number++ {
		s, err := newSeries(binary, dir, number, words, t, out)
		if err != nil {
			return t, err
		}
		if clustered {
			if s.site.cluster, err = newCluster(s.site); err != nil {
				return t, err
			}
		}
		if err := s.run(ctx, rng, min(perSeries, rounds-t.rounds)); err != nil {
			return t, err
		}
		if !t.failed() {
			err = os.RemoveAll(s.site.dir)
		}
		if err != nil {
			return t, err
		}
		fmt.Fprintf(out, "%d rounds in %v\n", t.rounds, time.Since(begun).Round(time.Second))
	}
	return t, nil
}
