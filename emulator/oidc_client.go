package emulator

import (
	"crypto/subtle"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client is the registered application, as the OIDC library asks about it.
type client struct {
	id, secret            string
	redirects, postLogout []string
	now                   func() time.Time
}

func (c *client) GetID() string                            { return c.id }
func (c *client) RedirectURIs() []string                   { return c.redirects }
func (c *client) PostLogoutRedirectURIs() []string         { return c.postLogout }
func (c *client) ApplicationType() op.ApplicationType      { return op.ApplicationTypeWeb }
func (c *client) LoginURL(string) string                   { return "" }
func (c *client) AccessTokenType() op.AccessTokenType      { return op.AccessTokenTypeJWT }
func (c *client) DevMode() bool                            { return false }
func (c *client) IsScopeAllowed(scope string) bool         { return scopeExists(scope) }
func (c *client) IDTokenUserinfoClaimsAssertion() bool     { return true }
func (c *client) RestrictAdditionalIdTokenScopes() scopeFn { return allScopes }

func (c *client) RestrictAdditionalAccessTokenScopes() scopeFn { return allScopes }

type scopeFn = func([]string) []string

func allScopes(scopes []string) []string { return scopes }

func (c *client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

func (c *client) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken}
}

func (c *client) AuthMethod() oidc.AuthMethod {
	if c.secret == "" {
		return oidc.AuthMethodNone
	}
	return oidc.AuthMethodPost
}

// ClockSkew carries the emulator's clock into tokens that the library stamps
// with the machine's: the library takes the skew off what it stamps.
func (c *client) ClockSkew() time.Duration {
	return time.Until(c.now()) * -1
}

// IDTokenLifetime makes up for the library, which adds the skew to the end of
// an ID token instead of taking it off.
func (c *client) IDTokenLifetime() time.Duration {
	return idTokenLife - 2*c.ClockSkew()
}

func (c *client) knowsSecret(secret string) bool {
	return subtle.ConstantTimeCompare([]byte(c.secret), []byte(secret)) == 1
}
