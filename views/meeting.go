package views

import (
	"net/url"
	"slices"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// MeetingData holds the data for a meeting's page.
type MeetingData struct {
	Meeting     meeting.Meeting
	Attempts    []meeting.Attempt // newest first, with their calls
	CanChange   bool
	Zone        *time.Location          // the zone of the times in the invitation; nil for the meeting's zone
	Retryable   map[int64]bool          // whether the user may retry an attempt, by attempt ID
	Compared    meeting.Attempt         // the finished attempt whose request is compared with the meeting; its ID is 0 if there is none
	Differences []meeting.Difference    // the fields in which the compared request and the meeting differ
	Change      form.Form               // a form that changes the meeting to match the compared request
	BaseReply   int64                   // the ID of the reply from Graph whose details the page shows
	Changes     []meeting.Change        // what has changed since the reply from Graph that the person last saw
	Looked      bool                    // the newest attempt was a successful refresh, or found that somebody else had changed the meeting
	Colleagues  []meeting.TicketMeeting // meetings that other organizers have for this ticket
	KitOnly     bool                    // show only the invitation kit
	SignedIn    time.Time               // when the person signed in
	Until       time.Time               // Microsoft must not be called before this time; zero if it may be called now
	AppClientID string                  // the application's client ID, for the commands that let it act for an organizer
	AnotherID   string                  // an external ID for another meeting of this ticket, or ""
	Now         time.Time
	Past        bool                // the person has just created or changed a meeting that starts in the past: show a warning
	List        url.Values          // query parameters of the list that led here; nil for none
	HelpDesk    bool                // the user belongs to the help desk and cannot change the meeting
	Done        int64               // the ID of the attempt that the user has just made; 0 to show no success banner
	Replaced    []meeting.Change    // what the newest attempt changed, if it was a change
	CanPutBack  bool                // the newest change can be undone
	Notes       []meeting.Note      // notes and marks, newest first
	Note        NoteForm            // the form for a note, if it has to be shown again
	People      meeting.People      // the people to whom the meeting was handed over
	Manages     bool                // the person may revoke other people's access and restore it
	Before      []meeting.Meeting   // earlier meetings of the same ticket
	After       []meeting.Meeting   // later meetings of the same ticket
	Imports     []meeting.ImportRef // the import rows that created, used or found the meeting, if the person may see the imports
}

// zone returns the time zone for the times in the invitation. The default is the meeting's
// zone or, if that is unknown, UTC.
func (d MeetingData) zone() *time.Location {
	if d.Zone != nil {
		return d.Zone
	}
	if zone, ok := meeting.LoadZone(d.Meeting.TimeZone); ok {
		return zone
	}
	return time.UTC
}

// shownIn returns the time zone in which the page shows times: the reader's if it is
// known, otherwise the meeting's.
func (d MeetingData) shownIn(p Page) *time.Location { return p.zoneOr(d.zone()) }

// over reports whether the meeting is withdrawn or gone. The join link of such a meeting
// must not be shared.
func (d MeetingData) over() bool {
	return d.Meeting.State.Withdrawn() || d.gone()
}

// shares reports whether the page has the Share card.
func (d MeetingData) shares() bool { return d.Meeting.JoinURL != "" && !d.over() }

// gone reports whether the meeting is stored as live, but an attempt failed because Graph
// did not find it. Superseded attempts do not count; see meeting.Current.
func (d MeetingData) gone() bool {
	return d.Meeting.State == meeting.Live && slices.ContainsFunc(meeting.Current(d.Attempts), func(a meeting.Attempt) bool {
		return a.State == meeting.AttemptFailed && a.Reason == meeting.ReasonNotFound
	})
}

func (d MeetingData) state(p Page) (ui.Tone, string) {
	if d.gone() {
		return ui.Bad, p.T.T("state.gone")
	}
	return stateOf(p, d.Meeting.StateAt(d.Now), d.Meeting.Ended(d.Now))
}

// adminSays returns an explanation of a failed attempt for administrators: the response
// from Graph (if any), the likely cause, and what to check.
func adminSays(p Page, a meeting.Attempt) string {
	says := p.T.T(string(a.Reason)+".admin", reasonArgs(a))
	n := len(a.Calls)
	if n == 0 || a.Reason == meeting.ReasonNotGraph || a.Reason == meeting.ReasonProxy { // there is no response from Graph to describe
		return says
	}
	args := meeting.Args{"Status": a.Calls[n-1].Status, "Code": a.Calls[n-1].Code}
	switch {
	case a.Calls[n-1].Status == 0:
		return p.T.T("admin.no_answer") + " " + says
	case a.Calls[n-1].Code == "":
		return p.T.T("admin.status", args) + " " + says
	}
	return p.T.T("admin.code", args) + " " + says
}

func copyProps(p Page, target, word, class string) ui.CopyProps {
	props := ui.CopyProps{Target: target, Word: word, Class: class, Done: p.T.T("copy.done"), Selected: p.T.T("copy.selected")}
	if target == "join-url" {
		props.Key = "y"
	}
	return props
}

// The maximum number of characters that fit into a two-line heading on a phone and in a wide
// window, respectively.
const (
	maxHeading     = 40
	maxWideHeading = 80
)
