package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// blow is a way of stopping one or both processes.
type blow int

const (
	killDesk      blow = iota // SIGKILL
	killEmulator              // SIGKILL
	killBoth                  // SIGKILL for the desk, and then for the emulator
	killStopping              // SIGTERM for the desk, and SIGKILL while it shuts down
	killStarting              // SIGKILL for the desk, and again while it starts
	terminateDesk             // SIGTERM alone
)

// likely lists all blows. A blow that is listed more often is more likely.
var likely = []blow{killDesk, killDesk, killDesk, killEmulator, killEmulator, killEmulator, killEmulator, killBoth, killStopping, killStopping, killStarting, killStarting, terminateDesk}

// Upper limits for random durations.
const (
	maxQuiet = 700 * time.Millisecond // from the beginning of the round, or from the last start, until processes are stopped
	maxDying = 60 * time.Millisecond  // from SIGTERM to SIGKILL
	maxBirth = 250 * time.Millisecond // from the start to SIGKILL
)

// random returns a random duration up to the limit.
func random(rng *rand.Rand, limit time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(limit)))
}

// round is one round of a series.
type round struct {
	*series
	rng *rand.Rand
}

// run stops processes while people work. Then it finishes everything that is unfinished,
// and runs all checks.
func (r *round) run(ctx context.Context) error {
	if err := r.begin(ctx); err != nil {
		return err
	}
	if err := r.work(ctx); err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	if err := r.checkPages(ctx); err != nil {
		return err
	}
	if err := r.checkMicrosoft(ctx); err != nil {
		return err
	}
	if err := r.end(ctx); err != nil {
		return err
	}
	if err := r.checkSessions(); err != nil {
		return err
	}
	return r.checkDatabase(ctx)
}

// begin starts the processes that are not running. Sometimes it first starts and kills
// the desk a few times, or makes the desk reindex everything. It always kills the desk in
// the first round of a series, when the desk has no database yet.
func (r *round) begin(ctx context.Context) error {
	if r.site.em == nil {
		if err := r.site.runEmulator(ctx); err != nil {
			return err
		}
	}
	starts := r.rng.IntN(4) - 1
	if r.site.desk == nil {
		starts = 2 + r.rng.IntN(6) // several, because migrations take a moment
	} else if r.rng.IntN(6) == 0 {
		starts++
		if err := r.site.forgetIndex(ctx); err != nil {
			return err
		}
	}
	for range starts {
		if err := r.interruptStart(r.site.startDesk, r.site.killDesk); err != nil {
			return err
		}
	}
	return r.site.runDesk(ctx)
}

// interruptStart starts a process and kills it a moment later, usually before it is
// ready.
func (r *round) interruptStart(start func() error, kill func()) error {
	if err := start(); err != nil {
		return err
	}
	time.Sleep(random(r.rng, maxBirth))
	kill()
	return nil
}

// work stops and restarts processes while people work.
func (r *round) work(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	until, stop := context.WithCancel(ctx)
	defer stop()
	var working sync.WaitGroup
	for _, t := range r.tabs() {
		working.Go(func() { t.work(until) })
	}
	err := r.strike(ctx)
	stop()
	working.Wait()
	return err
}

// prepare creates meetings outside the desk. It also chooses the emulator's latency,
// switches and failures at random.
func (r *round) prepare(ctx context.Context) error {
	for _, p := range r.people[:2] { // the access policy covers these people
		s := slot{p.upn, r.ticket("OUT")}
		subject := "Outside " + r.word()
		join, err := r.site.createOutside(ctx, p.objectID, s.externalID, subject)
		if err != nil {
			return err
		}
		r.ledger.ask(s, sentForm{subject: subject})
		r.ledger.mu.Lock()
		r.ledger.outside[s] = join
		r.ledger.mu.Unlock()
	}
	r.site.latency = random(r.rng, 40*time.Millisecond)
	r.site.switches = map[string]any{"SimultaneousConflict": r.rng.IntN(4) == 0}
	r.site.pendingFaults = randomFaults(r.rng)
	return r.site.configure(ctx)
}

// tabs returns two tabs for each person.
func (r *round) tabs() (tabs []*tab) {
	shared := []string{r.ticket("INC"), r.ticket("CHG-")}
	for _, p := range r.people {
		for range 2 {
			tabs = append(tabs, &tab{
				person: p, rng: rand.New(rand.NewPCG(r.rng.Uint64(), r.rng.Uint64())), ledger: r.ledger, others: r.people,
				word: r.word, ticket: r.ticket, life: r.site.lives.Load, shared: shared, report: r.report, sessionEnded: r.sessionEnded,
			})
		}
	}
	return tabs
}

// strike stops processes and starts them again, one to three times.
func (r *round) strike(ctx context.Context) error {
	for range 1 + r.rng.IntN(3) {
		time.Sleep(random(r.rng, maxQuiet))
		if err := r.fall(ctx, likely[r.rng.IntN(len(likely))]); err != nil {
			return err
		}
	}
	time.Sleep(random(r.rng, maxQuiet/2))
	return r.site.crashed()
}

// fall stops processes in the given way and starts them again. It returns when they
// are ready.
func (r *round) fall(ctx context.Context, b blow) error {
	switch b {
	case killDesk, killStarting:
		r.site.killDesk()
	case killEmulator:
		r.site.killEmulator()
	case killBoth:
		r.site.killDesk()
		r.site.killEmulator()
	case killStopping:
		if !r.site.desk.terminate(random(r.rng, maxDying)) {
			r.site.killDesk()
		}
	case terminateDesk:
		if err := r.site.desk.stop(); err != nil {
			return err
		}
	}
	return r.rise(ctx, b)
}

// rise restarts the processes that fall has stopped.
func (r *round) rise(ctx context.Context, b blow) error {
	if b == killEmulator || b == killBoth {
		if r.rng.IntN(3) == 0 {
			if err := r.interruptStart(r.site.startEmulator, r.site.killEmulator); err != nil {
				return err
			}
		}
		if err := r.site.runEmulator(ctx); err != nil {
			return err
		}
	}
	if b == killEmulator {
		return nil
	}
	if b == killStarting {
		if err := r.interruptStart(r.site.startDesk, r.site.killDesk); err != nil {
			return err
		}
	}
	return r.site.runDesk(ctx)
}

// end stops the desk, half the time with SIGKILL.
func (r *round) end(ctx context.Context) error {
	if err := r.site.crashed(); err != nil {
		return err
	}
	if r.rng.IntN(2) == 0 {
		r.site.killDesk()
		return nil
	}
	if err := r.site.desk.stop(); err != nil {
		return fmt.Errorf("at the end of the round: %w", err)
	}
	return nil
}
