package emulator

import (
	"fmt"
	"net/http"

	"meetdesk/emulator/control"
	"meetdesk/emulator/entra"
	"meetdesk/emulator/msgraph"
	"meetdesk/emulator/tenant"
)

// Emulator serves one tenant of Entra and Graph. Its methods may be called concurrently.
type Emulator struct {
	*tenant.Tenant
	entra   *entra.Server
	graph   *msgraph.Server
	control *control.Server
}

// New returns an emulator. It restores the state stored in Options.Data, if any. The
// caller must serve the emulator at Options.URL, because every token contains that URL.
func New(o Options) (*Emulator, error) {
	t, err := tenant.New(o)
	if err != nil {
		return nil, err
	}
	e := &Emulator{Tenant: t}
	if e.entra, err = entra.New(t); err != nil {
		t.Close()
		return nil, fmt.Errorf("emulator: %w", err)
	}
	e.graph = msgraph.New(t)
	e.control = control.New(t)
	return e, nil
}

// ServeHTTP passes Entra's paths to Entra, paths below /emulator/ to the control API, and
// all others to Graph.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case entra.Owns(r.URL):
		e.entra.ServeHTTP(w, r)
	case control.Owns(r.URL):
		e.control.ServeHTTP(w, r)
	default:
		e.graph.ServeHTTP(w, r)
	}
}
