package views

import (
	"net/url"
	"slices"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// MeetingData is a meeting with what was done for it.
type MeetingData struct {
	Meeting     meeting.Meeting
	Attempts    []meeting.Attempt // newest first, with their calls
	CanChange   bool
	Zone        *time.Location          // in which times are shown beside UTC: the meeting's
	Retryable   map[int64]bool          // attempts that this person may go on with
	Compared    meeting.Attempt         // the done attempt whose wishes differ from what is there; zero ID for none
	Differences []meeting.Difference    // between what it asked for and the meeting
	Change      form.Form               // the form that brings the meeting to what was asked for
	BaseReply   int64                   // the reply that this page shows
	Changes     []meeting.Change        // what the newest look says otherwise than the reply before
	Looked      bool                    // the newest attempt was such a look
	Colleagues  []meeting.TicketMeeting // who else has a meeting for this ticket
	KitOnly     bool                    // handed over: the kit alone, and nothing of how it came about
	SignedIn    time.Time               // since when the person is signed in
	Until       time.Time               // not before then Microsoft may be called about it; zero for now
	AppClientID string                  // of the program, for the commands that let it act for an organizer
	AnotherID   string                  // the external ID for one more meeting of this ticket, or ""
	Now         time.Time               // the present moment: from tomorrow on another meeting is proposed
	Past        bool                    // it starts in the past: warn
	List        url.Values              // the list that led here, as its address says it; none for another way
	HelpDesk    bool                    // the help desk looks at a meeting that it cannot change
	Before      []meeting.Meeting       // of the same ticket, in the order in which they take place
	After       []meeting.Meeting       // likewise
}

// zone is in which times are shown. Without one given it is the meeting's.
func (d MeetingData) zone() *time.Location {
	if d.Zone != nil {
		return d.Zone
	}
	if zone, ok := meeting.LoadZone(d.Meeting.TimeZone); ok {
		return zone
	}
	return time.UTC
}

// inUTC reports whether the zone's times are UTC already.
func (d MeetingData) inUTC() bool { return d.zone().String() == "UTC" }

// over reports whether the meeting is one whose link is not to be handed out.
func (d MeetingData) over() bool {
	return d.Meeting.State.Withdrawn() || d.gone()
}

// gone reports whether Microsoft did not find the meeting when it was last asked.
func (d MeetingData) gone() bool {
	return d.Meeting.State == meeting.Live && slices.ContainsFunc(meeting.Current(d.Attempts), func(a meeting.Attempt) bool {
		return a.State == meeting.AttemptFailed && a.Reason == meeting.ReasonNotFound
	})
}

// adminSays is what the administrator reads of an attempt that came to nothing:
// what Graph answered, the likely cause, and what to check.
func adminSays(p Page, a meeting.Attempt) string {
	says := p.T.T(string(a.Reason)+".admin", reasonArgs(a))
	n := len(a.Calls)
	if n == 0 || a.Reason == meeting.ReasonNotGraph || a.Reason == meeting.ReasonProxy { // of Graph's answer there is nothing to say
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
	return ui.CopyProps{Target: target, Word: word, Class: class, Done: p.T.T("copy.done"), Selected: p.T.T("copy.selected")}
}
