package meeting

import (
	"slices"
	"time"
)

// Kind is what an attempt wants of Graph.
type Kind string

// The kinds of attempt.
const (
	KindCreate  Kind = "create"
	KindUpdate  Kind = "update" // of subject, times and people, or of one option, or of roles
	KindRemove  Kind = "remove"
	KindRefresh Kind = "refresh"
)

// Mode is whose token an attempt uses. The two are never mixed up.
type Mode string

// The modes.
const (
	Delegated   Mode = "delegated"   // the signed-in person's, on /me
	Application Mode = "application" // the program's own, on /users/{object id}
)

// AttemptState is where an attempt stands.
type AttemptState string

// The states of an attempt.
const (
	AttemptPending    AttemptState = "pending"    // begun, no outcome recorded
	AttemptDone       AttemptState = "done"       // Graph did it
	AttemptFailed     AttemptState = "failed"     // Graph refused; nothing was changed
	AttemptUnfinished AttemptState = "unfinished" // no answer came: it may have been done
	AttemptSuperseded AttemptState = "superseded" // a newer attempt took its place
	AttemptDismissed  AttemptState = "dismissed"  // a person put it aside
)

// Outcome is what a done attempt came to.
type Outcome string

// The outcomes of a done attempt.
const (
	OutcomeCreated   Outcome = "created"   // 201
	OutcomeConfirmed Outcome = "confirmed" // 200 after an unanswered try that had created it
	OutcomeFound     Outcome = "found"     // 200: it existed, and what was sent was ignored
	OutcomeUpdated   Outcome = "updated"
	OutcomeSet       Outcome = "set"     // an option
	OutcomeRemoved   Outcome = "removed" // 204, or 404: it was gone already
	OutcomeRead      Outcome = "read"    // of a refresh
	OutcomeAdopted   Outcome = "adopted" // read by its join link, and not known before
)

// Attempt is one intention and its outcome. What was asked is written down
// before Graph is called, so that a crash loses nothing.
type Attempt struct {
	ID        int64
	MeetingID int64
	Actor     User
	Mode      Mode
	Kind      Kind
	Asked     Asked
	State     AttemptState
	Outcome   Outcome // of a done attempt
	Reason    Reason  // of a failed or unfinished one
	Accepted  bool    // the person uses what Graph has instead of what was asked
	BaseReply int64   // of a change: the reply it was based on
	CreatedAt time.Time
	UpdatedAt time.Time
	Calls     []Call
}

// Open reports whether the attempt still waits for an answer.
func (a Attempt) Open() bool {
	return a.State == AttemptPending || a.State == AttemptUnfinished
}

// CanRetry reports whether the attempt can be tried again.
func (a Attempt) CanRetry() bool { return a.Open() || a.State == AttemptFailed }

// Asked is what an attempt sends to Graph, with explicit times.
type Asked struct {
	ExternalID string     `json:"externalId,omitempty"`
	Subject    string     `json:"subject"`
	Start      time.Time  `json:"start"`
	End        time.Time  `json:"end"`
	TimeZone   string     `json:"timeZone"`
	Attendees  []Attendee `json:"attendees"`
	KeepPeople bool       `json:"keepPeople,omitempty"` // of a change: the list is left as it is
	ThreadID   string     `json:"threadId,omitempty"`   // of the channel in which the meeting is
	Options    Options    `json:"options,omitzero"`     // wanted with a new meeting; of an attempt to set one: that one
	Roles      bool       `json:"roles,omitempty"`      // of an attempt to set roles: the attendees with their roles are the whole list

	// Unasked are the parts that nobody typed: the desk proposed or completed
	// them. A new meeting is made with them; one that exists keeps its own.
	Unasked []Difference `json:"unasked,omitempty"`
}

// Wish returns what the attempt asked for, to be compared with what Graph has: a
// meeting with these people. A meeting that was found owes nobody what the desk
// proposed, nor what was left blank, and keeps the people whom no form can name and
// the roles that nobody typed. One that was created or changed should have
// everything that was sent.
func (a Attempt) Wish(there []Attendee) Asked {
	wish := a.Asked
	if a.Outcome != OutcomeFound {
		wish.Unasked = nil
		return wish
	}
	wish.Unasked = slices.Clone(wish.Unasked)
	if wish.Subject == "" {
		wish.Unasked = append(wish.Unasked, DifferentSubject)
	}
	if len(wish.Attendees) == 0 {
		wish.Unasked = append(wish.Unasked, DifferentAttendees)
		return wish
	}
	wish.Attendees = keepRoles(Keep(wish.Attendees, there), there)
	return wish
}

// Concern is what an attempt is about. A newer attempt of the same concern
// takes an older one's place; a failed look has nothing to say after any newer
// attempt.
type Concern string

// The concerns. Each option is one of its own, under its name; the roles of
// people are OptionPresenters' too.
const (
	ConcernMeeting Concern = "meeting" // that it exists, and how
	ConcernLook    Concern = "look"
)

// ConcernOf returns what an attempt of that kind, which asks for that, is about.
func ConcernOf(kind Kind, asked Asked) Concern {
	if kind == KindRefresh {
		return ConcernLook
	}
	if o, ok := optionOf(kind, asked); ok {
		return Concern(o)
	}
	return ConcernMeeting
}

// optionOf returns the option that an attempt is to set. A change of the meeting
// itself asks for none, and an attempt to create sets none: it only notes them.
// Roles count as the presenters' option, since Graph takes both together.
func optionOf(kind Kind, asked Asked) (o Option, ok bool) {
	if kind != KindUpdate {
		return "", false
	}
	if asked.Roles {
		return OptionPresenters, true
	}
	if chosen := asked.Options.Chosen(); len(chosen) > 0 {
		return chosen[0], true
	}
	return "", false
}

// Concern returns what the attempt is about.
func (a Attempt) Concern() Concern { return ConcernOf(a.Kind, a.Asked) }

// Option returns the option that the attempt is to set, and whether that is
// what it is for.
func (a Attempt) Option() (Option, bool) { return optionOf(a.Kind, a.Asked) }

// Current returns the attempts that no newer one has taken the place of. The
// attempts come newest first, and so does what is returned.
func Current(attempts []Attempt) (current []Attempt) {
	seen := make(map[Concern]bool)
	for i, a := range attempts {
		if !seen[a.Concern()] && (a.Kind != KindRefresh || i == 0) {
			current = append(current, a)
		}
		seen[a.Concern()] = true
	}
	return current
}

// unsureSince returns when the attempt may first have taken effect without the
// desk having heard of it, and whether it may: a call went unanswered, or of
// its last run nothing is recorded at all.
func (a Attempt) unsureSince() (since time.Time, unsure bool) {
	if since, unsure = FirstUnsure(a.Calls); unsure {
		return since, true
	}
	return a.UpdatedAt, a.State == AttemptPending
}

// UnsureSince returns when one of the attempts to create a meeting may first
// have done so unheard, and whether one may. The attempts come newest first;
// one that got its answer settles those before it.
func UnsureSince(attempts []Attempt) (since time.Time, unsure bool) {
	for _, a := range attempts {
		if a.Kind != KindCreate {
			continue
		}
		if a.State == AttemptDone {
			break
		}
		if at, ok := a.unsureSince(); ok {
			since, unsure = at, true
		}
	}
	return since, unsure
}

// FirstUnsure returns when the first of the calls began that may have taken
// effect unheard, and whether there is one.
func FirstUnsure(calls []Call) (at time.Time, unsure bool) {
	for _, c := range calls {
		if c.Unsure {
			return c.StartedAt, true
		}
	}
	return time.Time{}, false
}

// AnyUnsure reports whether one of the calls may have taken effect unheard.
func AnyUnsure(calls []Call) bool {
	_, unsure := FirstUnsure(calls)
	return unsure
}

// Call is one HTTP try of an attempt: what Microsoft's support asks for.
type Call struct {
	ID              int64
	Method          string
	ClientRequestID string
	RequestID       string
	Status          int    // 0: no answer came
	Code            string // Graph's error code, if any
	Message         string // Graph's error message, not meant for people; of an answer that is not Graph's its type and first characters
	Date            string // as Graph gave it
	StartedAt       time.Time
	Duration        time.Duration
	RetryAt         time.Time // not before then another call was asked for; zero where nothing was said
	Unsure          bool      // it may have taken effect although no proper answer came
	Claims          string    // what the next token must satisfy, as JSON: the person has to sign in again with it
}
