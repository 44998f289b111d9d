package meeting

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxSubject is the longest subject in characters: Outlook's limit, so that the
// meeting fits a calendar entry. Graph documents none.
const MaxSubject = 255

// MaxDuration is the longest meeting: Teams ends one after 24 hours.
const MaxDuration = 24 * time.Hour

// defaultLength is what Graph gives a meeting without an end (onlinemeeting-createorget.md, Notes).
const defaultLength = time.Hour

// Request is what a person asks for. Zero times are blank ones; see Asked.
type Request struct {
	ExternalID string
	Subject    string
	Start, End time.Time     // UTC
	Duration   time.Duration // instead of End; 0 for one hour
	TimeZone   string        // IANA name
	Attendees  []Attendee
	ThreadID   string       // of a channel; "" for a meeting with a chat of its own
	Organizer  string       // object ID; "" for the person who asks
	Options    Options      // blank ones stay as the organization has them
	Unasked    []Difference // parts that the person left to the desk
	FormID     string

	// Found is what the directory said already of addresses, by the address in
	// lower case. It is no part of what the person asks for.
	Found map[string]Person `json:"-"`
}

// Validate returns what is wrong with the request, by the names of the form's
// fields.
func (r Request) Validate() Problems {
	return slices.Concat(r.validateText(), r.validateTimes(), r.Options.validate())
}

func (r Request) validateText() (problems Problems) {
	switch {
	case Trim(r.ExternalID) == "":
		problems.Add(FieldExternalID, ReasonExternalIDBlank, nil)
	case hasControl(r.ExternalID) || strings.ContainsFunc(r.ExternalID, IsInvisible):
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

// MaxThreadID is the longest thread ID that the desk accepts, in bytes. Those of Teams
// have about 60.
const MaxThreadID = 256

// isThread reports whether the text looks like the ID of a conversation in
// Teams: "19:…@thread.tacv2" (onlinemeeting-createorget.md, example 2).
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

// AsksMore reports whether the person asked for more than the ticket's meeting,
// however that is: there is something to compare with one that exists.
func (r Request) AsksMore() bool {
	for _, part := range []Difference{DifferentSubject, DifferentStart, DifferentEnd, DifferentAttendees} {
		if !slices.Contains(r.Unasked, part) {
			return true
		}
	}
	return r.ThreadID != "" || len(r.Options.Chosen()) > 0
}

// Minutes returns how long the meeting is to last, where the person chose that:
// 0 where they left it open.
func (r Request) Minutes() int {
	length := r.Duration
	if !r.End.IsZero() {
		length = r.End.Sub(r.Start)
	}
	return int(length / time.Minute)
}

// pastGrace is for a meeting that starts now: the form shows whole minutes.
const pastGrace = time.Minute

// StartsBefore reports whether the meeting was to have begun already. Graph allows
// that; the person should know. One that starts now, or has no time, was not.
func StartsBefore(start, now time.Time) bool {
	return !start.IsZero() && start.Before(now.Add(-pastGrace))
}

// Asked returns what is sent to Graph, with explicit times by the rules of createOrGet:
// no start and no end is now and one hour, a start alone is one hour. They are
// made explicit once, so that a repetition asks for the same.
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
