package listing

import (
	"time"

	"meetdesk/meeting"
)

// Criteria determine which meetings a list contains, in which order, and which page to
// read.
type Criteria struct {
	UserID   int64 // only meetings that this person may see are listed
	Everyone bool  // whether to list all users' meetings, ignoring UserID
	KitOnly  bool  // for meetings handed over to the person, whether to search only the invitation kit
	Text     string
	Filter   Filter
	Order    Order     // ignored in a search, whose order is ByCreated, or ByStart if EachWord is set
	Soonest  bool      // whether ByStart sorts the earliest meetings first
	From, To time.Time // the range of dates, From inclusive and To exclusive; zero sets no limit
	Dates    Order     // whether From and To limit the start (ByStart) or the creation (ByCreated)
	EachWord bool      // whether to compare Text with each meeting instead of using the index; needs a short range of dates
	At       Cursor    // the page begins after this position; zero means the first page
	Back     bool      // whether the page ends before At instead of beginning after it
	Deep     bool      // whether to examine more candidates to fill the page; see limitSearch
	Limit    int       // the number of rows on a page
}

// Filter limits a list to meetings with the given state and origin.
type Filter struct {
	State  State
	Origin meeting.Origin // "" for any
}

// State selects meetings by their state and end time.
type State string

// The states by which a list can be filtered. "" allows any state.
const (
	Upcoming   State = "upcoming"   // live, and not yet ended
	Past       State = "past"       // live, and ended
	Failed     State = "failed"     // meeting.Failed
	Unfinished State = "unfinished" // meeting.Unfinished, without a running attempt
	Removed    State = "removed"    // meeting.Removed or meeting.Replaced
)

// Order is the time by which a list is sorted, latest first. With ByStart, lists of
// upcoming meetings and lists with Criteria.Soonest set are sorted earliest first.
type Order string

// The orders in which a list can be sorted.
const (
	ByCreated Order = ""      // when the desk first recorded the meeting
	ByStart   Order = "start" // when the meeting starts, or when it was recorded if it has no start
)
