package main

import (
	"cmp"
	"fmt"
	"time"
)

// figure is one measurement of a desk with many meetings.
type figure struct {
	name   string // the same at every size
	note   string // what was measured in detail
	value  time.Duration
	median time.Duration // of the 99th percentile; 0 if it was not measured
	floor  time.Duration // 0 for none
	share  float64       // goal: at most floor divided by this; 0 for none
	under  time.Duration // goal: less than this; 0 for none
	grows  bool          // its growth has a goal
}

// steady returns the value that can be compared between runs. The slowest of a few
// hundred requests often depend on other programs.
func (f figure) steady() time.Duration { return cmp.Or(f.median, f.value) }

const (
	floorShare  = 0.6
	growthGoal  = 1.5
	searchGoal  = 5 * time.Millisecond
	readersGoal = 20 * time.Millisecond
)

// row returns the figure's line in the table, with the same figure of a smaller
// database if there is one.
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
