package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"meetdesk/emulator"
)

const (
	importLatency = 100 * time.Millisecond // latency of each call to Graph
	importWorkers = 8                      // as many as the desk uses for one import

	freeRows  = 2000 // number of rows in the import without a rate limit; the file has importSize bytes
	freeShare = 1.15 // goal, as a multiple of the time that a bare client takes

	limitedRows  = 500
	limitedRate  = 10   // calls per second that Graph allows
	limitedShare = 1.25 // goal, as a multiple of the time for limitedRows calls at limitedRate

	importSize   = 5 << 20 // maximum size of an uploaded file, in bytes
	importMemory = 40 << 20
)

// importing measures two imports: one limited by Graph's latency, and one limited by
// Graph's throttling.
func (b *bench) importing(ctx context.Context) error {
	for _, part := range []func(context.Context, *site) error{b.importFree, b.importLimited} {
		s, err := b.startSite(ctx, filepath.Join(b.dir, fmt.Sprintf("import-%d", len(b.table))))
		if err != nil {
			return err
		}
		if err := errors.Join(part(ctx, s), s.stop()); err != nil {
			return err
		}
	}
	return nil
}

// importFree imports a file of the maximum size while browsers open pages.
func (b *bench) importFree(ctx context.Context, s *site) error {
	person, reader := newBrowser(s.url), newBrowser(s.url)
	defer person.close()
	defer reader.close()
	if err := errors.Join(person.signIn(ctx, staffMember), reader.signIn(ctx, helpDesk)); err != nil {
		return err
	}
	first, _, err := person.create(ctx, "FIRST")
	if err != nil {
		return err
	}
	idle, err := residentMemory(s.desk.pid())
	if err != nil {
		return err
	}
	b.say("import of %d rows, %v a call, while people read", freeRows, importLatency)
	s.graph.SetLatency(importLatency)
	offset, err := s.desk.logSize()
	if err != nil {
		return err
	}
	page, err := person.upload(ctx, "exams.csv", importTable("FREE", freeRows, importSize))
	if err != nil {
		return err
	}
	var reads int
	run, err := s.runImport(ctx, person, page, func(ctx context.Context) (err error) {
		reads, err = readMeanwhile(ctx, reader, person, first, page)
		return err
	})
	if err != nil {
		return err
	}
	pages, err := s.desk.loggedSince(ctx, offset, reads, isRead)
	if err != nil {
		return err
	}
	peak, err := peakMemory(s.desk.pid())
	if err != nil {
		return err
	}
	b.say("the same calls by a bare client")
	bare, err := s.bareCalls(ctx, freeRows)
	if err != nil {
		return err
	}
	share := run.took.Seconds() / bare.Seconds()
	b.table.add(row{
		figure: fmt.Sprintf("import: %d rows, %d failed", freeRows, run.failed), value: seconds(run.took),
		peer: seconds(bare) + " the same calls by a bare client", against: fmt.Sprintf("%.2f times", share), goal: goal("at most 1.15 times", share <= freeShare && run.failed == 0),
	})
	slow := quantile(pages, 0.99)
	b.table.add(row{
		figure: fmt.Sprintf("import: %d pages meanwhile, 99th percentile", len(pages)), value: ms(slow),
		peer: ms(median(pages)) + " the median", goal: goal("under 20 ms", slow < readersGoal),
	})
	b.table.add(row{
		figure: "import: peak of memory, file of 5 MB", value: mb(peak),
		peer: mb(idle) + " idle", against: "+" + mb(peak-idle), goal: goal("at most 40 MB more", peak-idle <= importMemory),
	})
	return nil
}

func (b *bench) importLimited(ctx context.Context, s *site) error {
	b.say("import of %d rows, %d calls a second", limitedRows, limitedRate)
	person := newBrowser(s.url)
	defer person.close()
	if err := person.signIn(ctx, staffMember); err != nil {
		return err
	}
	s.graph.SetLatency(importLatency)
	s.graph.SetSwitches(emulator.Switches{MaxPerSecond: limitedRate})
	page, err := person.upload(ctx, "exams.csv", importTable("LIMITED", limitedRows, 0))
	if err != nil {
		return err
	}
	run, err := s.runImport(ctx, person, page, func(context.Context) error { return nil })
	if err != nil {
		return err
	}
	ideal := limitedRows * time.Second / limitedRate
	share := run.took.Seconds() / ideal.Seconds()
	b.table.add(row{
		figure: fmt.Sprintf("import: %d rows at %d a second, %d failed", limitedRows, limitedRate, run.failed), value: seconds(run.took),
		peer: seconds(ideal) + " without a refusal", against: fmt.Sprintf("%.2f times", share), goal: goal("at most 1.25 times", share <= limitedShare && run.failed == 0),
	})
	b.table.add(row{figure: "import: calls that Graph refused", value: fmt.Sprint(run.refused), peer: fmt.Sprintf("%d calls", run.calls)})
	return nil
}
