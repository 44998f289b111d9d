package control

import (
	"net/http"
	"strings"
	"time"

	"meetdesk/emulator/tenant"
)

type stateView struct {
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
	Switches       tenant.Switches          `json:"switches"`
	Failures       map[string][]failureView `json:"failures"` // queued failures, by route
	Routes         []string                 `json:"routes"`   // the routes that can be made to fail
}

type personView struct {
	ObjectID       string   `json:"objectId"`
	UPN            string   `json:"upn"`
	Mail           string   `json:"mail"`
	Name           string   `json:"name"`
	Roles          []string `json:"roles"`
	Disabled       bool     `json:"disabled,omitempty"`
	Policy         bool     `json:"policy"` // whether the application may act on this person's behalf
	RequiredClaims string   `json:"requiredClaims,omitempty"`
}

func (s *Server) readState(*http.Request) (any, error) {
	t := s.tenant
	v := stateView{
		Issuer: t.Issuer(), Tenant: t.Options.Tenant, ClientID: t.Options.ClientID, AppClientID: t.Options.AppClientID,
		Now: t.Now(), ClockAhead: t.ClockAhead().Seconds(), Latency: t.Latency().Milliseconds(),
		PolicyEveryone: t.AccessPolicyAllows(tenant.Everyone), Meetings: t.Records.Count(), Switches: t.Switches(),
		Failures: s.queuedFailures(), Routes: t.Routes(),
	}
	for _, p := range t.People.All() {
		v.People = append(v.People, personView{
			ObjectID: p.ObjectID, UPN: p.UPN, Mail: p.Mail, Name: p.Name, Roles: append([]string{}, p.Roles...), Disabled: p.Disabled,
			Policy: t.AccessPolicyAllows(p.ObjectID), RequiredClaims: t.RequiredClaims(p).Parameter,
		})
	}
	return v, nil
}

// setSwitches replaces all switches. Switches missing from the body are set to their zero
// values.
func (s *Server) setSwitches(r *http.Request) (any, error) {
	var switches tenant.Switches
	if err := decode(r, &switches); err != nil {
		return nil, err
	}
	if err := switches.Check(); err != nil {
		return nil, badRequest("%s.", strings.TrimPrefix(err.Error(), "emulator: "))
	}
	s.tenant.SetSwitches(switches)
	return s.readState(r)
}

func (s *Server) setLatency(r *http.Request) (any, error) {
	var body struct{ Milliseconds int64 }
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if body.Milliseconds < 0 {
		return nil, badRequest("The latency cannot be negative.")
	}
	s.tenant.SetLatency(time.Duration(body.Milliseconds) * time.Millisecond)
	return s.readState(r)
}

func (s *Server) setClock(r *http.Request) (any, error) {
	var body struct{ Ahead int64 } // seconds
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	s.tenant.SetClockAhead(time.Duration(body.Ahead) * time.Second)
	return s.readState(r)
}
