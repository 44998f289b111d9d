package meeting

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"time"
)

// State says whether a meeting exists at Microsoft, as far as the desk knows.
type State string

// The states of a meeting.
const (
	Unfinished State = "unfinished" // no valid response was received, so the meeting may or may not exist at Microsoft
	Failed     State = "failed"     // the meeting was not created: Graph refused the request, or the request was never sent
	Live       State = "live"       // Graph has confirmed that the meeting exists
	Removed    State = "removed"    // the desk deleted the meeting at Microsoft, or found it deleted when it tried to
	Replaced   State = "replaced"   // Graph returned another meeting for the same external ID
)

// Origin describes how the desk obtained a meeting.
type Origin string

// The origins of a meeting. The origin is empty until Graph has answered.
const (
	Created Origin = "created" // Graph answered 201, or later confirmed a call that had received no response
	Found   Origin = "found"   // Graph answered 200 because the meeting already existed
	Adopted Origin = "adopted" // a person added the meeting by its join link
)

// Details contains what Graph returned about a meeting. Times are in UTC. A zero value
// means that Graph returned no value.
type Details struct {
	GraphID        string
	ExternalID     string
	OrganizerID    string // the organizer's object ID; not stored, because Meeting.Organizer contains it
	Subject        string
	Start, End     time.Time
	JoinURL        string
	JoinMeetingID  string // digits, without spaces
	Passcode       string
	ConferenceID   string // the ID to enter when dialing in
	TollNumber     string
	TollFreeNumber string
	MoreTolls      []string // further dial-in numbers
	MoreTollFrees  []string // further toll-free dial-in numbers
	DialInURL      string
	ThreadID       string
	VideoID        string // videoTeleconferenceId
	OptionsURL     string
	Options        Options
	GraphCreated   time.Time // creationDateTime
	Expires        time.Time // expiryDateTime; see LinkLasts if it is zero
	Attendees      []Attendee
}

// FullList is the maximum number of attendees in a reply. Graph has been seen to return
// 750 of 800 (microsoft-graph-docs-contrib#2349). A change based on such a reply would
// remove the missing people.
const FullList = 750

// meetingChat matches the start of a meeting chat's thread ID, in any cloud.
var meetingChat = regexp.MustCompile(`^19:(?:[a-z0-9]{2,5}:)?meeting_`)

// IsMeetingChat reports whether the thread is a meeting's own chat rather than a channel.
func IsMeetingChat(thread string) bool { return meetingChat.MatchString(thread) }

// InChannel reports whether the meeting is in a channel. Graph has been seen to omit
// people from replies about such meetings (microsoft-graph-docs-contrib#4837).
func (d Details) InChannel() bool {
	return d.ThreadID != "" && !IsMeetingChat(d.ThreadID)
}

// MaybeCut reports whether the list of attendees is full, in which case Graph may have
// omitted some.
func (d Details) MaybeCut() bool { return len(d.Attendees) >= FullList }

// Meeting is a meeting as the database stores it.
type Meeting struct {
	ID        int64
	Organizer User // never changes
	Maker     User // the person whose attempt created or found the meeting, or will create it; the organizer if the meeting was adopted
	State     State
	AskedAt   time.Time // see Listed.AskedAt
	Origin    Origin
	TimeZone  string // the IANA name of the requested time zone
	Version   int    // increases with each reply from Graph, and when the meeting is removed or replaced
	CreatedAt time.Time
	UpdatedAt time.Time
	Details
}

// Listed contains the fields of a meeting that are shown in lists.
type Listed struct {
	ID           int64
	ExternalID   string
	Subject      string
	Start, End   time.Time
	State        State
	AskedAt      time.Time // when the pending attempt began or was last retried, if State is Unfinished; zero if no attempt is pending
	CreatedAt    time.Time
	Organizer    string // the display name
	OrganizerUPN string // empty if it is not known
	OrganizerID  int64
	JoinURL      string // empty until Graph has confirmed the meeting
}

// Listed returns the fields of the meeting that are shown in lists.
func (m Meeting) Listed() Listed {
	return Listed{
		ID: m.ID, ExternalID: m.ExternalID, Subject: m.Subject, Start: m.Start, End: m.End, State: m.State, AskedAt: m.AskedAt, CreatedAt: m.CreatedAt,
		Organizer: m.Organizer.DisplayName(), OrganizerUPN: m.Organizer.UPN, OrganizerID: m.Organizer.ID, JoinURL: m.JoinURL,
	}
}

// linkLife is how long Teams keeps a scheduled meeting after its end
// (Microsoft's "Limits and specifications for Teams", meeting expiration).
const linkLife = 60 * 24 * time.Hour

// LinkLasts returns the time at which the join link stops working, and whether Graph
// specified this time. If it did not, the time is 60 days after the meeting's end, or zero
// if the end is not known.
func (m Meeting) LinkLasts() (until time.Time, said bool) {
	if !m.Expires.IsZero() {
		return m.Expires, true
	}
	if m.End.IsZero() {
		return time.Time{}, false
	}
	return m.End.Add(linkLife), false
}

// Ended reports whether the meeting is live and its end time has passed.
func (m Meeting) Ended(now time.Time) bool { return m.State.ended(m.End, now) }

// Ended reports whether the meeting is live and its end time has passed.
func (l *Listed) Ended(now time.Time) bool { return l.State.ended(l.End, now) }

func (s State) ended(end, now time.Time) bool {
	return s == Live && !end.IsZero() && !now.Before(end)
}

// Withdrawn reports whether the meeting was removed or replaced. If so, its join link must
// not be shown.
func (s State) Withdrawn() bool { return s == Removed || s == Replaced }

// Reply is a response from Graph that contains a meeting.
type Reply struct {
	At      time.Time
	Created bool            // Graph answered 201
	Raw     json.RawMessage // the whole JSON document, as Graph sent it
	Lacks   []string        // the names of the optional properties that the document omits; see Over
	Details
}

// StoredReply is a reply from Graph as the database stores it.
type StoredReply struct {
	AttemptID int64
	At        time.Time
	Raw       json.RawMessage
}

// TicketMeeting describes an existing meeting to a person who is about to create another
// one for the same ticket.
type TicketMeeting struct {
	ID         int64
	Organizer  User
	ExternalID string
	Subject    string    // set only if the new meeting would have the same organizer
	State      State     // Live or Unfinished
	AskedAt    time.Time // see Listed.AskedAt
	Start, End time.Time
	TimeZone   string // IANA name
	NoAccess   bool   // whether the person's access was revoked, which prevents them from choosing this meeting
}

// Guarded contains the existing meetings for a ticket. They are shown to a person who is
// about to create another one.
type Guarded struct {
	Own        []TicketMeeting // the organizer's meetings
	Colleagues []TicketMeeting // other people's meetings; always empty if Own is not
	AnotherID  string          // the external ID to use if this organizer creates another meeting for the ticket
	// Theirs is true if another person created the first meeting in Own. If so, the request
	// must not be compared with that meeting.
	Theirs bool
}

// Any reports whether there are any meetings to show.
func (g Guarded) Any() bool { return len(g.Own)+len(g.Colleagues) > 0 }

// Ended reports whether the meeting is live and its end time has passed.
func (t TicketMeeting) Ended(now time.Time) bool { return t.State.ended(t.End, now) }

// Over returns the reply with missing parts taken from the known details. Graph has been
// seen to omit parts and to return empty dates, which must not erase stored values.
func (r Reply) Over(known Details) Reply {
	if slices.Contains(r.Lacks, "subject") {
		r.Subject = known.Subject
	}
	if slices.Contains(r.Lacks, "participants") {
		r.Attendees = known.Attendees
	}
	if slices.Contains(r.Lacks, "joinMeetingIdSettings") {
		r.JoinMeetingID, r.Passcode = known.JoinMeetingID, known.Passcode
	}
	if slices.Contains(r.Lacks, "audioConferencing") {
		r.ConferenceID, r.TollNumber, r.TollFreeNumber, r.DialInURL = known.ConferenceID, known.TollNumber, known.TollFreeNumber, known.DialInURL
		r.MoreTolls, r.MoreTollFrees = known.MoreTolls, known.MoreTollFrees
	}
	for _, t := range []struct{ got, was *time.Time }{
		{&r.Start, &known.Start}, {&r.End, &known.End}, {&r.GraphCreated, &known.GraphCreated}, {&r.Expires, &known.Expires},
	} {
		if t.got.IsZero() {
			*t.got = *t.was
		}
	}
	r.JoinURL = cmp.Or(r.JoinURL, known.JoinURL)
	r.ThreadID, r.VideoID = cmp.Or(r.ThreadID, known.ThreadID), cmp.Or(r.VideoID, known.VideoID)
	r.OptionsURL = cmp.Or(r.OptionsURL, known.OptionsURL)
	for _, o := range AllOptions() {
		r.Options = r.Options.With(o, cmp.Or(r.Options.Get(o), known.Options.Get(o)))
	}
	return r
}
