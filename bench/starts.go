package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

const (
	serveStartGoal = 40 * time.Millisecond
	binaryGoal     = 16 << 20
)

// serveStarts reports how long the desk takes from its start to its first response. It also
// reports the size of the binary.
func (b *bench) serveStarts(ctx context.Context, f filled) error {
	b.say("%d starts of the desk", b.runs)
	var took, alone []time.Duration
	for i := range b.runs + 1 {
		started, err := b.serveStart(ctx, f.data)
		if err != nil {
			return err
		}
		begun := time.Now()
		if err := exec.CommandContext(ctx, b.binary, "version").Run(); err != nil {
			return err
		}
		if i > 0 { // the first start may have to read the files from disk
			took, alone = append(took, started), append(alone, time.Since(begun))
		}
	}
	own, floor := median(took), median(alone)
	b.table.add(row{
		figure: fmt.Sprintf("start with %d meetings, median of %d", f.rows, b.runs), value: ms(own),
		peer: ms(floor) + " the program's version", against: more(own - floor), goal: goal("at most 40 ms", own <= serveStartGoal),
	})
	info, err := os.Stat(b.binary)
	if err != nil {
		return err
	}
	b.table.add(row{figure: "binary", value: mb(info.Size()), goal: goal("at most 16 MB", info.Size() <= binaryGoal)})
	return nil
}

func (b *bench) serveStart(ctx context.Context, data string) (took time.Duration, err error) {
	s, err := b.startSite(ctx, data)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	browser := newBrowser(s.url)
	defer browser.close()
	_, _, err = browser.get(ctx, "/healthz")
	return time.Since(s.desk.started), err
}
