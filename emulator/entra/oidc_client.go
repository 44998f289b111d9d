package entra

import (
	"crypto/subtle"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client adapts the registered application to the OIDC library.
type client struct {
	id, secret            string
	redirects, postLogout []string
}

func (c *client) GetID() string                            { return c.id }
func (c *client) RedirectURIs() []string                   { return c.redirects }
func (c *client) PostLogoutRedirectURIs() []string         { return c.postLogout }
func (c *client) ApplicationType() op.ApplicationType      { return op.ApplicationTypeWeb }
func (c *client) LoginURL(string) string                   { return "" }
func (c *client) AccessTokenType() op.AccessTokenType      { return op.AccessTokenTypeJWT }
func (c *client) DevMode() bool                            { return false }
func (c *client) IsScopeAllowed(scope string) bool         { _, err := parseScopes(scope); return err == nil }
func (c *client) IDTokenUserinfoClaimsAssertion() bool     { return true }
func (c *client) IDTokenLifetime() time.Duration           { return idTokenLife }
func (c *client) ClockSkew() time.Duration                 { return 0 }
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

func (c *client) knowsSecret(secret string) bool {
	return subtle.ConstantTimeCompare([]byte(c.secret), []byte(secret)) == 1
}
