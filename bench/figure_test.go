package main

import (
	"errors"
	"testing"
	"time"
)

func TestFigureRow(t *testing.T) {
	ms := time.Millisecond
	smaller := []figure{{name: "page", note: "a list", value: 2 * ms}, {name: "search", value: ms, median: ms}}
	for _, tt := range []struct {
		name string
		f    figure
		want row
	}{
		{"within the floor", figure{name: "page", note: "a list", value: 2 * ms, floor: 2 * ms, most: 1.5, grows: true},
			row{figure: "page, a list", value: "2.00 ms", peer: "2.00 ms a bare server", against: "1.00 times", growth: "1.00 times", goal: "at most 1.5 times: met; growth 1.5: met"}},
		{"neither", figure{name: "page", note: "opened", value: 8 * ms, floor: 2 * ms, most: 1.5, grows: true},
			row{figure: "page, opened", value: "8.00 ms", peer: "2.00 ms a bare server", against: "4.00 times", growth: "4.00 times (a list before)", goal: "at most 1.5 times: MISSED; growth 1.5: MISSED"}},
		{"the median grows", figure{name: "search", value: 5 * ms, median: ms, floor: ms, under: 5 * ms, grows: true},
			row{figure: "search", value: "5.00 ms", peer: "1.00 ms the median; 1.00 ms /favicon.ico meanwhile", growth: "1.00 times the median", goal: "under 5 ms: MISSED; growth 1.5: met"}},
		{"measured once", figure{name: "other", value: 4 * ms, median: ms, floor: ms, under: 5 * ms, grows: true},
			row{figure: "other", value: "4.00 ms", peer: "1.00 ms the median; 1.00 ms /favicon.ico meanwhile", goal: "under 5 ms: met"}},
		{"no goal", figure{name: "other", value: 4 * ms, floor: ms}, row{figure: "other", value: "4.00 ms", peer: "1.00 ms a bare server", against: "4.00 times"}},
	} {
		if got := tt.f.row(smaller); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestGrowthFrom(t *testing.T) {
	for rows, want := range map[int]int{10_000: 10_000, 100_000: 10_000, 1_000_000: 10_000, 10_000_000: 1_000_000} {
		if got := growthFrom(rows); got != want {
			t.Errorf("growth of %d from %d, want %d", rows, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	if got := grouped("1234567890123"); got != "123 456 789 012 3" {
		t.Errorf("grouped returned %q", got)
	}
}

// TestInParallel checks that inParallel calls the function once for each number and that it
// stops after an error or at the deadline.
func TestInParallel(t *testing.T) {
	var calls [500]int
	later := time.Now().Add(time.Minute)
	done, err := inParallel(1, len(calls), later, func(i int) error { calls[i]++; return nil })
	if err != nil || done != len(calls) {
		t.Errorf("%d done, %v; want %d", done, err, len(calls))
	}
	for i, n := range calls {
		if n != 1 {
			t.Errorf("%d was called %d times", i, n)
		}
	}
	if done, err := inParallel(clients, 1000, later, func(int) error { return errors.New("refused") }); err == nil || done > clients {
		t.Errorf("%d done, %v; want a failure after %d at the most", done, err, clients)
	}
	if done, err := inParallel(clients, 1000, time.Now(), func(int) error { return nil }); done != 0 || err != nil {
		t.Errorf("%d done, %v; want none after the time was up", done, err)
	}
}
