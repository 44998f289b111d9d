package form

import (
	"slices"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/people"
)

// Form is the user's input in the meeting form. The input may be invalid.
type Form struct {
	ExternalID string
	Subject    string
	Date       string // 2006-01-02
	Start      string // 15:04; empty for the current time
	End        string // 15:04; if End and Duration are empty, the meeting lasts one hour
	EndDate    string // 2006-01-02, if the meeting ends on another day
	Duration   string // in minutes; ignored if End is set
	TimeZone   string // IANA name
	Fold       string // FoldFirst or FoldSecond, for a local time that occurs twice
	Attendees  string // one person per line
	ThreadID   string // the channel's thread ID; empty if the meeting is not in a channel
	Organizer  string // the organizer's object ID; empty if the user is the organizer
	Repeat     string // how often a series repeats, such as EveryWeek; empty for a single meeting
	Times      string // the number of meetings in a series
	Draft      string // the ID of the unstarted import that the series replaces
	Preset     string // the name of the chosen preset
	Filled     string // the fields that Fill and FillLength filled in, with their values, URL-encoded
	Proposed   string // the proposed fields and their values, URL-encoded; see ProposeAll
	Past       bool   // whether to create the meeting even if it starts in the past
	Now        bool   // whether the person chose "Start now"; see StartingNow
	MyZone     bool   // whether to make TimeZone the person's display time zone
	Anyway     bool   // whether to create the meeting even if the ticket already has one
	Inside     string // addresses, separated by spaces; see meeting.Request.Inside
	Options    meeting.Options
	FormID     string // ensures that this form starts only one attempt
}

// Request returns the request that the form describes. The request is valid only if there
// are no problems.
func (f Form) Request(now time.Time) (meeting.Request, meeting.Problems) { return f.request(now, nil) }

// request is like Request, but also accepts the addresses of the meeting's current people;
// see people.Parse.
func (f Form) request(now time.Time, current []meeting.Attendee) (meeting.Request, meeting.Problems) {
	r := meeting.Request{
		ExternalID: meeting.Trim(f.ExternalID),
		Subject:    strings.TrimSpace(f.Subject),
		TimeZone:   strings.TrimSpace(f.TimeZone),
		ThreadID:   meeting.Trim(f.ThreadID),
		Organizer:  strings.ToLower(people.Query(f.Organizer)),
		Options:    f.Options,
		FormID:     f.FormID,
		Guard:      !f.Anyway,
		MyZone:     f.MyZone,
		Inside:     strings.Fields(f.Inside),
	}
	r.Unasked = f.unasked()
	times := f.times(now, &r)
	attendees, attendeeProblems := people.Parse(f.Attendees, current...)
	r.Attendees = attendees
	attendeeProblems = append(attendeeProblems, r.Options.ValidateRoles(attendees)...)
	return r, slices.Concat(r.Validate(), times, attendeeProblems)
}

// Change returns the request from a form that changes an existing meeting. The start and
// either the end or the duration are required, because Graph can change the start and the
// end only together. current lists the meeting's people.
func (f Form) Change(now time.Time, current []meeting.Attendee) (meeting.Request, meeting.Problems) {
	r, problems := f.request(now, current)
	r.Unasked = nil // the form shows the meeting's current values, so an empty field is intentional
	// A change has no external ID. Meeting.Unchangeable checks the roles.
	problems = slices.DeleteFunc(problems, func(p meeting.Problem) bool {
		return p.Field == meeting.FieldExternalID || p.Key == meeting.ReasonPresentersRoles
	})
	if strings.TrimSpace(f.Start) == "" && len(problems.Field(meeting.FieldStart)) == 0 {
		problems.Add(meeting.FieldStart, meeting.ReasonStartBlank, nil)
	}
	if strings.TrimSpace(f.End) == "" && strings.TrimSpace(f.Duration) == "" {
		problems.Add(meeting.FieldEnd, meeting.ReasonEndBlank, nil)
	}
	return r, problems
}
