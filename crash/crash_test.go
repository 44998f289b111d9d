package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"meetdesk/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// fewRounds and manyRounds are the minimum and the maximum number of rounds. Even on a slow
// machine, isComplete must return true within manyRounds rounds.
const fewRounds, manyRounds = 5, 20

// TestCrash runs a few rounds and then damages copies of the data. The checks must find
// the damage. "make crash ROUNDS=500" runs more rounds.
func TestCrash(t *testing.T) {
	testenv.SkipUnlessLong(t)
	dir := t.TempDir()
	binary, err := build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	words, err := readStates()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSeries(binary, dir, 1, words, newTotal(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64N(1 << 32)
	rng := rand.New(rand.NewPCG(seed, 0))
	for n := fewRounds; n == fewRounds || !s.total.isComplete(); n = 1 {
		if err := s.run(t.Context(), rng, n); err != nil || s.total.failed() || s.total.rounds > manyRounds {
			t.Fatalf("seed %d: %v, %v", seed, err, s.total)
		}
	}
	t.Logf("seed %d: %v", seed, s.total)
	findDamage(t, s)
}

// isComplete reports whether the desk was killed at least three times and at least one
// action of each kind was acknowledged.
func (t *total) isComplete() bool {
	kinds := []string{"recorded", "created", "changed", "options", "removed", "handed over", "noted", "marked as sent", "refreshed", "adopted"}
	return t.deskKills > 2 && !slices.ContainsFunc(kinds, func(kind string) bool { return t.acknowledged[kind] == 0 })
}
