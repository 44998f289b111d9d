package emulator

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// Emulator is an Entra tenant with one registered application or two, and the
// Graph that goes with it. All its methods may be called at any time by anybody.
type Emulator struct {
	options  Options
	people   *directory
	state    *state
	key      signingKey
	client   *client
	signIns  *signIns
	storage  *storage
	provider *op.Provider
	pages    *pages
	mux      *http.ServeMux
	policy   accessPolicy
	required requiredClaims
	switches atomic.Pointer[Switches]
	throttle throttle

	failures failures
	requests requestLog
	latency  atomic.Int64 // nanoseconds
	ahead    atomic.Int64 // nanoseconds
}

// New returns an emulator with what its folder remembers. Whoever serves it
// must do so under Options.URL, because tokens and discovery name it.
func New(o Options) (*Emulator, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	e := &Emulator{options: o, mux: http.NewServeMux()}
	e.options.Now = func() time.Time { return o.Now().Add(time.Duration(e.ahead.Load())) }
	e.signIns = newSignIns(e.options.Now)
	e.switches.Store(&o.Switches)
	if e.people, err = newDirectory(o.People, o.Tenant); err != nil {
		return nil, err
	}
	e.GrantAccessPolicy(o.AccessPolicy...)
	if e.pages, err = newPages(); err != nil {
		return nil, err
	}
	if e.state, err = openState(o.Data, o.Switches.FoldExternalID, o.Now()); err != nil {
		return nil, err
	}
	if e.key, err = loadKey(o.Key, o.Data); err != nil {
		e.state.close()
		return nil, fmt.Errorf("emulator: %w", err)
	}
	if err := e.addProvider(); err != nil {
		e.state.close()
		return nil, fmt.Errorf("emulator: %w", err)
	}
	e.signInRoutes()
	e.graphRoutes("v1.0")
	e.graphRoutes("beta")
	e.addControl()
	return e, nil
}

// Close lets go of the folder. The emulator answers requests after it, but
// remembers nothing new.
func (e *Emulator) Close() error { return e.state.close() }

// Issuer returns the iss claim of ID tokens, which is also where discovery
// starts.
func (e *Emulator) Issuer() string { return e.tenantURL("/v2.0") }

// SetLatency makes every request to Graph take d longer.
func (e *Emulator) SetLatency(d time.Duration) { e.latency.Store(int64(d)) }

// SetClockAhead makes Entra's and Graph's clock d ahead of Options.Now: tokens
// and meetings expire without waiting. A negative d puts it behind.
func (e *Emulator) SetClockAhead(d time.Duration) { e.ahead.Store(int64(d)) }

// RevokeRefreshTokens does what an administrator's "revoke sessions" does: the
// person's refresh tokens are refused from now on, with AADSTS50173.
func (e *Emulator) RevokeRefreshTokens(objectID string) error { return e.state.revoke(objectID) }

func (e *Emulator) now() time.Time { return e.options.Now().UTC() }

// tenantURL is an address below the tenant's path.
func (e *Emulator) tenantURL(path string) string {
	return e.options.URL + "/" + e.options.Tenant + path
}
