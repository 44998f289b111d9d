package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"meetdesk/testenv"
)

const spreadRows = 30_000

// spread returns a history and all its meetings. Tests share them, because generating the
// meetings takes a long time.
var spread = sync.OnceValues(func() (*history, []recorded) { return made(spreadRows) })

func made(n int) (h *history, list []recorded) {
	h = &history{population: newPopulation(), rows: n, until: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	for i := range h.people {
		h.people[i].ID = int64(i + 1)
	}
	h.quiet.ID = organizers
	for i := range n {
		list = append(list, h.made(i))
	}
	return h, list
}

func TestSpreadOfMeetings(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	const n = spreadRows
	h, list := spread()
	_, again := made(n)
	by, states, attendees := map[string]int{}, map[string]int{}, 0
	external, graphIDs := map[string]bool{}, map[string]bool{}
	for i, r := range list {
		if r.Asked.Subject != again[i].Asked.Subject || r.FormKey != again[i].FormKey {
			t.Fatalf("meeting %d differs when it is generated again", i)
		}
		by[r.Organizer.UPN]++
		attendees += len(r.Asked.Attendees)
		states[string(r.State)]++
		states[string(r.Origin)]++
		states[string(r.Later)]++
		if r.Actor.ID != r.Organizer.ID {
			states["made for another"]++
		}
		states["handed over"] += len(r.HandedOver)
		if strings.HasSuffix(r.Asked.ExternalID, "~2") {
			states["second"]++
		}
		if key := r.Organizer.UPN + " " + r.Asked.ExternalID; r.Asked.ExternalID != "" && r.Later == "" {
			if external[key] {
				t.Errorf("twice: %s", key)
			}
			external[key] = true
		}
		if r.Reply != nil {
			if graphIDs[r.Reply.GraphID] {
				t.Errorf("twice: %s", r.Reply.GraphID)
			}
			graphIDs[r.Reply.GraphID] = true
			if size := len(r.Reply.Raw); size < 400 || size > 2500 {
				t.Errorf("the size of a reply is %d bytes", size)
			}
		}
		if r.BegunAt.After(h.until) || r.BegunAt.Before(h.until.Add(-years-time.Hour)) {
			t.Errorf("a meeting was created at %s, outside the history", r.BegunAt)
		}
	}
	if got := by[staffMember]; got < 50 || got > 70 {
		t.Errorf("the quiet organizer has %d meetings, want about 60", got)
	}
	if len(by) < 1900 || by[helpDesk] == 0 {
		t.Errorf("%d organizers, the help desk with %d", len(by), by[helpDesk])
	}
	within(t, "the busiest organizer", float64(by[busyMember])/n, 0.04, 0.06)
	within(t, "attendees a meeting", float64(attendees)/n, 2.5, 3.5)
	for name, share := range map[string]float64{
		"failed": 0.015, "unfinished": 0.005, "removed": 0.02, "replaced": 0.001, "found": 0.06, "adopted": 0.015, "made for another": 0.01, "handed over": 0.01, "second": 0.04,
	} {
		within(t, name, float64(states[name])/n, share*0.6, share*1.5)
	}
}

func TestSpreadOfWords(t *testing.T) {
	testenv.SkipIfShort(t)
	const n = spreadRows
	in, both := map[string]int{}, map[pair]int{} // number of subjects that contain the word, or both words of the pair
	_, list := spread()
	for _, r := range list {
		subject := r.Asked.Subject
		if r.Reply != nil {
			subject = r.Reply.Subject
		}
		words := strings.Fields(strings.ToLower(subject))
		if len(words) < 3 || len(words) > 9 {
			t.Fatalf("%d words: %q", len(words), words)
		}
		slices.Sort(words)
		for _, w := range slices.Compact(words) {
			in[w]++
		}
		for _, p := range slices.Concat(apart, together) {
			if slices.Contains(words, p[0]) && slices.Contains(words, p[1]) {
				both[p]++
			}
		}
	}
	within(t, "the commonest word", float64(max(in[apart[0][0]], in[apart[0][1]]))/n, 0.08, 0.13)
	for _, p := range apart {
		within(t, p[0], float64(in[p[0]])/n, 0.05, 0.13)
		within(t, p[1], float64(in[p[1]])/n, 0.05, 0.13)
		if both[p] > 0 {
			t.Errorf("%v are in %d subjects together, want none", p, both[p])
		}
	}
	for _, p := range together {
		within(t, p[0]+" with "+p[1], float64(both[p])/n, 0.02, 0.1)
	}
	rare := 0
	for w, times := range in {
		if !slices.Contains(vocabulary, w) {
			rare++
			if times > 25 {
				t.Errorf("the rare word %q is in %d subjects", w, times)
			}
		}
	}
	if rare < 5000 {
		t.Errorf("only %d rare words", rare)
	}
}

// TestWordsOfPairsAreNoPrefixes checks that no word of a pair is a prefix of another word.
// A search matches prefixes, so it would find the other word too.
func TestWordsOfPairsAreNoPrefixes(t *testing.T) {
	others := slices.Concat(vocabulary, firstNames, lastNames, domains, syllables)
	for _, p := range slices.Concat(apart, together) {
		for _, w := range p {
			count := 0
			for _, other := range others {
				if strings.HasPrefix(folded(other), folded(w)) {
					count++
				}
			}
			if count != 1 {
				t.Errorf("%d words begin with %q, want itself alone", count, w)
			}
		}
	}
}

func TestTailWordsDiffer(t *testing.T) {
	seen := map[string]int{}
	for n := range 200_000 {
		w := folded(tailWord(n))
		if other, ok := seen[w]; ok {
			t.Fatalf("%d and %d are both %q", other, n, w)
		}
		seen[w] = n
	}
}

// folded returns the word as the index stores it: in lower case and without accents.
func folded(w string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(w)))
}

func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %.4f, want %.4f to %.4f", what, got, low, high)
	}
}
