package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	coldStartGoal = 300 * time.Millisecond
	memoryGoal    = 80 << 20
)

const (
	staffMember   = "priya@contoso.example"
	busyMember    = "tomas@contoso.example"
	helpDesk      = "dana@contoso.example"
	administrator = "alex@contoso.example"
)

// startDemo starts the demo and returns the process and the desk's URL. All demos of a run
// share one data directory.
func (b *bench) startDemo(ctx context.Context) (p *process, site string, err error) {
	p, err = b.start(ctx, b.demo, nil, "desk", "-addr", "127.0.0.1:0", "-emulator-addr", "127.0.0.1:0", "-data", filepath.Join(b.dir, "demo"))
	if err != nil {
		return nil, "", err
	}
	fields := strings.Fields(p.line)
	return p, fields[len(fields)-1], nil
}

// coldStarts measures how long the demo takes from its start to its first response, with
// the binary in the page cache. The floor is how long the binary takes to print its
// version.
func (b *bench) coldStarts(ctx context.Context) error {
	b.say("%d cold starts of the demo", b.runs)
	var cold, alone []time.Duration
	for i := range b.runs + 1 {
		started, err := b.coldStart(ctx)
		if err != nil {
			return err
		}
		bare, err := b.bareStart(ctx)
		if err != nil {
			return err
		}
		if i > 0 { // ignore the first start, which also creates the data directory and the history
			cold, alone = append(cold, started), append(alone, bare)
		}
	}
	for _, f := range []struct {
		name string
		q    float64
	}{{"median", 0.5}, {"worst", 1}} {
		took, floor := quantile(cold, f.q), quantile(alone, f.q)
		b.table.add(row{
			figure: fmt.Sprintf("demo: cold start, %s of %d", f.name, b.runs), value: ms(took),
			peer: ms(floor) + " the program's version", against: more(took - floor),
			goal: goal("under 300 ms", took < coldStartGoal),
		})
	}
	return nil
}

func (b *bench) coldStart(ctx context.Context) (took time.Duration, err error) {
	p, site, err := b.startDemo(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	browser := newBrowser(site)
	defer browser.close()
	_, _, err = browser.get(ctx, "/healthz")
	return time.Since(p.started), err
}

func (b *bench) bareStart(ctx context.Context) (time.Duration, error) {
	begun := time.Now()
	err := exec.CommandContext(ctx, b.demo, "version").Run()
	return time.Since(begun), err
}
