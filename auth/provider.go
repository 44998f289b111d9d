package auth

import (
	"cmp"
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Config is the desk's registration with the identity provider. The provider's ID tokens
// must contain the claims oid and tid. The roles claim is optional.
type Config struct {
	Issuer      string // the issuer of one tenant, with its GUID: https://login.microsoftonline.com/{GUID}/v2.0
	ClientID    string
	Credential  Credential // the initial credential; see SetCredential
	RedirectURL string
	Scopes      []string // including openid and offline_access
	TenantID    string   // only people with this tid may sign in

	// The names of the app roles in the roles claim. If a name is empty, no user has that
	// role.
	RoleStaff, RoleHelpDesk, RoleAdmin string

	AllowEmulator bool             // whether to accept a provider whose metadata marks it as meetdesk's emulator
	HTTP          *http.Client     // nil for a client that does not follow redirects and times out after ten seconds
	Now           func() time.Time // nil for time.Now
}

// Provider is an identity provider. It is safe for concurrent use.
type Provider struct {
	cfg        Config
	credential atomic.Pointer[Credential]
	found      atomic.Pointer[discovered]
	discovery  discovery
}

// New returns the provider. The metadata is requested only when it is first needed, so
// that the desk can start while the provider is down.
func New(cfg Config) *Provider {
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{
			Timeout: 10 * time.Second,
			// A redirect must not cause the client secret to be sent to another URL.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	client := *cfg.HTTP
	p := &Provider{cfg: cfg}
	p.SetCredential(cfg.Credential)
	client.Transport = &transport{base: cmp.Or[http.RoundTripper](client.Transport, http.DefaultTransport), provider: p}
	p.cfg.HTTP = &client
	return p
}

// SetCredential replaces the client secret or the certificate. It does not affect requests
// in progress.
func (p *Provider) SetCredential(c Credential) { p.credential.Store(&c) }

// Credential returns the current credential.
func (p *Provider) Credential() Credential { return *p.credential.Load() }

// IsEmulator reports whether the provider's metadata marks it as meetdesk's emulator. It
// returns false until the metadata is known.
func (p *Provider) IsEmulator() bool {
	found := p.found.Load()
	return found != nil && found.Emulator
}

func (p *Provider) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.cfg.HTTP)
}

// oauth returns the OAuth configuration and the context for requests to the token endpoint.
// Both use the current credential.
func (p *Provider) oauth(ctx context.Context, found *discovered) (*oauth2.Config, context.Context) {
	credential := p.Credential()
	endpoint := found.provider.Endpoint()
	endpoint.AuthStyle = found.authStyle(credential.secret())
	return &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: credential.secret(),
		RedirectURL: p.cfg.RedirectURL, Scopes: p.cfg.Scopes, Endpoint: endpoint,
	}, p.tokenContext(ctx, p.cfg.ClientID, credential, found)
}
