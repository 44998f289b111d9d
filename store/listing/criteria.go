package listing

import (
	"time"

	"meetdesk/meeting"
)

// Criteria select meetings, their order, and one page of them.
type Criteria struct {
	UserID   int64 // the person who asks: only the meetings that they may see
	Everyone bool  // all meetings instead
	KitOnly  bool  // use only the invitation kit of meetings that were handed over to the person
	Text     string
	Filter   Filter
	Order    Order     // a search is always ByCreated
	From, To time.Time // the range of the time that Order names, without To; zero for no limit
	At       Cursor    // the page begins after this place; zero for the first page
	Back     bool      // the page ends before At instead
	Deep     bool      // examine all candidates, where a page would stop before it is full
	Limit    int       // rows on a page
}

// Filter limits a list to meetings of one state or origin.
type Filter struct {
	State  State
	Origin meeting.Origin // "" for any
}

// State is the present state of a meeting.
type State string

// The states to filter by. "" is any state.
const (
	Upcoming   State = "upcoming"   // live, and not yet ended
	Past       State = "past"       // live, and ended
	Failed     State = "failed"     // meeting.Failed
	Unfinished State = "unfinished" // meeting.Unfinished
	Removed    State = "removed"    // meeting.Removed or meeting.Replaced
)

// Order is the time by which a list is sorted, latest first. Only upcoming meetings
// ByStart are listed earliest first.
type Order string

// The orders.
const (
	ByCreated Order = ""      // when the desk first recorded the meeting
	ByStart   Order = "start" // when the meeting starts, or was recorded if it has no start
)
