package emulator

import (
	"net/http"
	"strings"
	"time"
)

// controlView is the emulator at a glance.
type controlView struct {
	Issuer         string                   `json:"issuer"`
	Tenant         string                   `json:"tenant"`
	ClientID       string                   `json:"clientId"`
	AppClientID    string                   `json:"appClientId"`
	Now            time.Time                `json:"now"`
	ClockAhead     float64                  `json:"clockAheadSeconds"`
	Latency        int64                    `json:"latencyMilliseconds"`
	PolicyEveryone bool                     `json:"policyForEveryone"`
	People         []personView             `json:"people"`
	Meetings       int                      `json:"meetings"`
	Switches       Switches                 `json:"switches"`
	Failures       map[string][]failureView `json:"failures"` // waiting, by route
	Routes         []string                 `json:"routes"`   // that can be made to fail
}

type personView struct {
	ObjectID       string   `json:"objectId"`
	UPN            string   `json:"upn"`
	Mail           string   `json:"mail"`
	Name           string   `json:"name"`
	Roles          []string `json:"roles"`
	Policy         bool     `json:"policy"` // the application may act for them
	RequiredClaims string   `json:"requiredClaims,omitempty"`
}

func (e *Emulator) controlState(*http.Request) (any, error) {
	v := controlView{
		Issuer: e.Issuer(), Tenant: e.options.Tenant, ClientID: e.options.ClientID, AppClientID: e.options.AppClientID,
		Now: e.now(), ClockAhead: time.Duration(e.ahead.Load()).Seconds(), Latency: time.Duration(e.latency.Load()).Milliseconds(),
		PolicyEveryone: e.policy.allows(Everyone), Meetings: e.MeetingCount(), Switches: e.Switches(),
		Failures: e.failures.waiting(), Routes: e.failures.routes,
	}
	for _, p := range e.people.people {
		v.People = append(v.People, personView{
			ObjectID: p.ObjectID, UPN: p.UPN, Mail: p.Mail, Name: p.Name, Roles: append([]string{}, p.Roles...),
			Policy: e.policy.allows(p.ObjectID), RequiredClaims: e.required.of(p).parameter,
		})
	}
	return v, nil
}

// controlSwitches sets all switches: those that are not named go back.
func (e *Emulator) controlSwitches(r *http.Request) (any, error) {
	var w Switches
	if err := decodeControl(r, &w); err != nil {
		return nil, err
	}
	if err := w.check(); err != nil {
		return nil, badControl("%s.", strings.TrimPrefix(err.Error(), "emulator: "))
	}
	e.SetSwitches(w)
	return e.controlState(r)
}

func (e *Emulator) controlLatency(r *http.Request) (any, error) {
	var body struct{ Milliseconds int64 }
	if err := decodeControl(r, &body); err != nil {
		return nil, err
	}
	if body.Milliseconds < 0 {
		return nil, badControl("The latency cannot be negative.")
	}
	e.SetLatency(time.Duration(body.Milliseconds) * time.Millisecond)
	return e.controlState(r)
}

func (e *Emulator) controlClock(r *http.Request) (any, error) {
	var body struct{ Ahead int64 } // seconds
	if err := decodeControl(r, &body); err != nil {
		return nil, err
	}
	e.SetClockAhead(time.Duration(body.Ahead) * time.Second)
	return e.controlState(r)
}
