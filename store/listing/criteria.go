package listing

import (
	"time"

	"meetdesk/meeting"
)

// Criteria select meetings, their order, and a page of the list.
type Criteria struct {
	UserID   int64 // only the meetings that this person may see
	Everyone bool  // all meetings, whatever UserID is
	KitOnly  bool  // search only the invitation kit of meetings that were handed over to the person
	Text     string
	Filter   Filter
	Order    Order     // a search is always sorted ByCreated
	From, To time.Time // limits for the time that Order names, excluding To; zero for no limit
	At       Cursor    // the page begins after this place; zero for the first page
	Back     bool      // the page ends before At, instead of beginning after it
	Deep     bool      // examine all candidates, even where a page would otherwise stop before it is full
	Limit    int       // rows on a page
}

// Filter limits a list to the meetings with one state or origin.
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

// Order is the time by which a list is sorted, latest first. Only the upcoming meetings
// are sorted earliest first ByStart.
type Order string

// The orders.
const (
	ByCreated Order = ""      // when the desk first recorded the meeting
	ByStart   Order = "start" // when the meeting starts, or when it was recorded if it has no start
)
