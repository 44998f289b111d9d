package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"meetdesk/meeting"
)

// ErrEmulator says that the provider is meetdesk's emulator and that this desk
// does not allow one.
var ErrEmulator = errors.New("the identity provider is meetdesk's emulator")

// discovered is what the provider says of itself.
type discovered struct {
	provider *oidc.Provider

	Authorize   string   `json:"authorization_endpoint"`
	Token       string   `json:"token_endpoint"`
	Keys        string   `json:"jwks_uri"`
	EndSession  string   `json:"end_session_endpoint"`
	AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
	Emulator    bool     `json:"meetdesk_emulator"`
}

// Discover asks the provider for its endpoints, once: after the first success it
// returns nil without a call. Otherwise the error is a *meeting.Error:
// signin.unavailable, or signin.emulator wrapping ErrEmulator.
func (p *Provider) Discover(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// discover takes no lock: at the start a few may ask at once, and none waits
// behind another's time-out.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	if found := p.found.Load(); found != nil {
		return found, nil
	}
	provider, err := oidc.NewProvider(p.context(ctx), p.cfg.Issuer)
	if err != nil {
		return nil, unavailable(fmt.Errorf("discover %s: %w", p.cfg.Issuer, brief(err)))
	}
	found := &discovered{provider: provider}
	if err := provider.Claims(found); err != nil {
		return nil, unavailable(fmt.Errorf("discover %s: %w", p.cfg.Issuer, err))
	}
	if found.Emulator && !p.cfg.AllowEmulator {
		return nil, &meeting.Error{Code: meeting.Unavailable, Key: "signin.emulator", Err: ErrEmulator}
	}
	for _, endpoint := range []string{found.Authorize, found.Token, found.Keys} {
		if !secure(endpoint) {
			return nil, unavailable(fmt.Errorf("discover %s: endpoint %q is not https", p.cfg.Issuer, endpoint))
		}
	}
	p.found.Store(found)
	return found, nil
}

// authStyle says how the client proves itself. Asking for it by trial, as oauth2
// would, redeems a code twice. Without a word from the provider it is Basic
// (OpenID Connect Discovery, section 3).
func (d *discovered) authStyle(secret string) oauth2.AuthStyle {
	if secret == "" || slices.Contains(d.AuthMethods, "client_secret_post") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}

// secure reports whether secrets may go there: https, or this machine itself.
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

// brief cuts an error that quotes a whole page, as discovery's does.
func brief(err error) error {
	const most = 300
	if text := err.Error(); len(text) > most {
		return errors.New(strings.ToValidUTF8(text[:most], ""))
	}
	return err
}

func unavailable(err error) error {
	return &meeting.Error{Code: meeting.Unavailable, Key: "signin.unavailable", Err: err}
}
