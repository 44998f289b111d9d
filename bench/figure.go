package main

import (
	"cmp"
	"fmt"
	"time"
)

type figure struct {
	name   string // the same for every number of meetings
	note   string
	size   int64 // size of the page as sent, in bytes; 0 if it was not measured
	value  time.Duration
	median time.Duration // the median, if value is the 99th percentile; otherwise 0
	// floor is the time of the bare server or, if median is set, of requests for idlePath. It
	// is 0 if neither was measured.
	floor time.Duration
	most  float64       // goal: value <= most*floor; 0 for no goal
	under time.Duration // goal: value < under; 0 for no goal
	grows bool          // whether growthGoal applies
}

// steady returns the value from which growth is computed. This is the median if it is set,
// because other load often distorts the 99th percentile.
func (f figure) steady() time.Duration { return cmp.Or(f.median, f.value) }

const (
	// Goals for pages, as multiples of the floor.
	listGoal    = 1.5
	meetingGoal = 2 // also the goal for exact hits and ticket links
	auditedGoal = 2.5

	searchFloorGoal = 3 // for searches, as a multiple of a bare list

	growthGoal  = 1.5
	searchGoal  = 5 * time.Millisecond
	readersGoal = 20 * time.Millisecond
)

// row returns the table row for the figure. If the figure was also measured with fewer
// meetings, the row shows its growth.
func (f figure) row(smaller []figure) row {
	r := row{figure: f.name, value: ms(f.value), goal: f.goal()}
	if f.note != "" {
		r.figure += ", " + f.note
	}
	if f.size > 0 {
		r.figure += ", " + kb(f.size)
	}
	switch {
	case f.floor > 0 && f.median == 0:
		r.peer, r.against = ms(f.floor)+" a bare server", fmt.Sprintf("%.2f times", float64(f.value)/float64(f.floor))
	case f.median > 0:
		r.peer = fmt.Sprintf("%s the median; %s /favicon.ico meanwhile", ms(f.median), ms(f.floor))
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
	case f.most > 0:
		return goal(fmt.Sprintf("at most %.1f times", f.most), float64(f.value) <= f.most*float64(f.floor))
	case f.under > 0:
		return goal(fmt.Sprintf("under %d ms", f.under.Milliseconds()), f.value < f.under)
	}
	return ""
}
