package emulator

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// sharedTenants are the names of Entra's endpoints for the accounts of any
// organisation. The application here is registered for one organisation alone.
func sharedTenants() []string { return []string{"common", "organizations", "consumers"} }

// tenantKey is where the context holds the name of a shared endpoint.
type tenantKey struct{}

// ServeHTTP answers as Entra below the tenant's path, as Graph below /v1.0 and
// /beta, and whoever controls the emulator below /emulator/control/.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	tenant, path, ok := entraPath(r.URL)
	if !ok {
		e.mux.ServeHTTP(w, spelled(r))
		return
	}
	shared, isShared := canonical(tenant, sharedTenants())
	switch {
	case isShared && (path == authorizePath || path == tokenPath):
		e.refuseTenant(w, path, refusalSingleTenant)
		return
	case isShared:
		r = r.WithContext(context.WithValue(r.Context(), tenantKey{}, shared))
	case !e.isHome(tenant):
		e.refuseTenant(w, path, refusalNoTenant)
		return
	}
	e.mux.ServeHTTP(w, withPath(r, "/"+e.options.Tenant+path))
}

// entraPath splits the path of one of Entra's endpoints into the tenant and the
// rest as the site map writes it, whatever its case.
func entraPath(address *url.URL) (tenant, path string, ok bool) {
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(address.Path, "/"), "/")
	path, ok = canonical("/"+strings.TrimSuffix(rest, "/"), []string{
		discoveryPath, keysPath, authorizePath, tokenPath, logoutPath, pickPath, instancePath,
	})
	return tenant, path, ok && tenant != "emulator"
}

// isHome reports whether name means the tenant: its GUID, or a domain of its people.
func (e *Emulator) isHome(name string) bool {
	return strings.EqualFold(name, e.options.Tenant) || slices.ContainsFunc(e.people.people, func(p Person) bool {
		_, domain, _ := strings.Cut(p.UPN, "@")
		return p.Tenant == e.options.Tenant && domain != "" && strings.EqualFold(domain, name)
	})
}

// refuseTenant tells a program in JSON, and a person on a page.
func (e *Emulator) refuseTenant(w http.ResponseWriter, path string, no refusal) {
	if path == authorizePath || path == logoutPath || path == pickPath {
		e.refusalPage(w, no)
		return
	}
	e.refuse(no).write(w)
}

// instance tells MSAL that the host in its authority is one of Entra's. MSAL
// asks login.microsoftonline.com about hosts that it was not told to trust.
func (e *Emulator) instance(r *http.Request) answer {
	asked, err := url.Parse(r.URL.Query().Get("authorization_endpoint"))
	if err != nil || asked.Host == "" {
		return e.refuse(refusalMalformed)
	}
	here, err := url.Parse(e.options.URL)
	if err != nil || !strings.EqualFold(asked.Host, here.Host) {
		return e.refuse(refusalInstance)
	}
	tenant, _, _ := strings.Cut(strings.TrimPrefix(asked.Path, "/"), "/")
	return jsonAnswer(http.StatusOK, "application/json; charset=utf-8", map[string]any{
		"tenant_discovery_endpoint": e.options.URL + "/" + url.PathEscape(tenant) + discoveryPath,
		"api-version":               "1.1",
		"metadata":                  []any{map[string]any{"preferred_network": here.Host, "preferred_cache": here.Host, "aliases": []string{here.Host}}},
	})
}
