package entra

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/op"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// Endpoints, relative to the tenant's path. All except pickPath exist in Entra.
const (
	discoveryPath = "/v2.0/.well-known/openid-configuration"
	keysPath      = "/discovery/v2.0/keys"
	authorizePath = tenant.AuthorizePath
	tokenPath     = "/oauth2/v2.0/token"
	logoutPath    = "/oauth2/v2.0/logout"
	instancePath  = "/discovery/instance"
	pickPath      = "/emulator/pick"
)

const stylePath = "/emulator/style.css"

// maxForm is the maximum size of a request body in bytes.
const maxForm = 1 << 20

// Server emulates Entra for one tenant.
type Server struct {
	tenant   *tenant.Tenant
	mux      *http.ServeMux
	client   *client
	signIns  *signIns
	storage  *storage
	provider *op.Provider
	pages    *pages
}

// New returns a Server for t. It also registers the routes that programs call, such as
// "POST /token", so that FailNext accepts them.
func New(t *tenant.Tenant) (*Server, error) {
	s := &Server{tenant: t, mux: http.NewServeMux(), signIns: newSignIns(t.Now)}
	var err error
	if s.pages, err = newPages(); err != nil {
		return nil, err
	}
	if err := s.addProvider(); err != nil {
		return nil, err
	}
	s.addRoutes()
	return s, nil
}

// addProvider sets up the OIDC library. The library's router is not used, because it logs
// every refused request and sends error responses that differ from Entra's.
func (s *Server) addProvider() error {
	options := s.tenant.Options
	s.client = &client{
		id:         options.ClientID,
		secret:     options.ClientSecret,
		redirects:  options.RedirectURIs,
		postLogout: options.PostLogoutRedirectURIs,
	}
	s.storage = &storage{client: s.client, tenant: s.tenant, signIns: s.signIns, key: signingKey{s.tenant.Key}}
	config := &op.Config{
		CodeMethodS256:        true,
		AuthMethodPost:        true,
		GrantTypeRefreshToken: true,
		SupportedScopes:       append(protocolScopes(), graphScopes()...),
	}
	rand.Read(config.CryptoKey[:]) // encrypts codes, which do not survive a restart
	endpoint := func(path string) *op.Endpoint { return op.NewEndpointWithURL(path, s.tenant.Address(path)) }
	provider, err := op.NewProvider(config, s.storage, op.StaticIssuer(s.tenant.Issuer()),
		op.WithAllowInsecure(),
		op.WithCORSOptions(nil),
		op.WithCustomAuthEndpoint(endpoint(authorizePath)),
		op.WithCustomTokenEndpoint(endpoint(tokenPath)),
		op.WithCustomEndSessionEndpoint(endpoint(logoutPath)),
		op.WithCustomKeysEndpoint(endpoint(keysPath)),
	)
	s.provider = provider
	return err
}

// addRoutes adds Entra's routes. The first argument of each call to addRoute is a route
// name that FailNext accepts.
func (s *Server) addRoutes() {
	s.addRoute("GET /openid-configuration", discoveryPath, s.discovery)
	s.addRoute("GET /keys", keysPath, s.keys)
	s.addRoute("GET /instance", instancePath, s.instance)
	s.addRoute("POST /token", tokenPath, s.token)

	base := "/" + s.tenant.Options.Tenant
	s.mux.HandleFunc("GET "+base+authorizePath, s.authorize)
	s.mux.HandleFunc("POST "+base+authorizePath, s.authorize)
	s.mux.HandleFunc("POST "+base+pickPath, s.pick)
	s.mux.HandleFunc("GET "+base+logoutPath, s.logout)
	s.mux.HandleFunc("POST "+base+logoutPath, s.logout)
	s.mux.HandleFunc("GET "+stylePath, s.style)
}

// addRoute adds a route that programs call. The route responds with JSON, and FailNext can
// make it fail.
func (s *Server) addRoute(route, path string, act func(*http.Request) wire.Response) {
	s.tenant.AddRoute(route)
	method, _, _ := strings.Cut(route, " ")
	s.mux.HandleFunc(method+" /"+s.tenant.Options.Tenant+path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.tenant.Now().Format(http.TimeFormat))
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		// Parse the form first, because net/http cannot detect a disconnected client before
		// the body has been read. If the form is invalid, some fields are missing.
		_ = r.ParseForm()
		if r.Method == http.MethodPost {
			r.Form = r.PostForm // Entra ignores the query
		}
		s.tenant.Failures.Serve(w, r, route, s.failureResponse, func() wire.Response { return act(r) })
	})
}

func (s *Server) withIssuer(ctx context.Context) context.Context {
	return op.ContextWithIssuer(ctx, s.tenant.Issuer())
}
