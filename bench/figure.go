package main

import (
	"cmp"
	"fmt"
	"time"
)

// figure is one measurement of a desk with many meetings.
type figure struct {
	name   string // the same at every size
	note   string // what it turned out to be
	value  time.Duration
	median time.Duration // of a 99th percentile; 0: it is none
	floor  time.Duration // 0: none
	share  float64       // goal: at most the floor divided by this; 0: none
	under  time.Duration // goal: less than this; 0: none
	grows  bool          // there is a goal for its growth
}

// steady is what of the figure can be compared between runs: of a few hundred
// requests the slowest are the neighbours' doing as often as not.
func (f figure) steady() time.Duration { return cmp.Or(f.median, f.value) }

const (
	floorShare  = 0.6
	growthGoal  = 1.5
	searchGoal  = 5 * time.Millisecond
	readersGoal = 20 * time.Millisecond
)

// row is the figure's line in the table, beside the same figure of a smaller
// database where there is one.
func (f figure) row(smaller []figure) row {
	r := row{figure: f.name, value: ms(f.value), goal: f.goal()}
	if f.note != "" {
		r.figure += ", " + f.note
	}
	switch {
	case f.floor > 0 && f.median == 0:
		r.beside, r.against = ms(f.floor)+" bare queries", fmt.Sprintf("%.2f times", float64(f.value)/float64(f.floor))
	case f.median > 0:
		r.beside = fmt.Sprintf("%s the median; %s /healthz meanwhile", ms(f.median), ms(f.floor))
	}
	for _, s := range smaller {
		if s.name != f.name || s.steady() <= 0 {
			continue
		}
		growth := float64(f.steady()) / float64(s.steady())
		r.growth = fmt.Sprintf("%.2f times", growth)
		if f.median > 0 {
			r.growth += " the median"
		}
		if s.note != f.note {
			r.growth += " (" + s.note + " before)"
		}
		if f.grows {
			r.goal += "; " + goal("growth 1.5", growth <= growthGoal)
		}
	}
	return r
}

func (f figure) goal() string {
	switch {
	case f.share > 0:
		return goal(fmt.Sprintf("floor ÷ %.1f", f.share), float64(f.value) <= float64(f.floor)/f.share)
	case f.under > 0:
		return goal(fmt.Sprintf("under %d ms", f.under.Milliseconds()), f.value < f.under)
	}
	return ""
}
