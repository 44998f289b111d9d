package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"syscall"
	"time"

	"meetdesk/store"
)

// The cost of creating a meeting is compared between two databases: a small one and one
// with b.rows meetings.
const (
	smallRows = 10_000
	compared  = 1000 // number of creates in each database
)

// createCost measures creates in one database. The fields wall and cpu hold the elapsed
// time and the CPU time of each create.
type createCost struct {
	life *life
	next int // the number of the next meeting
	wall []time.Duration
	cpu  []time.Duration
}

// creating compares creates in a large database with creates in a small one. It alternates
// between the databases, so that other load affects both equally.
func (b *bench) creating(ctx context.Context) (err error) {
	var sides []*createCost
	for _, rows := range []int{smallRows, b.rows} {
		f, err := b.fill(ctx, filepath.Join(cmp.Or(b.keep, b.dir), fmt.Sprintf("rows-%d", rows)), rows)
		if err != nil {
			return err
		}
		next, err := countMeetings(ctx, filepath.Join(f.data, databaseFile))
		if err != nil {
			return err
		}
		l := &life{history: f.history, random: rand.New(rand.NewPCG(seed, 3))}
		if l.store, err = store.Open(ctx, store.Options{Dir: f.data, Keys: [][]byte{make([]byte, 32)}, Now: func() time.Time { return l.now }}); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, l.store.Close()) }()
		sides = append(sides, &createCost{life: l, next: next})
	}
	for range compared {
		for _, side := range sides {
			if err := side.create(ctx); err != nil {
				return err
			}
		}
	}
	small, large := sides[0], sides[1]
	for _, f := range []struct {
		name         string
		small, large []time.Duration
	}{{"CPU time", small.cpu, large.cpu}, {"time", small.wall, large.wall}} {
		of, than := median(f.large), median(f.small)
		b.table.add(row{fmt.Sprintf("create with %d meetings: %s", b.rows, f.name), fmt.Sprintf("%.2f ms", of.Seconds()*1000),
			fmt.Sprintf("%.2f ms with %d meetings", than.Seconds()*1000, smallRows), fmt.Sprintf("%.2f times", float64(of)/float64(than)), "", ""})
	}
	return nil
}

func (c *createCost) create(ctx context.Context) error {
	one := c.life.made(c.next)
	c.next++
	c.life.now = one.BegunAt
	if one.Reply != nil {
		one.Reply.OrganizerID = one.Organizer.ObjectID
		one.Reply.Raw = fullDocument(one.Reply.Details)
	}
	began, used := time.Now(), usedCPU()
	_, err := c.life.attempt(ctx, one.Intention, one.Result)
	c.wall, c.cpu = append(c.wall, time.Since(began)), append(c.cpu, usedCPU()-used)
	return err
}

func usedCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
