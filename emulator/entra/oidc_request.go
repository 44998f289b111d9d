package entra

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"meetdesk/emulator/tenant"
)

// tokenRequest adapts a grant to the OIDC library's interface for refresh tokens.
type tokenRequest struct {
	tenant.Grant
	subject string
}

func newTokenRequest(g tenant.Grant, p tenant.Person) tokenRequest {
	return tokenRequest{Grant: g, subject: subject(p, g.ClientID)}
}

func (t *tokenRequest) GetAMR() []string          { return []string{"pwd"} }
func (t *tokenRequest) GetAudience() []string     { return []string{t.ClientID} }
func (t *tokenRequest) GetAuthTime() time.Time    { return t.AuthTime }
func (t *tokenRequest) GetClientID() string       { return t.ClientID }
func (t *tokenRequest) GetSubject() string        { return t.subject }
func (t *tokenRequest) GetScopes() []string       { return t.Scopes }
func (t *tokenRequest) SetCurrentScopes([]string) {}
func (t *tokenRequest) grant() tenant.Grant       { return t.Grant }

// granter is implemented by tokenRequest and authRequest. The library returns both as
// interfaces that do not expose the grant.
type granter interface{ grant() tenant.Grant }

// authRequest adapts a completed sign-in to the OIDC library.
type authRequest struct {
	tokenRequest
	id      string
	request *oidc.AuthRequest
}

func (a *authRequest) GetID() string                      { return a.id }
func (a *authRequest) GetACR() string                     { return "" }
func (a *authRequest) GetNonce() string                   { return a.request.Nonce }
func (a *authRequest) GetRedirectURI() string             { return a.request.RedirectURI }
func (a *authRequest) GetResponseType() oidc.ResponseType { return a.request.ResponseType }
func (a *authRequest) GetResponseMode() oidc.ResponseMode { return a.request.ResponseMode }
func (a *authRequest) GetState() string                   { return a.request.State }
func (a *authRequest) GetSessionState() string            { return a.Session }
func (a *authRequest) Done() bool                         { return true }

func (a *authRequest) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: a.request.CodeChallenge, Method: a.request.CodeChallengeMethod}
}
