package emulator

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// graphAudience is what access tokens are for: Graph's application ID, which is
// the same in every tenant.
const graphAudience = "00000003-0000-0000-c000-000000000000"

// tokenRequest is a grant in the shape in which the OIDC library takes a
// refresh token's grant.
type tokenRequest struct {
	grant
	subject string
}

func newTokenRequest(g grant, p Person) tokenRequest {
	return tokenRequest{grant: g, subject: p.subject(g.ClientID)}
}

func (t *tokenRequest) GetAMR() []string          { return []string{"pwd"} }
func (t *tokenRequest) GetAudience() []string     { return []string{t.ClientID} }
func (t *tokenRequest) GetAuthTime() time.Time    { return t.AuthTime }
func (t *tokenRequest) GetClientID() string       { return t.ClientID }
func (t *tokenRequest) GetSubject() string        { return t.subject }
func (t *tokenRequest) GetScopes() []string       { return t.Scopes }
func (t *tokenRequest) SetCurrentScopes([]string) {}
func (t *tokenRequest) given() grant              { return t.grant }

// authRequest is a sign-in that was answered, as the library wants to see it.
type authRequest struct {
	tokenRequest
	id    string
	asked *oidc.AuthRequest
}

func (a *authRequest) GetID() string                      { return a.id }
func (a *authRequest) GetACR() string                     { return "" }
func (a *authRequest) GetNonce() string                   { return a.asked.Nonce }
func (a *authRequest) GetRedirectURI() string             { return a.asked.RedirectURI }
func (a *authRequest) GetResponseType() oidc.ResponseType { return a.asked.ResponseType }
func (a *authRequest) GetResponseMode() oidc.ResponseMode { return a.asked.ResponseMode }
func (a *authRequest) GetState() string                   { return a.asked.State }
func (a *authRequest) GetSessionState() string            { return a.Session }
func (a *authRequest) Done() bool                         { return true }

func (a *authRequest) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: a.asked.CodeChallenge, Method: a.asked.CodeChallengeMethod}
}

// granting is what both kinds of request have beyond the library's needs.
type granting interface{ given() grant }
