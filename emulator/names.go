package emulator

import (
	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// Types from packages tenant and wire.
type (
	Options  = tenant.Options
	Person   = tenant.Person
	Switches = tenant.Switches
	Request  = tenant.Request
	Failure  = wire.Failure
)

// Constants from package tenant.
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

// ErrLocked means that another emulator is using the folder in Options.Data.
var ErrLocked = tenant.ErrLocked

// Cast returns the demo's five people.
func Cast() []Person { return tenant.Cast() }
