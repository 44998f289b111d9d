package meeting

import (
	"slices"
	"time"
)

// Kind says which operation an attempt requests from Graph.
type Kind string

// The kinds of attempt.
const (
	KindCreate  Kind = "create"
	KindUpdate  Kind = "update" // changes the subject, times and people together, or one option, or the roles
	KindRemove  Kind = "remove"
	KindRefresh Kind = "refresh"
)

// Mode determines whose token an attempt uses.
type Mode string

// The modes.
const (
	Delegated   Mode = "delegated"   // the token of the person who makes the request, for URLs under /me
	Application Mode = "application" // the application's own token, for URLs under /users/{object id}
)

// AttemptState says whether an attempt is still open and, if it is not, how it ended.
type AttemptState string

// The states of an attempt.
const (
	AttemptPending    AttemptState = "pending"    // begun, but no outcome is recorded yet
	AttemptDone       AttemptState = "done"       // Graph carried out the request
	AttemptFailed     AttemptState = "failed"     // nothing was changed, for example because Graph refused the request
	AttemptUnfinished AttemptState = "unfinished" // the outcome is unknown: Graph may or may not have carried out the request
	AttemptSuperseded AttemptState = "superseded" // a newer attempt replaced it
	AttemptDismissed  AttemptState = "dismissed"  // a person dismissed it
)

// Outcome is the result of an attempt in the state AttemptDone.
type Outcome string

// The outcomes of attempts in the state AttemptDone.
const (
	OutcomeCreated   Outcome = "created"   // Graph answered 201
	OutcomeConfirmed Outcome = "confirmed" // Graph answered 200, but an earlier call that got no response had created the meeting
	OutcomeFound     Outcome = "found"     // Graph answered 200: the meeting already existed, and Graph ignored what was sent
	OutcomeUpdated   Outcome = "updated"
	OutcomeSet       Outcome = "set"     // an option or the roles were set
	OutcomeRemoved   Outcome = "removed" // Graph answered 204, or 404 if the meeting no longer existed
	OutcomeRead      Outcome = "read"    // a refresh read the meeting
	OutcomeAdopted   Outcome = "adopted" // a person added the meeting by its join link
)

// Attempt is one attempt to create, change, remove or refresh a meeting. It is stored
// before Graph is called, so it survives a crash.
type Attempt struct {
	ID        int64
	MeetingID int64
	Actor     User
	Mode      Mode
	Kind      Kind
	Asked     Asked
	State     AttemptState
	Outcome   Outcome // set if the attempt is done
	Reason    Reason  // set if the attempt failed or is unfinished
	Accepted  bool    // whether the person has accepted that the meeting differs from the request
	BaseReply int64   // the ID of the reply on which the requested change is based
	CreatedAt time.Time
	UpdatedAt time.Time
	Calls     []Call
}

// Open reports whether the outcome of the attempt is still unknown.
func (a Attempt) Open() bool {
	return a.State == AttemptPending || a.State == AttemptUnfinished
}

// CanRetry reports whether the attempt can be retried.
func (a Attempt) CanRetry() bool { return a.Open() || a.State == AttemptFailed }

// Challenge returns the claims challenge in the response to the last call, as JSON, or ""
// if there is none. Once a sign-in has satisfied the challenge, a retry can succeed.
func (a Attempt) Challenge() string {
	if len(a.Calls) == 0 {
		return ""
	}
	return a.Calls[len(a.Calls)-1].Claims
}

// Asked is the content of an attempt's request to Graph. Missing times are filled in; see
// Request.Asked.
type Asked struct {
	ExternalID string     `json:"externalId,omitempty"`
	Subject    string     `json:"subject"`
	Start      time.Time  `json:"start"`
	End        time.Time  `json:"end"`
	TimeZone   string     `json:"timeZone"`
	Attendees  []Attendee `json:"attendees"`
	KeepPeople bool       `json:"keepPeople,omitempty"` // whether an update leaves the attendees unchanged
	ThreadID   string     `json:"threadId,omitempty"`   // the thread of the channel, for a channel meeting
	Options    Options    `json:"options,omitzero"`     // every option to set on a new meeting, or the one that this attempt sets
	Roles      bool       `json:"roles,omitempty"`      // whether the attempt sets roles; if so, Attendees is the whole list

	// Unasked lists the parts that the desk proposed or filled in. They apply to a new meeting
	// but do not change an existing one.
	Unasked []Difference `json:"unasked,omitempty"`
}

// Wish returns the expected state of the meeting after the attempt. current lists the
// attendees of Graph's meeting.
//
// A created or changed meeting is expected to match the request. A found meeting may differ
// in parts that the desk proposed and in fields that were left empty. It may also have
// attendees whom the form cannot show and roles that nobody entered.
func (a Attempt) Wish(current []Attendee) Asked {
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
	wish.Attendees = keepRoles(Keep(wish.Attendees, current), current)
	return wish
}

// Concern is the part of a meeting that an attempt affects. An attempt replaces older
// attempts with the same concern. A refresh is replaced by any newer attempt.
type Concern string

// The concerns. Each option is also a concern, under its own name. An attempt to set roles
// has the same concern as an attempt to set OptionPresenters.
const (
	ConcernMeeting Concern = "meeting" // whether the meeting exists, and its subject, times and people
	ConcernLook    Concern = "look"
)

// ConcernOf returns the concern of an attempt with the given kind and content.
func ConcernOf(kind Kind, asked Asked) Concern {
	if kind == KindRefresh {
		return ConcernLook
	}
	if o, ok := optionOf(kind, asked); ok {
		return Concern(o)
	}
	return ConcernMeeting
}

// optionOf returns the option that an attempt sets. ok is false if the attempt does not set
// an option. An attempt that sets roles counts as one that sets OptionPresenters, because
// Graph accepts the roles and that option in one request.
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

// Concern returns the part of the meeting that the attempt affects.
func (a Attempt) Concern() Concern { return ConcernOf(a.Kind, a.Asked) }

// Option returns the option that the attempt sets, if it sets one.
func (a Attempt) Option() (Option, bool) { return optionOf(a.Kind, a.Asked) }

// Current returns the attempts that have not been replaced by newer ones. The argument
// and the result are both sorted from newest to oldest.
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

// unsureSince reports whether the attempt may have taken effect although no response was
// recorded. If so, since is the earliest time at which that may have happened.
func (a Attempt) unsureSince() (since time.Time, unsure bool) {
	if since, unsure = FirstUnsure(a.Calls); unsure {
		return since, true
	}
	return a.UpdatedAt, a.State == AttemptPending
}

// UnsureSince reports whether any of the attempts may have created the meeting although no
// response was recorded. If so, since is the earliest time at which that may have happened.
// The attempts must be sorted from newest to oldest. Attempts older than a completed one
// are ignored.
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

// FirstUnsure returns the start time of the first call that may have taken effect without a
// valid response. unsure is false if there is no such call.
func FirstUnsure(calls []Call) (at time.Time, unsure bool) {
	for _, c := range calls {
		if c.Unsure {
			return c.StartedAt, true
		}
	}
	return time.Time{}, false
}

// AnyUnsure reports whether any of the calls may have taken effect without a valid
// response.
func AnyUnsure(calls []Call) bool {
	_, unsure := FirstUnsure(calls)
	return unsure
}

// Call is one HTTP request of an attempt, with the details that Microsoft's support asks
// for.
type Call struct {
	ID              int64
	Method          string
	ClientRequestID string
	RequestID       string
	Status          int    // 0 if there was no response
	Code            string // Graph's error code, if any
	Message         string // Graph's error message, or a description of a response that is garbled or not from Graph
	Date            string // as Graph sent it
	StartedAt       time.Time
	Duration        time.Duration
	RetryAt         time.Time // the end of the delay that the response requested; zero if it requested none
	Unsure          bool      // whether the call may have taken effect without a valid response
	Claims          string    // the claims challenge for the person's next sign-in, as JSON
}
