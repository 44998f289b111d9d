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
	KindUpdate  Kind = "update"
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
	Reason    string  // of a failed or unfinished one: the key of its sentence in locale
	BaseReply int64   // of an update: the reply it was based on
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
}

// unsure reports whether the attempt may have taken effect without the desk
// having heard of it: a call went unanswered, or nothing was recorded at all.
func (a Attempt) unsure() bool {
	if len(a.Calls) == 0 {
		return a.State == AttemptPending || a.State == AttemptSuperseded
	}
	return slices.ContainsFunc(a.Calls, func(c Call) bool { return c.Unsure })
}

// UnsureSince returns when the first of the attempts to create a meeting began
// that may have done so unheard, and whether there is one. The attempts come
// newest first; one that got its answer settles those before it.
func UnsureSince(attempts []Attempt) (since time.Time, unsure bool) {
	for _, a := range attempts {
		switch {
		case a.Kind != KindCreate:
		case a.State == AttemptDone:
			return since, unsure
		case a.unsure():
			since, unsure = a.CreatedAt, true
		}
	}
	return since, unsure
}

// Call is one HTTP try of an attempt: what Microsoft's support asks for.
type Call struct {
	ID              int64
	Method          string
	ClientRequestID string
	RequestID       string
	Status          int    // 0: no answer came
	Code            string // Graph's error code, if any
	Message         string // Graph's error message, not meant for people
	Date            string // as Graph gave it
	StartedAt       time.Time
	Duration        time.Duration
	Unsure          bool // it may have taken effect although no proper answer came
}
