package meeting

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"time"
)

// State is where a meeting stands in the desk's record.
type State string

// The states of a meeting.
const (
	Unfinished State = "unfinished" // no answer came: it may exist at Microsoft
	Failed     State = "failed"     // Graph refused to create it
	Live       State = "live"       // Graph has confirmed it
	Removed    State = "removed"    // deleted by its organizer through the desk
	Replaced   State = "replaced"   // Graph answered with another meeting for the same external ID
)

// Origin is how the desk came to know a meeting.
type Origin string

// The origins of a meeting; "" while no answer has come.
const (
	Created Origin = "created" // Graph answered 201, or confirmed the desk's own try later
	Found   Origin = "found"   // Graph answered 200: it existed
	Adopted Origin = "adopted" // brought in by its join link
)

// Details is what Microsoft Graph says of a meeting. Times are UTC; a zero time
// or an empty string means that Graph did not give it.
type Details struct {
	GraphID        string
	ExternalID     string
	OrganizerID    string // object ID; not recorded, since the row has its organizer
	Subject        string
	Start, End     time.Time
	JoinURL        string
	JoinMeetingID  string // digits, without spaces
	Passcode       string
	ConferenceID   string // for dialling in
	TollNumber     string
	TollFreeNumber string
	DialInURL      string
	ThreadID       string
	VideoID        string // videoTeleconferenceId
	OptionsURL     string
	Options        Options
	GraphCreated   time.Time // creationDateTime
	Expires        time.Time // expiryDateTime; where Graph gave none, see LinkLasts
	Attendees      []Attendee
}

// FullList is how many attendees a reply holds at the most: Graph was seen to
// return 750 of 800 (microsoft-graph-docs-contrib#2349). A change that is made
// from such a reply would lose whoever is missing.
const FullList = 750

// meetingChat matches the start of a meeting chat's thread ID, in any cloud.
var meetingChat = regexp.MustCompile(`^19:(?:[a-z0-9]{2,5}:)?meeting_`)

// IsMeetingChat reports whether the thread is a meeting's own chat, and not a channel.
func IsMeetingChat(thread string) bool { return meetingChat.MatchString(thread) }

// InChannel reports whether the meeting is in a channel. From replies about such
// meetings people were seen to vanish (microsoft-graph-docs-contrib#4837).
func (d Details) InChannel() bool {
	return d.ThreadID != "" && !IsMeetingChat(d.ThreadID)
}

// MaybeCut reports whether there may be more attendees than these.
func (d Details) MaybeCut() bool { return len(d.Attendees) >= FullList }

// Meeting is one row of the history.
type Meeting struct {
	ID        int64
	Organizer User // whose meeting it is, for good
	Maker     User // who pressed the button
	State     State
	Origin    Origin
	TimeZone  string // IANA zone in which it was asked for
	Version   int    // rises with each reply of Graph's, with removal and with replacement; never falls
	CreatedAt time.Time
	UpdatedAt time.Time
	Details
}

// Listed is what a list shows of a meeting.
type Listed struct {
	ID           int64
	ExternalID   string
	Subject      string
	Start, End   time.Time
	State        State
	CreatedAt    time.Time
	Organizer    string // the display name
	OrganizerUPN string // "" where it is not known
}

// linkLife is how long Teams keeps a scheduled meeting after its end
// (Microsoft's "Limits and specifications for Teams", meeting expiration).
const linkLife = 60 * 24 * time.Hour

// LinkLasts returns until when the join link can be trusted, and whether Graph
// itself said so. Without Graph's word it is 60 days after the end.
func (m Meeting) LinkLasts() (until time.Time, said bool) {
	if !m.Expires.IsZero() {
		return m.Expires, true
	}
	if m.End.IsZero() {
		return time.Time{}, false
	}
	return m.End.Add(linkLife), false
}

// Ended reports whether the meeting is live and its time has passed.
func (m Meeting) Ended(now time.Time) bool { return m.State.ended(m.End, now) }

// Ended reports what Meeting.Ended does.
func (l *Listed) Ended(now time.Time) bool { return l.State.ended(l.End, now) }

func (s State) ended(end, now time.Time) bool {
	return s == Live && !end.IsZero() && !now.Before(end)
}

// Withdrawn reports whether the meeting was removed or replaced: its link is not handed
// out any more.
func (s State) Withdrawn() bool { return s == Removed || s == Replaced }

// Reply is one answer of Graph that carries a meeting.
type Reply struct {
	At      time.Time
	Created bool            // Graph answered 201
	Raw     json.RawMessage // the whole document as it came
	Lacks   []string        // the properties of a meeting that the document leaves out
	Details
}

// Kept is a reply of Graph's as it was recorded.
type Kept struct {
	AttemptID int64
	At        time.Time
	Raw       json.RawMessage
}

// TicketMeeting is what a person learns of a meeting before they make one more
// for its ticket: whose it is, under which number, when, and how it stands.
type TicketMeeting struct {
	ID         int64
	Organizer  User
	ExternalID string
	Subject    string // of the organizer's own alone: colleagues do not learn it
	State      State  // Live or Unfinished
	Start, End time.Time
	TimeZone   string // IANA name
}

// Guarded are the meetings of a ticket that a person is shown before they make one
// more.
type Guarded struct {
	Own        []TicketMeeting // the organizer's
	Colleagues []TicketMeeting // everybody else's; not looked up where there are own ones
	AnotherID  string          // the external ID for one more beside the own ones
	Theirs     bool            // the first of Own may not be asked for: another made it
}

// Ended reports what Meeting.Ended does.
func (t TicketMeeting) Ended(now time.Time) bool { return t.State.ended(t.End, now) }

// Over returns the reply with what was known where it says nothing: Graph has
// been seen to leave out parts of a meeting and to blank its dates, and what is
// recorded must not be lost to that. What it says to be empty is empty.
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
