package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// ErrEmulator means that the provider is meetdesk's emulator, which this desk does not
// allow.
var ErrEmulator = errors.New("the identity provider is meetdesk's emulator")

type discovered struct {
	provider *oidc.Provider

	document
}

// document is the provider's metadata (OpenID Connect Discovery, section 3).
type document struct {
	Issuer              string   `json:"issuer"`
	Authorize           string   `json:"authorization_endpoint"`
	Token               string   `json:"token_endpoint"`
	Keys                string   `json:"jwks_uri"`
	EndSession          string   `json:"end_session_endpoint"`
	Algorithms          []string `json:"id_token_signing_alg_values_supported"`
	AuthMethods         []string `json:"token_endpoint_auth_methods_supported"`
	AssertionAlgorithms []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	SendsIssuer         bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207
	Emulator            bool     `json:"meetdesk_emulator"`
}

// Discover requests the provider's metadata, unless an earlier request succeeded. The
// error is a *meeting.Error. Its key is signin.unavailable, or signin.emulator if the
// error wraps ErrEmulator.
func (p *Provider) Discover(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// discover returns the provider's metadata. It requests the metadata only if no earlier
// request succeeded; see discovery.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	if found := p.found.Load(); found != nil {
		return found, nil
	}
	return p.discovery.wait(ctx, p)
}

func (p *Provider) fetch(ctx context.Context) (*discovered, error) {
	provider, err := oidc.NewProvider(p.context(ctx), p.cfg.Issuer)
	if err != nil {
		return nil, unavailable(fmt.Errorf("discover %s: %w", p.cfg.Issuer, brief(err)))
	}
	found := new(discovered)
	var raw json.RawMessage
	if err := errors.Join(provider.Claims(&raw), exactjson.Unmarshal(raw, &found.document)); err != nil {
		return nil, unavailable(fmt.Errorf("discover %s: %w", p.cfg.Issuer, brief(err)))
	}
	if found.Issuer != p.cfg.Issuer {
		return nil, unavailable(fmt.Errorf("discover %s: issuer %q", p.cfg.Issuer, found.Issuer))
	}
	if found.Emulator && !p.cfg.AllowEmulator {
		return nil, &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInEmulator, Err: ErrEmulator}
	}
	for _, endpoint := range []string{found.Authorize, found.Token, found.Keys} {
		if !secure(endpoint) {
			return nil, unavailable(fmt.Errorf("discover %s: endpoint %q is not https", p.cfg.Issuer, endpoint))
		}
	}
	// The oidc package ignores case in member names. Replace its values with the ones that
	// were read by exact name.
	found.Algorithms = signingAlgorithms(found.Algorithms)
	config := oidc.ProviderConfig{
		IssuerURL: found.Issuer, AuthURL: found.Authorize, TokenURL: found.Token, JWKSURL: found.Keys, Algorithms: found.Algorithms,
	}
	found.provider = config.NewProvider(p.context(ctx))
	return found, nil
}

// signingAlgorithms returns the offered algorithms that the desk accepts for ID tokens. It
// accepts no symmetric algorithms, because tokens must not be signed with the client
// secret. The default is RS256 (OpenID Connect Core, 3.1.3.7).
func signingAlgorithms(offered []string) (accepted []string) {
	for _, alg := range []string{
		oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
	} {
		if slices.Contains(offered, alg) {
			accepted = append(accepted, alg)
		}
	}
	if accepted == nil {
		return []string{oidc.RS256}
	}
	return accepted
}

// authStyle returns how the client authenticates at the token endpoint. The default is
// Basic (OpenID Connect Discovery, section 3). The oauth2 package could detect the style,
// but it might then send an authorization code twice.
func (d *discovered) authStyle(secret string) oauth2.AuthStyle {
	if secret == "" || slices.Contains(d.AuthMethods, "client_secret_post") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}

// secure reports whether secrets may be sent to the URL. The URL must use https or a
// loopback address.
func secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

// brief truncates the text of an error. An error from discovery may quote a whole page.
func brief(err error) error {
	const maxBytes = 300
	if text := err.Error(); len(text) > maxBytes {
		return errors.New(strings.ToValidUTF8(text[:maxBytes], ""))
	}
	return err
}

func unavailable(err error) error {
	return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInUnavailable, Err: err}
}
