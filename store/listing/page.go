package listing

import (
	"context"
	"slices"
	"time"

	"meetdesk/meeting"
)

// Page is one page of a list.
type Page struct {
	Rows   []meeting.Listed // in the order of the list
	Before Cursor           // where the previous page ends; zero if there is no previous page
	After  Cursor           // where the next page begins; zero if there is no next page

	// If reading stopped at a limit before the page was full, Examined is the time of the
	// last candidate that was examined. Otherwise, it is zero.
	Examined time.Time
	// IsMatchLimit is true if reading stopped because 1,000 matches of a search had been
	// examined.
	IsMatchLimit bool
}

// History returns a page of the list. The page is empty if there is a search text but it
// contains no letters or digits.
func (l *Lists) History(ctx context.Context, c Criteria) (p Page, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	r, ok, err := l.resolve(ctx, c)
	if err != nil || !ok {
		return p, err
	}
	rows, err := l.db.rows(ctx, r, c.Limit+1) // one extra row shows whether there is another page
	if err != nil {
		return p, err
	}
	first := c.At
	var last Cursor
	if len(rows) > c.Limit {
		rows = rows[:c.Limit]
		last = r.order.cursor(&rows[c.Limit-1])
	} else if last, p.Examined, err = l.examinedTo(ctx, r); err != nil {
		return p, err
	}
	p.IsMatchLimit = r.isSearch() && !r.Deep && !p.Examined.IsZero() && last != Cursor{ID: r.bound}
	switch {
	case first == Cursor{}:
	case len(rows) > 0:
		first = r.order.cursor(&rows[0])
	default: // the page is empty, so the row at l.At belongs to the previous page
		first = r.inclusive()
	}
	if p.Rows, p.Before, p.After = rows, first, last; c.Back {
		slices.Reverse(p.Rows)
		p.Before, p.After = last, first
	}
	return p, nil
}

// examinedTo returns the position and the time at which reading stopped, for a page that is
// not full. end is zero if nothing is left to read.
func (l *Lists) examinedTo(ctx context.Context, r list) (end Cursor, at time.Time, err error) {
	if r.isFiltered() {
		m, ok, err := l.db.candidate(ctx, r, r.candidates(0))
		if err != nil {
			return end, at, err
		}
		if ok {
			return r.order.cursor(&m), r.order.time(&m), nil
		}
	}
	if r.bound == 0 {
		return end, at, nil
	}
	at, err = l.db.createdFrom(ctx, r.bound)
	return Cursor{ID: r.bound}, at, err
}

// AttendeesOf returns the names and addresses of each meeting's attendees. It omits
// attendees whom the person may not see.
func (l *Lists) AttendeesOf(ctx context.Context, c Criteria, meetingIDs []int64) (found map[int64][]meeting.Attendee, err error) {
	ctx, done := l.limited(ctx)
	defer done(&err)
	return l.db.attendees(ctx, c, meetingIDs)
}
