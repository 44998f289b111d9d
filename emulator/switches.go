package emulator

import (
	"fmt"
	"slices"
)

// Switches settles what nobody outside Microsoft can know for sure. The zero
// value is the guess the emulator makes; a test sets a switch to prove that the
// caller does not depend on that guess.
type Switches struct {
	FoldExternalID  bool // external IDs that differ in case only are one meeting
	ASCIIExternalID bool // an external ID takes printable ASCII only; other characters are 400

	RemovedIsNotFound bool // createOrGet for a removed meeting is 404, not a new meeting
	ExpiredIsNotFound bool // the same for one past its expiryDateTime
	GoneIsNotFound    bool // both

	MaxExternalID int // longest external ID, in characters; 0 is no limit
	MaxSubject    int // longest subject, in characters; 0 is no limit
	MaxAttendees  int // most attendees in one request; 0 is no limit

	ShortLinks           bool // a new meeting's joinWebUrl is https://teams.microsoft.com/meet/…, the default form since 2026
	PresentersNeedList   bool // allowedPresenters becomes roleIsPresenter only with a list of attendees, else 400
	OutsiderRoleRejected bool // a role for somebody who is not in the directory is 400, not without effect

	ChatInfoInV1          bool // /v1.0 takes chatInfo too, instead of 400
	ChannelHidesAttendees bool // a meeting in a channel is returned without its attendees

	// SimultaneousConflict answers 409 while the first createOrGet of the same
	// meeting is under way, instead of letting the second one wait and get 200.
	// So that it can be seen, making a meeting then takes 100 ms, or the latency
	// once more when that is longer.
	SimultaneousConflict bool

	MaxPerSecond              int  // most requests for meetings in any second, refused ones included; more are 429. 0 is no limit
	ThrottleWithoutRetryAfter bool // that 429 comes without Retry-After: 1

	BatchCreateOrGet bool // createOrGet works inside $batch, where it is 400 otherwise

	PolicyRefusal string // how a missing access policy is refused: PolicyForbidden ("" too), PolicyGeneral or PolicyUnauthorized
}

// The forms of Switches.PolicyRefusal, all with status 403; each is its error's
// code. The last has an older, longer message.
const (
	PolicyForbidden    = "Forbidden"
	PolicyGeneral      = "General"
	PolicyUnauthorized = "Unauthorized"
)

func (w Switches) check() error {
	if forms := []string{"", PolicyForbidden, PolicyGeneral, PolicyUnauthorized}; !slices.Contains(forms, w.PolicyRefusal) {
		return fmt.Errorf("emulator: PolicyRefusal %q: want one of %q", w.PolicyRefusal, forms[1:])
	}
	if w.MaxExternalID < 0 || w.MaxSubject < 0 || w.MaxAttendees < 0 || w.MaxPerSecond < 0 {
		return fmt.Errorf("emulator: a limit of the switches is negative; 0 is no limit")
	}
	return nil
}

// Switches returns how the switches are set.
func (e *Emulator) Switches() Switches { return *e.switches.Load() }

// SetSwitches sets all of them, for requests that come from now on. It panics
// when one has a value that there is not.
func (e *Emulator) SetSwitches(w Switches) {
	if err := w.check(); err != nil {
		panic(err)
	}
	e.state.setFold(w.FoldExternalID, func() { e.switches.Store(&w) })
}
