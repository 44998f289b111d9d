package emulator

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// Where Entra has its endpoints, below the tenant.
const (
	discoveryPath = "/v2.0/.well-known/openid-configuration"
	keysPath      = "/discovery/v2.0/keys"
	authorizePath = "/oauth2/v2.0/authorize"
	tokenPath     = "/oauth2/v2.0/token"
	logoutPath    = "/oauth2/v2.0/logout"
	instancePath  = "/discovery/instance"
	pickPath      = "/emulator/pick"
	stylePath     = "/emulator/style.css"
)

// maxForm bounds the forms of the sign-in side.
const maxForm = 1 << 20

// addProvider sets up the OIDC library. Its parsing, checking and token making
// is used step by step instead of its router: the router logs every refused
// request to the default logger, and answers errors in a shape unlike Entra's.
func (e *Emulator) addProvider() error {
	e.client = &client{
		id:         e.options.ClientID,
		secret:     e.options.ClientSecret,
		redirects:  e.options.RedirectURIs,
		postLogout: e.options.PostLogoutRedirectURIs,
	}
	e.storage = &storage{
		client: e.client, people: e.people, state: e.state,
		signIns: e.signIns, key: e.key, now: e.options.Now,
	}
	config := &op.Config{
		CodeMethodS256:        true,
		AuthMethodPost:        true,
		GrantTypeRefreshToken: true,
		SupportedScopes:       append(protocolScopes(), graphScopes()...),
	}
	rand.Read(config.CryptoKey[:]) // for codes, which do not outlive the process
	endpoint := func(path string) *op.Endpoint { return op.NewEndpointWithURL(path, e.tenantURL(path)) }
	provider, err := op.NewProvider(config, e.storage, op.StaticIssuer(e.Issuer()),
		op.WithAllowInsecure(),
		op.WithCORSOptions(nil),
		op.WithCustomAuthEndpoint(endpoint(authorizePath)),
		op.WithCustomTokenEndpoint(endpoint(tokenPath)),
		op.WithCustomEndSessionEndpoint(endpoint(logoutPath)),
		op.WithCustomKeysEndpoint(endpoint(keysPath)),
	)
	e.provider = provider
	return err
}

// signInRoutes is the site map of the Entra side. FailNext knows a route by the
// first of its two names.
func (e *Emulator) signInRoutes() {
	e.signInRoute("GET /openid-configuration", discoveryPath, e.discovery)
	e.signInRoute("GET /keys", keysPath, e.keys)
	e.signInRoute("GET /instance", instancePath, e.instance)
	e.signInRoute("POST /token", tokenPath, e.token)

	tenant := "/" + e.options.Tenant
	e.mux.HandleFunc("GET "+tenant+authorizePath, e.authorize)
	e.mux.HandleFunc("POST "+tenant+authorizePath, e.authorize)
	e.mux.HandleFunc("POST "+tenant+pickPath, e.pick)
	e.mux.HandleFunc("GET "+tenant+logoutPath, e.logout)
	e.mux.HandleFunc("POST "+tenant+logoutPath, e.logout)
	e.mux.HandleFunc("GET "+stylePath, e.style)
}

// signInRoute adds a route for programs: it answers in JSON and can fail.
func (e *Emulator) signInRoute(route, path string, act func(*http.Request) answer) {
	e.failures.routes = append(e.failures.routes, route)
	method, _, _ := strings.Cut(route, " ")
	e.mux.HandleFunc(method+" /"+e.options.Tenant+path, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		r.ParseForm() // now, for only after the body is the client's leaving noticed; a bad form lacks its fields
		if r.Method == http.MethodPost {
			r.Form = r.PostForm // Entra reads the body alone
		}
		e.serve(w, r, route, e.refuseFailure, func() answer { return act(r) })
	})
}

// withIssuer is the context in which the library's functions run.
func (e *Emulator) withIssuer(ctx context.Context) context.Context {
	return op.ContextWithIssuer(ctx, e.Issuer())
}
