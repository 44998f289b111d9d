package meeting

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxSubject is the maximum length of a subject, in characters. Graph documents no limit,
// so this is Outlook's limit for the subject of a calendar entry.
const MaxSubject = 255

// MaxDuration is the maximum length of a meeting. Teams ends a meeting after 24 hours.
const MaxDuration = 24 * time.Hour

// defaultLength is Graph's default length for a meeting without an end
// (onlinemeeting-createorget.md, Notes).
const defaultLength = time.Hour

// Request describes the meeting that a person requests. A zero Start or End means that the
// field was left empty; see Asked.
type Request struct {
	ExternalID string
	Subject    string
	Start, End time.Time     // UTC
	Duration   time.Duration // the length if End is zero; 0 means one hour
	TimeZone   string        // IANA name
	Attendees  []Attendee
	ThreadID   string       // the thread of a channel; empty for a meeting with its own chat
	Organizer  string       // the organizer's object ID; "" if the person making the request is the organizer
	Options    Options      // an empty option keeps the organization's default
	Unasked    []Difference // parts that the person did not choose
	FormID     string
	MyZone     bool `json:"-"` // whether to make TimeZone the person's display time zone
	Guard      bool `json:"-"` // prevents creating a meeting if the ticket already has one; see desk.Guard

	// Inside contains addresses of attendees with a role. The person who made the request has
	// confirmed that these attendees are in the directory.
	Inside []string `json:",omitempty"`

	// Found maps lower-case addresses to the people whom the directory returned for them.
	Found map[string]Person `json:"-"`
}

// Validate returns what is wrong with the request's texts, times and options.
func (r Request) Validate() Problems {
	return slices.Concat(r.validateText(), r.validateTimes(), r.Options.validate())
}

func (r Request) validateText() (problems Problems) {
	switch {
	case Trim(r.ExternalID) == "":
		problems.Add(FieldExternalID, ReasonExternalIDBlank, nil)
	case hasHidden(r.ExternalID):
		problems.Add(FieldExternalID, ReasonExternalIDControl, nil)
	case utf8.RuneCountInString(r.ExternalID) > MaxExternalID:
		problems.Add(FieldExternalID, ReasonExternalIDLong, Args{"Max": MaxExternalID, "Count": utf8.RuneCountInString(r.ExternalID)})
	}
	problems = append(problems, validateSubject(r.Subject)...)
	if r.ThreadID != "" && !isThread(r.ThreadID) {
		problems.Add(FieldThreadID, ReasonThreadIDUnreadable, Args{"Value": Shorten(r.ThreadID, 80)})
	}
	return problems
}

// MaxThreadID is the maximum length of a thread ID that the desk accepts, in bytes.
// Thread IDs in Teams are about 60 bytes long.
const MaxThreadID = 256

// isThread reports whether the text looks like a Teams thread ID, such as
// "19:…@thread.tacv2" (onlinemeeting-createorget.md, example 2).
func isThread(text string) bool {
	id, ok := strings.CutPrefix(text, "19:")
	name, kind, found := strings.Cut(id, "@thread.")
	return ok && found && name != "" && kind != "" && len(text) <= MaxThreadID &&
		!hasControl(text) && !strings.ContainsFunc(text, unicode.IsSpace)
}

func validateSubject(subject string) (problems Problems) {
	switch {
	case hasControl(subject):
		problems.Add(FieldSubject, ReasonSubjectControl, nil)
	case utf8.RuneCountInString(subject) > MaxSubject:
		problems.Add(FieldSubject, ReasonSubjectLong, Args{"Max": MaxSubject, "Count": utf8.RuneCountInString(subject)})
	}
	return problems
}

func (r Request) validateTimes() (problems Problems) {
	switch {
	case r.Start.IsZero() && !r.End.IsZero():
		problems.Add(FieldEnd, ReasonEndAlone, nil)
	case !r.End.IsZero() && r.End.Before(r.Start):
		problems.Add(FieldEnd, ReasonEndBefore, nil)
	case !r.End.IsZero() && r.End.Sub(r.Start) > MaxDuration:
		problems.Add(FieldEnd, ReasonEndFar, nil)
	}
	return problems
}

// AsksMore reports whether the person asked for anything that can be compared with an
// existing meeting.
func (r Request) AsksMore() bool {
	for _, part := range []Difference{DifferentSubject, DifferentStart, DifferentEnd, DifferentAttendees} {
		if !slices.Contains(r.Unasked, part) {
			return true
		}
	}
	return r.ThreadID != "" || len(r.Options.Chosen()) > 0
}

// Minutes returns the length that the person chose, or 0 if they chose none.
func (r Request) Minutes() int {
	length := r.Duration
	if !r.End.IsZero() {
		length = r.End.Sub(r.Start)
	}
	return int(length / time.Minute)
}

// pastGrace is the tolerance for a start in the past. The form shows whole minutes, so the
// current minute must be accepted.
const pastGrace = time.Minute

// StartsBefore reports whether a start is in the past, which Graph allows. A zero start
// does not count, nor does one within the last minute.
func StartsBefore(start, now time.Time) bool {
	return !start.IsZero() && start.Before(now.Add(-pastGrace))
}

// Asked returns the content of the request to Graph. Missing times get the defaults of
// createOrGet: the meeting starts now and lasts an hour unless Duration is set. The attempt
// stores these times so that a repeated call sends the same times.
func (r Request) Asked(now time.Time) Asked {
	start, end := r.Start, r.End
	if start.IsZero() {
		start = now.UTC().Truncate(time.Second)
	}
	if end.IsZero() {
		length := r.Duration
		if length == 0 {
			length = defaultLength
		}
		end = start.Add(length)
	}
	return Asked{
		ExternalID: r.ExternalID, Subject: r.Subject,
		Start: start.UTC(), End: end.UTC(), TimeZone: r.TimeZone, Attendees: r.Attendees,
		ThreadID: r.ThreadID, Options: r.Options.ForRoles(r.Attendees, nil), Unasked: r.Unasked,
	}
}
