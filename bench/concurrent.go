package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"time"
)

const mostClients = 64

// Clients write in rounds, which alternate with rounds of bare commits, so that other load
// affects both equally.
const (
	writeRounds = 4
	writeRound  = 500 * time.Millisecond
)

type writers struct {
	site  *site
	floor floor
	next  int
}

// concurrent measures how many meetings several clients can create per second, and how
// often they can open a colleague's meeting. Opening such a meeting writes an audit entry.
func (b *bench) concurrent(ctx context.Context) (err error) {
	s, err := b.startSite(ctx, filepath.Join(b.dir, "concurrent"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	bare, err := newFloor(ctx, filepath.Join(s.data, "floor.db"))
	if err != nil {
		return err
	}
	defer bare.Close()
	maker, other, reader := newBrowser(s.url), newBrowser(s.url), newBrowser(s.url)
	for person, upn := range map[*browser]string{maker: staffMember, other: busyMember, reader: helpDesk} {
		defer person.close()
		if err := person.signIn(ctx, upn); err != nil {
			return err
		}
	}
	w := &writers{site: s, floor: bare}
	theirs, _, err := maker.create(ctx, "FIRST")
	if err != nil {
		return err
	}
	create := func(i int) error {
		by := maker
		if i%2 > 0 { // one person may have at most 50 requests in progress
			by = other
		}
		_, _, err := by.create(ctx, fmt.Sprintf("SAME%07d", i))
		return err
	}
	for _, latency := range []time.Duration{0, 100 * time.Millisecond} {
		s.graph.SetLatency(latency)
		for _, n := range []int{1, 4, 16, mostClients} {
			if err := w.measure(ctx, b, fmt.Sprintf("creates, Graph takes %v", latency), 2, n, create); err != nil {
				return err
			}
		}
	}
	for _, n := range []int{1, 16} {
		err := w.measure(ctx, b, "looks at a colleague's meeting, audited", 1, n, func(int) error {
			_, _, err := reader.get(ctx, theirs)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// measure runs the write callback in n concurrent clients and adds a row with the results.
// The parameter commits is the number of durable commits that a write makes if it shares
// none with other writes.
func (w *writers) measure(ctx context.Context, b *bench, name string, commits, n int, write func(i int) error) error {
	b.say("%s: %d at once", name, n)
	var (
		done, bare           int
		took, bareTook, used time.Duration
		wrote                int64
	)
	pid := w.site.desk.pid()
	for range writeRounds {
		before, err := writtenBytes(pid)
		if err != nil {
			return err
		}
		began, first := time.Now(), w.next
		spent, err := cpuOf(w.site.desk.cpu, func() error {
			n, err := inParallel(n, math.MaxInt, began.Add(writeRound), func(i int) error { return write(first + i) })
			w.next += n
			return err
		})
		if err != nil {
			return err
		}
		after, err := writtenBytes(pid)
		if err != nil {
			return err
		}
		wrote += after - before
		done, took, used = done+w.next-first, took+time.Since(began), used+spent
		for began := time.Now(); time.Since(began) < writeRound/2; bare++ {
			each, err := w.floor.commit(ctx, commits)
			if err != nil {
				return err
			}
			bareTook += each
		}
	}
	rate, floor := float64(done)/took.Seconds(), float64(bare)/bareTook.Seconds()
	b.table.add(row{
		figure:  fmt.Sprintf("%s: %d at once", name, n),
		value:   fmt.Sprintf("%.0f per second, %s CPU, %d KB written", rate, ms(used/time.Duration(done)), wrote/int64(done)/1000),
		peer:    fmt.Sprintf("%.0f times %s alone", floor, plural(commits, "durable commit")),
		against: fmt.Sprintf("%.2f times", rate/floor),
	})
	return nil
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}
