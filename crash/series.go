package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"meetdesk/emulator"
)

// The demo users who have access to the desk.
const (
	priya = "priya@contoso.example"
	tomas = "tomas@contoso.example"
	dana  = "dana@contoso.example"
	alex  = "alex@contoso.example"
)

const (
	lost       = "lost"       // a page reported something that is not true
	duplicated = "duplicated" // something exists twice
	stuck      = "stuck"      // an attempt cannot be finished
	broken     = "broken"     // the database or the index is inconsistent, or a process failed
)

type total struct {
	rounds, deskKills, emulatorKills, settled int
	primaryKills, refused                     int            // in a cluster: kills of the primary, and refresh tokens sent twice
	hits                                      map[string]int // number of injected faults, by kind
	acknowledged                              map[string]int
	found                                     map[string]int // findings by kind
}

func newTotal() *total {
	return &total{acknowledged: make(map[string]int), found: make(map[string]int), hits: make(map[string]int)}
}

// series is a sequence of rounds that use the same data directories.
type series struct {
	site   *site
	people []*person
	ledger *ledger
	words  atomic.Int64
	number int
	total  *total
	out    io.Writer
	ended  []string   // sessions that ended without a sign-out
	mu     sync.Mutex // protects total.found, out and ended
}

func newSeries(binary, dir string, number int, words states, t *total, out io.Writer) (*series, error) {
	s := &series{ledger: newLedger(), number: number, total: t, out: out}
	var err error
	if s.site, err = newSite(binary, filepath.Join(dir, fmt.Sprint("series-", number))); err != nil {
		return nil, err
	}
	for _, p := range emulator.Cast() {
		if len(p.Roles) > 0 {
			s.people = append(s.people, newPerson(p.UPN, p.ObjectID, s.site.url, words))
		}
	}
	return s, nil
}

// run runs the given number of rounds. It stops after a round with a finding.
func (s *series) run(ctx context.Context, rng *rand.Rand, rounds int) error {
	defer s.end()
	for range rounds {
		s.total.rounds++
		s.ledger.round = s.total.rounds
		r := &round{series: s, rng: rng}
		run := r.run
		if s.site.cluster != nil {
			run = r.runInCluster
		}
		if err := run(ctx); err != nil {
			return errors.Join(fmt.Errorf("round %d: %w", s.total.rounds, err), ctx.Err())
		}
		if s.total.failed() {
			return nil
		}
	}
	return nil
}

func (s *series) end() {
	s.site.close()
	s.total.deskKills += s.site.deskKills
	s.total.emulatorKills += s.site.emKills
	for kind, n := range s.ledger.counts {
		s.total.acknowledged[kind] += n
	}
	s.site.deskKills, s.site.emKills, s.ledger.counts = 0, 0, make(map[string]int)
}

// word returns a unique word. It contains only letters, so the desk cannot mistake it for
// a ticket.
func (s *series) word() string {
	var b strings.Builder
	b.WriteString("zq")
	for n := s.words.Add(1) + 1000; n > 0; n /= 20 {
		b.WriteByte("bcdfghjklmnpqrstvwxz"[n%20])
	}
	return b.String()
}

func (s *series) ticket(prefix string) string { return fmt.Sprintf("%s%07d", prefix, s.words.Add(1)) }

func (s *series) report(kind, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total.found[kind]++
	fmt.Fprintf(s.out, "round %d: %s: %s\n", s.total.rounds, strings.ToUpper(kind), fmt.Sprintf(format, args...))
}

func (r *round) tabOf(upn string) *tab {
	for _, p := range r.people {
		if p.upn == upn {
			return &tab{person: p, rng: r.rng, ledger: r.ledger, others: r.people, word: r.word, ticket: r.ticket, report: r.report, sessionEnded: r.sessionEnded}
		}
	}
	panic("nobody is called " + upn)
}

func (t *total) failed() bool { return len(t.found) > 0 }

// String returns the totals, followed by a line for each kind of cluster fault and
// acknowledged action.
func (t *total) String() string {
	acknowledged := 0
	for _, n := range t.acknowledged {
		acknowledged += n
	}
	line := fmt.Sprintf("rounds %d, kills %d (desk %d, emulator %d), acknowledged %d, lost %d, duplicated %d, unfinished settled %d",
		t.rounds, t.deskKills+t.emulatorKills, t.deskKills, t.emulatorKills, acknowledged, t.found[lost], t.found[duplicated], t.settled)
	if t.found[stuck]+t.found[broken] > 0 {
		line += fmt.Sprintf(", stuck %d, broken %d", t.found[stuck], t.found[broken])
	}
	if len(t.hits) > 0 {
		line += fmt.Sprintf("\nprimary kills %d, refresh tokens sent twice after a kill %d", t.primaryKills, t.refused)
	}
	for _, kind := range slices.Sorted(maps.Keys(t.hits)) {
		line += fmt.Sprintf("\n  %-16s %d", kind, t.hits[kind])
	}
	for _, kind := range slices.Sorted(maps.Keys(t.acknowledged)) {
		line += fmt.Sprintf("\n  %-16s %d", kind, t.acknowledged[kind])
	}
	return line
}
