package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"meetdesk/store"
)

// batch is the number of meetings per transaction.
const batch = 100_000

// filled is a data directory with many meetings.
type filled struct {
	data string
	rows int
	rate float64 // rows per second while filling; 0 if no meetings had to be added
	size int64   // size of the database in bytes
	*history
}

// fill adds meetings to the data directory until it contains the given number of meetings.
// If an earlier run was interrupted, fill continues where that run stopped.
func (b *bench) fill(ctx context.Context, data string, rows int) (f filled, err error) {
	f = filled{data: data, rows: rows, history: &history{population: newPopulation(), rows: rows, until: time.Now().UTC()}}
	path := filepath.Join(data, databaseFile)
	if err := f.register(ctx, data); err != nil {
		return f, err
	}
	filling, err := openBulk(path)
	if err != nil {
		return f, err
	}
	defer func() {
		err = errors.Join(err, filling.Close())
		if err == nil {
			err = b.restoreIndexes(ctx, path)
		}
		if info, statErr := os.Stat(path); statErr == nil {
			f.size = info.Size() // includes the log, which has been merged into the file
		}
	}()
	there, err := countMeetings(ctx, path)
	if err != nil {
		return f, err
	}
	if rows-there > 100_000 {
		if err := readyForMany(ctx, path); err != nil {
			return f, err
		}
	}
	making, stop := context.WithCancel(ctx) // stop ends the goroutine started by f.batches
	defer stop()
	begun, said, done := time.Now(), time.Now(), there
	for list := range f.batches(making, there) {
		if err := filling.record(ctx, list); err != nil {
			return f, err
		}
		if done += len(list); time.Since(said) > 10*time.Second {
			b.say("filling: %d of %d meetings", done, rows)
			said = time.Now()
		}
	}
	if err := ctx.Err(); err != nil {
		return f, err
	}
	if there < rows {
		f.rate = float64(rows-there) / time.Since(begun).Seconds()
	} else if left, err := leftFilling(ctx, path); err != nil || !left {
		return f, err
	}
	b.say("merging the full-text index")
	return f, filling.mergeIndex(ctx)
}

// register creates the database if it does not exist yet, and adds a row for each person.
func (h *history) register(ctx context.Context, data string) (err error) {
	s, err := store.Open(ctx, store.Options{Dir: data, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for i, u := range h.people {
		if h.people[i], err = s.Organizer(ctx, u); err != nil {
			return err
		}
	}
	h.quiet, err = s.Organizer(ctx, h.quiet)
	return err
}

// batches generates meetings in a separate goroutine, so that one batch is generated while
// the previous one is recorded. The parameter first is the number of the first meeting.
func (h *history) batches(ctx context.Context, first int) <-chan []recorded {
	made := make(chan []recorded)
	go func() {
		defer close(made)
		for ; first < h.rows; first += batch {
			var list []recorded
			for i := first; i < min(first+batch, h.rows); i++ {
				list = append(list, h.made(i))
			}
			select {
			case made <- list:
			case <-ctx.Done():
				return
			}
		}
	}()
	return made
}
