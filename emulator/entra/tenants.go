package entra

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// sharedTenants returns the names that stand in for a tenant in the URLs of Entra's shared
// endpoints. The emulator refuses sign-ins at these endpoints, because the application is
// registered for a single organization.
func sharedTenants() []string { return []string{"common", "organizations", "consumers"} }

// sharedTenantKey is the context key for the name of a shared endpoint.
type sharedTenantKey struct{}

// Owns reports whether Server serves address.
func Owns(address *url.URL) bool {
	_, _, ok := splitPath(address)
	return ok || address.Path == stylePath
}

// ServeHTTP serves the paths that Owns accepts.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, path, ok := splitPath(r.URL)
	if !ok {
		s.mux.ServeHTTP(w, r)
		return
	}
	shared, isShared := wire.Canonical(name, sharedTenants())
	switch {
	case isShared && (path == authorizePath || path == tokenPath):
		s.refuseTenant(w, path, refusalSingleTenant)
		return
	case isShared:
		r = r.WithContext(context.WithValue(r.Context(), sharedTenantKey{}, shared))
	case !s.isHome(name):
		s.refuseTenant(w, path, refusalNoTenant)
		return
	}
	s.mux.ServeHTTP(w, wire.WithPath(r, "/"+s.tenant.Options.Tenant+path))
}

// splitPath splits an endpoint's path into the tenant's name and the rest. It matches the
// rest case-insensitively and returns it as spelled in the routes. ok is false if there
// is no such endpoint.
func splitPath(address *url.URL) (name, path string, ok bool) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(address.Path, "/"), "/")
	path, ok = wire.Canonical("/"+strings.TrimSuffix(rest, "/"), []string{
		discoveryPath, keysPath, authorizePath, tokenPath, logoutPath, pickPath, instancePath,
	})
	return name, path, ok && name != "emulator"
}

// isHome reports whether name is the tenant's GUID or the domain of any of its people.
func (s *Server) isHome(name string) bool {
	home := s.tenant.Options.Tenant
	return strings.EqualFold(name, home) || slices.ContainsFunc(s.tenant.People.All(), func(p tenant.Person) bool {
		_, domain, _ := strings.Cut(p.UPN, "@")
		return p.Tenant == home && domain != "" && strings.EqualFold(domain, name)
	})
}

// refuseTenant sends the refusal as a page from the endpoints that browsers visit, and as
// JSON from all others.
func (s *Server) refuseTenant(w http.ResponseWriter, path string, reason refusal) {
	if path == authorizePath || path == logoutPath || path == pickPath {
		s.refusalPage(w, reason)
		return
	}
	s.refusalResponse(reason).Write(w)
}

// instance serves instance discovery. MSAL uses it to ask login.microsoftonline.com
// whether a host belongs to Entra, unless MSAL is configured to trust that host.
func (s *Server) instance(r *http.Request) wire.Response {
	requested, err := url.Parse(r.URL.Query().Get("authorization_endpoint"))
	if err != nil || requested.Host == "" {
		return s.refusalResponse(refusalMalformed)
	}
	here, err := url.Parse(s.tenant.Options.URL)
	if err != nil || !strings.EqualFold(requested.Host, here.Host) {
		return s.refusalResponse(refusalInstance)
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(requested.Path, "/"), "/")
	return wire.JSON(http.StatusOK, "application/json; charset=utf-8", map[string]any{
		"tenant_discovery_endpoint": s.tenant.Options.URL + "/" + url.PathEscape(name) + discoveryPath,
		"api-version":               "1.1",
		"metadata":                  []any{map[string]any{"preferred_network": here.Host, "preferred_cache": here.Host, "aliases": []string{here.Host}}},
	})
}
