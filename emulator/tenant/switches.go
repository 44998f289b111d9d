package tenant

import (
	"errors"
	"fmt"
	"slices"
)

// Switches selects how Graph behaves in undocumented cases. The zero value is the best
// guess. Tests set a switch to verify that a client does not depend on the guess.
type Switches struct {
	FoldExternalID  bool // external IDs that differ only in case identify the same meeting
	ASCIIExternalID bool // Graph answers 400 for an external ID with characters outside printable ASCII

	RemovedIsNotFound bool // createOrGet answers 404 for a removed meeting, instead of creating a new one
	ExpiredIsNotFound bool // createOrGet answers 404 for a meeting past its expiryDateTime
	GoneIsNotFound    bool // implies RemovedIsNotFound and ExpiredIsNotFound

	MaxExternalID int // maximum length of an external ID, in characters; 0 means no limit
	MaxSubject    int // maximum length of a subject, in characters; 0 means no limit
	MaxAttendees  int // maximum number of attendees in one request; 0 means no limit

	ShortLinks           bool // a new meeting's joinWebUrl is https://teams.microsoft.com/meet/…, the default form since 2026
	PresentersNeedList   bool // Graph answers 400 if a request sets roleIsPresenter without listing the attendees
	OutsiderRoleRejected bool // Graph answers 400 if an attendee outside the directory has a role, instead of ignoring the role

	ChatInfoInV1          bool // /v1.0 also accepts chatInfo, instead of answering 400
	ChannelHidesAttendees bool // a meeting in a channel is returned without its attendees

	// SimultaneousConflict makes createOrGet answer 409 while another call is creating
	// the same meeting, instead of waiting. It delays each creation by 100 ms or the
	// latency, whichever is longer.
	SimultaneousConflict bool

	// MaxPerSecond is the maximum number of meeting requests per second, including refused
	// ones. Graph answers 429 to further requests. 0 means no limit.
	MaxPerSecond int

	ThrottleWithoutRetryAfter bool // 429 responses caused by MaxPerSecond have no Retry-After header

	BatchCreateOrGet bool // createOrGet works inside $batch, instead of failing with 400

	PolicyRefusal string // how Graph refuses a call that no access policy allows: PolicyForbidden (same as ""), PolicyGeneral or PolicyUnauthorized
}

// The values of Switches.PolicyRefusal are error codes that Graph sends with status 403.
// With PolicyUnauthorized, Graph also sends an older, longer message.
const (
	PolicyForbidden    = "Forbidden"
	PolicyGeneral      = "General"
	PolicyUnauthorized = "Unauthorized"
)

// Check returns an error if a switch has an invalid value.
func (switches Switches) Check() error {
	if forms := []string{"", PolicyForbidden, PolicyGeneral, PolicyUnauthorized}; !slices.Contains(forms, switches.PolicyRefusal) {
		return fmt.Errorf("emulator: PolicyRefusal %q: want one of %q", switches.PolicyRefusal, forms[1:])
	}
	if switches.MaxExternalID < 0 || switches.MaxSubject < 0 || switches.MaxAttendees < 0 || switches.MaxPerSecond < 0 {
		return errors.New("emulator: a limit of the switches is negative; 0 is no limit")
	}
	return nil
}

// Switches returns the current switches.
func (t *Tenant) Switches() Switches { return *t.switches.Load() }

// SetSwitches replaces all switches. The new switches apply to all later requests. It
// panics if a switch has an invalid value.
func (t *Tenant) SetSwitches(switches Switches) {
	if err := switches.Check(); err != nil {
		panic(err)
	}
	t.Records.setFold(switches.FoldExternalID, func() { t.switches.Store(&switches) })
}
