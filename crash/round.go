package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// blow is a way to stop the desk, the emulator or both.
type blow int

const (
	killDesk      blow = iota // SIGKILL
	killEmulator              // SIGKILL
	killBoth                  // SIGKILL for the desk, then for the emulator
	killStopping              // SIGTERM for the desk, then SIGKILL during the shutdown
	killStarting              // SIGKILL for the desk, then again during the restart
	terminateDesk             // SIGTERM alone
)

// likely lists the blows from which strike chooses. Duplicate entries increase the
// probability of a blow.
var likely = []blow{killDesk, killDesk, killDesk, killEmulator, killEmulator, killEmulator, killEmulator, killBoth, killStopping, killStopping, killStarting, killStarting, terminateDesk}

// Upper limits for random durations.
const (
	maxQuiet = 700 * time.Millisecond // from the beginning of the round, or the last restart, until processes are stopped
	maxDying = 60 * time.Millisecond  // from SIGTERM to SIGKILL
	maxBirth = 250 * time.Millisecond // from the start to SIGKILL
)

func random(rng *rand.Rand, limit time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(limit)))
}

type round struct {
	*series
	rng *rand.Rand
}

// run stops and restarts processes while users work. It then retries or dismisses all
// unfinished attempts and runs the checks.
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

// begin starts the processes that are not running. It may first start and kill the desk a
// few times or make it reindex everything. In the first round of a series, it always kills
// the desk a few times, because the desk then creates its database.
func (r *round) begin(ctx context.Context) error {
	if r.site.em == nil {
		if err := r.site.runEmulator(ctx); err != nil {
			return err
		}
	}
	starts := r.rng.IntN(4) - 1
	if r.site.desk == nil {
		starts = 2 + r.rng.IntN(6) // several, because migrations take time
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

// interruptStart starts a process and kills it, usually before it is ready.
func (r *round) interruptStart(start func() error, kill func()) error {
	if err := start(); err != nil {
		return err
	}
	time.Sleep(random(r.rng, maxBirth))
	kill()
	return nil
}

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

// prepare creates meetings outside the desk and chooses the emulator's latency, switches
// and failures at random.
func (r *round) prepare(ctx context.Context) error {
	for _, p := range r.people[:2] { // the access policy covers these users
		s := slot{p.upn, r.ticket("OUT")}
		title := "Outside " + r.word()
		join, err := r.site.createOutside(ctx, p.objectID, s.externalID, title)
		if err != nil {
			return err
		}
		r.ledger.ask(s, &sentForm{wants: values{subject: title}})
		r.ledger.mu.Lock()
		r.ledger.outside[s] = join
		r.ledger.mu.Unlock()
	}
	r.site.latency = random(r.rng, 40*time.Millisecond)
	r.site.switches = map[string]any{"SimultaneousConflict": r.rng.IntN(4) == 0}
	r.site.pendingFaults = randomFaults(r.rng)
	return r.site.configure(ctx)
}

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

// fall stops processes in the given way, restarts them, and waits until they are ready.
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
