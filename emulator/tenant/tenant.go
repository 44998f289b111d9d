package tenant

import (
	"sync/atomic"
	"time"

	"meetdesk/emulator/wire"
)

// AuthorizePath is the path of Entra's authorization endpoint, below the tenant's own path.
const AuthorizePath = "/oauth2/v2.0/authorize"

// Tenant is an Entra tenant with its people and one or two applications. Its methods may
// be called concurrently. Exported fields must not be assigned after New.
type Tenant struct {
	wire.Failures // failures queued for the routes of Entra and Graph

	Options  Options // with all defaults filled in
	People   *Directory
	Key      SigningKey
	Records  *Records
	policy   accessPolicy
	required requiredClaims
	requests requestLog
	switches atomic.Pointer[Switches]
	latency  atomic.Int64 // nanoseconds
	ahead    atomic.Int64 // nanoseconds
}

// New returns a tenant with the given options. If it has a folder, New restores the state
// that was saved there.
func New(o Options) (*Tenant, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	t := &Tenant{Options: o}
	t.switches.Store(&o.Switches)
	if t.People, err = newDirectory(o.People, o.Tenant); err != nil {
		return nil, err
	}
	t.GrantAccessPolicy(o.AccessPolicy...)
	if t.Records, err = openRecords(o.Data, o.Switches.FoldExternalID, o.Now()); err != nil {
		return nil, err
	}
	if t.Key, err = loadKey(o.Key, o.Data); err != nil {
		t.Records.close()
		return nil, err
	}
	return t, nil
}

// Close releases the folder. The emulator continues to answer requests, but every change
// to its records fails. Close does nothing if there is no folder.
func (t *Tenant) Close() error { return t.Records.close() }

// Issuer returns the issuer URL, which every token contains in its iss claim. The URL of
// the discovery document begins with it.
func (t *Tenant) Issuer() string { return t.Address("/v2.0") }

// Address returns the URL of a path below the tenant's own path.
func (t *Tenant) Address(path string) string {
	return t.Options.URL + "/" + t.Options.Tenant + path
}

// Now returns the current time on the tenant's clock, in UTC.
func (t *Tenant) Now() time.Time { return t.Options.Now().Add(t.ClockAhead()).UTC() }

// SetClockAhead moves the clock of Entra and Graph ahead of Options.Now by d. A negative d
// moves it back.
func (t *Tenant) SetClockAhead(d time.Duration) { t.ahead.Store(int64(d)) }

// ClockAhead returns the value set by SetClockAhead.
func (t *Tenant) ClockAhead() time.Duration { return time.Duration(t.ahead.Load()) }

// SetLatency makes every request to Graph take d longer.
func (t *Tenant) SetLatency(d time.Duration) { t.latency.Store(int64(d)) }

// Latency returns the value set by SetLatency.
func (t *Tenant) Latency() time.Duration { return time.Duration(t.latency.Load()) }

// RevokeRefreshTokens revokes the person's current refresh tokens, like Entra's "revoke
// sessions" action. Entra then refuses those tokens with AADSTS50173.
func (t *Tenant) RevokeRefreshTokens(objectID string) error {
	return t.Records.RevokeRefreshTokens(objectID)
}
