package listing

import (
	"math"
	"time"

	"meetdesk/meeting"
)

// Cursor is a position in a list: the sort key of a row. A page that begins at a cursor
// neither repeats nor skips a row, even if rows have been inserted since the cursor was
// returned.
type Cursor struct {
	Start int64 // the meeting's start in milliseconds, or its creation time if it has no start; only for ByStart
	ID    int64
}

func (o Order) time(m *meeting.Listed) time.Time {
	if o == ByStart && !m.Start.IsZero() {
		return m.Start
	}
	return m.CreatedAt
}

func (o Order) cursor(m *meeting.Listed) Cursor {
	if o == ByStart {
		return Cursor{Start: o.time(m).UnixMilli(), ID: m.ID}
	}
	return Cursor{ID: m.ID}
}

// isDescending reports whether the sort key decreases as the list is read.
func (l list) isDescending() bool {
	isSoonestFirst := l.order == ByStart && (l.Soonest || l.Filter.State == Upcoming)
	return isSoonestFirst == l.Back
}

func (l list) direction() (compare, order string) {
	if l.isDescending() {
		return " < ", " DESC"
	}
	return " > ", " ASC"
}

// start returns the position after which reading begins.
func (l list) start() Cursor {
	if l.At == (Cursor{}) && l.isDescending() {
		return Cursor{Start: math.MaxInt64, ID: math.MaxInt64}
	}
	if l.At == (Cursor{}) {
		return Cursor{Start: math.MinInt64}
	}
	return l.At
}

// inclusive returns the cursor for reading from l.At in the opposite direction. Unlike
// l.At itself, this cursor includes the row at l.At.
func (l list) inclusive() Cursor {
	at := l.At
	if !l.isDescending() {
		at.ID++
	} else if at.ID--; at == (Cursor{}) {
		at.ID-- // a position before all rows; the zero Cursor would mean the first page
	}
	return at
}
