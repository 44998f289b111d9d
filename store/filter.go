package store

import (
	"strconv"
	"time"

	"meetdesk/meeting"
)

// Filter is which meetings of a list are wanted.
type Filter struct {
	State  StateFilter
	Origin meeting.Origin // "" for any
}

// StateFilter is how a meeting stands now.
type StateFilter string

// The states to filter by; "" is any.
const (
	Upcoming   StateFilter = "upcoming"   // live, and its end has not passed
	Past       StateFilter = "past"       // live, and its end has passed
	Failed     StateFilter = "failed"     // meeting.Failed
	Unfinished StateFilter = "unfinished" // meeting.Unfinished
	Removed    StateFilter = "removed"    // meeting.Removed or meeting.Replaced: it no longer counts
)

// Order is what a list is ordered by.
type Order string

// The orders, each the newest first; what is upcoming comes the next first.
const (
	ByCreated Order = ""      // when the desk made the meeting's row
	ByStart   Order = "start" // when the meeting begins; one without a start stands where it was made
)

// Cursor is a place in a list: that of a row.
type Cursor struct {
	Start int64 // milliseconds, of an order by start
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

// binds collects the values of a statement that is put together, and numbers
// their places.
type binds struct{ values []any }

func (b *binds) add(value any) string {
	b.values = append(b.values, value)
	return "$" + strconv.Itoa(len(b.values))
}
