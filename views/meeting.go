package views

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// MeetingData is a meeting with what was done for it.
type MeetingData struct {
	Meeting     meeting.Meeting
	Attempts    []meeting.Attempt // newest first, with their calls
	CanChange   bool
	Zone        *time.Location       // in which times are shown beside UTC: the meeting's
	Retryable   map[int64]bool       // attempts that this person may go on with
	Compared    meeting.Attempt      // the done attempt whose wishes differ from what is there; zero ID for none
	Differences []meeting.Difference // between what it asked for and the meeting
	Change      meeting.Form         // the form that brings the meeting to what was asked for
	BaseReply   int64                // the reply that this page shows
	Changes     []meeting.Change     // what the newest look says otherwise than the reply before
	Looked      bool                 // the newest attempt was such a look
	Colleagues  []meeting.Colleague  // who else has a meeting for this ticket
	KitOnly     bool                 // handed over: the kit alone, and nothing of how it came about
	AppClientID string               // of the program, for the commands that let it act for an organizer
	AnotherID   string               // the external ID for one more meeting of this ticket, or ""
	Past        bool                 // it starts in the past: warn
	Query       string               // the search that led here, or ""
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

// newest returns the attempt that the page's banner is about: the latest that
// nothing has taken the place of.
func (d MeetingData) newest() (meeting.Attempt, bool) {
	for _, a := range d.Attempts {
		if a.State != meeting.AttemptSuperseded && a.State != meeting.AttemptDismissed {
			return a, true
		}
	}
	return meeting.Attempt{}, false
}

// different reports whether what was asked for is to be shown beside what is there.
func (d MeetingData) different() bool { return d.Compared.ID != 0 && len(d.Differences) > 0 }

// banner is that of the attempt; a meeting that was found as it was asked for
// has words of its own.
func (d MeetingData) banner(a meeting.Attempt) (ui.Tone, string) {
	tone, key := banner(a)
	if key == "banner.found" && len(d.Differences) == 0 {
		key = "banner.found.same"
	}
	return tone, key
}

// banner returns the tone of the page's banner and the key of its words, for an
// attempt in its present state; "" where there is nothing to tell.
func banner(a meeting.Attempt) (ui.Tone, string) {
	kind := string(a.Kind)
	if a.Kind != meeting.KindCreate && a.Kind != meeting.KindUpdate {
		kind = "other"
	}
	switch a.State {
	case meeting.AttemptPending:
		return ui.Warn, "banner.pending"
	case meeting.AttemptUnfinished:
		return ui.Warn, "banner.unfinished." + kind
	case meeting.AttemptFailed:
		return ui.Bad, "banner.failed." + kind
	}
	switch a.Outcome {
	case meeting.OutcomeCreated, meeting.OutcomeConfirmed, meeting.OutcomeUpdated:
		return ui.Good, "banner." + string(a.Outcome)
	case meeting.OutcomeFound:
		return ui.Note, "banner.found"
	}
	return ui.Calm, ""
}

// bannerArgs fill the words of the banner.
func (d MeetingData) bannerArgs(p Page, a meeting.Attempt) meeting.Args {
	return meeting.Args{"When": p.T.DateTime(a.UpdatedAt, d.zone()), "Who": a.Actor.DisplayName()}
}

// reasonArgs fill the sentence of an attempt's reason, from its last call.
func reasonArgs(a meeting.Attempt) meeting.Args {
	args := meeting.Args{"Status": "–", "Code": "–"}
	if n := len(a.Calls); n > 0 && a.Calls[n-1].Status != 0 {
		args["Status"] = a.Calls[n-1].Status
		if a.Calls[n-1].Code != "" {
			args["Code"] = a.Calls[n-1].Code
		}
	}
	return args
}

// anotherPath is the form for one more meeting of the ticket, with the same
// subject and people. A list too long for an address is left out.
func (d MeetingData) anotherPath() string {
	v := url.Values{meeting.FieldExternalID: {d.AnotherID}}
	if d.Meeting.Subject != "" {
		v.Set(meeting.FieldSubject, d.Meeting.Subject)
	}
	if d.Meeting.TimeZone != "" {
		v.Set(meeting.FieldTimeZone, d.Meeting.TimeZone)
	}
	if lines := meeting.AttendeeLines(d.Meeting.Attendees); lines != "" && len(lines) < 3000 {
		v.Set(meeting.FieldAttendees, lines)
	}
	return "/meetings/new?" + v.Encode()
}

// againPath is a new form with what the attempt asked for.
func againPath(asked meeting.Asked) string {
	v := url.Values{
		meeting.FieldExternalID: {asked.ExternalID}, meeting.FieldSubject: {asked.Subject}, meeting.FieldTimeZone: {asked.TimeZone},
		meeting.FieldStart: {asked.Start.Format(time.RFC3339)}, meeting.FieldEnd: {asked.End.Format(time.RFC3339)},
	}
	if lines := meeting.AttendeeLines(asked.Attendees); len(lines) < 3000 {
		v.Set(meeting.FieldAttendees, lines)
	}
	return "/meetings/new?" + v.Encode()
}

func (d MeetingData) updatePath(a meeting.Attempt) string {
	return meetingPath(d.Meeting.ID) + "/edit?attempt=" + strconv.FormatInt(a.ID, 10)
}

// mailto is a letter to the organizer about the ticket.
func (d MeetingData) mailto() string {
	subject := strings.ReplaceAll(url.QueryEscape(d.Meeting.ExternalID), "+", "%20") // & would begin another header
	return "mailto:" + url.PathEscape(d.Meeting.Organizer.UPN) + "?subject=" + subject
}

func copyProps(p Page, target, word, class string) ui.CopyProps {
	return ui.CopyProps{Target: target, Word: word, Class: class, Done: p.T.T("copy.done"), Selected: p.T.T("copy.selected")}
}

// attendeeRole is the word for a role other than the ordinary one, or "".
func attendeeRole(p Page, a meeting.Attendee) string {
	switch a.Role {
	case meeting.RolePresenter, meeting.RoleCoorganizer:
		return p.T.T("attendee." + a.Role)
	case "", meeting.RoleAttendee:
		return ""
	}
	return a.Role
}
