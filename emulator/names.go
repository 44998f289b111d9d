package emulator

import (
	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// The types that callers need; see packages tenant and wire.
type (
	Options  = tenant.Options
	Person   = tenant.Person
	Switches = tenant.Switches
	Request  = tenant.Request
	Failure  = wire.Failure
)

// The values that callers need; see package tenant.
const (
	DefaultTenant      = tenant.DefaultTenant
	DefaultClientID    = tenant.DefaultClientID
	DefaultAppClientID = tenant.DefaultAppClientID
	PersonalTenant     = tenant.PersonalTenant
	Everyone           = tenant.Everyone

	PolicyForbidden    = tenant.PolicyForbidden
	PolicyGeneral      = tenant.PolicyGeneral
	PolicyUnauthorized = tenant.PolicyUnauthorized
)

// ErrLocked means that another emulator is using the folder Options.Data.
var ErrLocked = tenant.ErrLocked

// Cast returns the five people of the demo.
func Cast() []Person { return tenant.Cast() }
