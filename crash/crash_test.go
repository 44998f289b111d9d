package main

import (
	"math/rand/v2"
	"testing"

	"meetdesk/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// TestCrash runs a few rounds, and then checks that damage to their result is found.
// "make crash ROUNDS=500" runs more.
func TestCrash(t *testing.T) {
	testenv.SkipUnlessLong(t)
	s := rounds(t, 5)
	if s.total.deskKills < 3 {
		t.Errorf("the desk was killed %d times in 5 rounds", s.total.deskKills)
	}
	for _, kind := range []string{"recorded", "created", "changed", "options", "removed", "handed over", "noted", "marked as sent", "refreshed", "adopted"} {
		if s.total.acknowledged[kind] == 0 {
			t.Errorf("nobody was told that anything was %s", kind)
		}
	}
	t.Run("damage", func(t *testing.T) { findDamage(t, s) })
}

// rounds runs some rounds, which must find nothing, and returns their series. Its
// processes have ended, and its files are still there.
func rounds(t *testing.T, n int) *series {
	t.Helper()
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
	err = s.run(t.Context(), rand.New(rand.NewPCG(seed, 0)), n)
	t.Logf("seed %d: %v", seed, s.total)
	if err != nil || s.total.failed() {
		t.Fatal(err, s.total.found)
	}
	return s
}
