package entra

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// tokenReply is the token endpoint's response to an authorization code, a refresh token
// or client credentials.
type tokenReply struct {
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope,omitempty"` // absent for client credentials
	ExpiresIn    int    `json:"expires_in"`
	ExtExpiresIn int    `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}

func (s *Server) token(r *http.Request) wire.Response {
	var reply tokenReply
	var err error
	switch oidc.GrantType(r.PostFormValue("grant_type")) {
	case oidc.GrantTypeCode:
		reply, err = s.redeemCode(r)
	case oidc.GrantTypeRefreshToken:
		reply, err = s.refresh(r)
	case oidc.GrantTypeClientCredentials:
		reply, err = s.clientCredentials(r)
	case "":
		err = refusalMalformed
	default:
		err = refusalGrantType
	}
	if err != nil {
		return s.refusalResponse(asRefusal(err))
	}
	return s.tokenResponse(http.StatusOK, reply)
}

func (s *Server) redeemCode(r *http.Request) (tokenReply, error) {
	if r.PostForm.Get("code") == "" {
		return tokenReply{}, refusalMalformed
	}
	if err := s.authenticateClient(r); err != nil {
		return tokenReply{}, err
	}
	request, err := op.ParseAccessTokenRequest(r, s.provider.Decoder())
	if err != nil {
		return tokenReply{}, err
	}
	signIn, _, err := op.ValidateAccessTokenRequest(s.withIssuer(r.Context()), request, s.provider)
	if err != nil {
		return tokenReply{}, err
	}
	if err := s.signIns.redeem(request.Code); err != nil {
		return tokenReply{}, err
	}
	return s.issue(r, signIn, signIn.GetNonce(), "")
}

func (s *Server) refresh(r *http.Request) (tokenReply, error) {
	if err := s.authenticateClient(r); err != nil {
		return tokenReply{}, err
	}
	request, err := op.ParseRefreshTokenRequest(r, s.provider.Decoder())
	if err != nil {
		return tokenReply{}, err
	}
	// The library compares scopes literally, so tokenScopes checks them instead.
	request.Scopes = nil
	renewal, _, err := op.ValidateRefreshTokenRequest(s.withIssuer(r.Context()), request, s.provider)
	if err != nil {
		return tokenReply{}, err
	}
	return s.issue(r, renewal, "", request.RefreshToken)
}

// issue creates the tokens for a request. The parameter previous is the refresh token
// that the new one replaces, or "".
func (s *Server) issue(r *http.Request, request any, nonce, previous string) (tokenReply, error) {
	granted, ok := request.(granter)
	if !ok {
		return tokenReply{}, refusalUnavailable
	}
	g := granted.grant()
	p, ok := s.tenant.People.ByID(g.ObjectID)
	if !ok {
		return tokenReply{}, refusalUnknownGrant
	}
	if p.Disabled {
		return tokenReply{}, refusalDisabled
	}
	requested, permissions, err := tokenScopes(&g, p, r.PostForm.Get("scope"), previous == "")
	if err != nil {
		return tokenReply{}, err
	}
	if claims, err := tenant.ParseClaims(r.PostForm.Get("claims")); err != nil {
		return tokenReply{}, refusalClaims
	} else if claims != nil {
		g.Claims = claims
	}
	life := int(accessTokenLife.Seconds())
	reply := tokenReply{TokenType: "Bearer", Scope: scopeReply(requested, permissions), ExpiresIn: life, ExtExpiresIn: life}
	if reply.AccessToken, err = s.accessToken(p, g, permissions); err != nil {
		return tokenReply{}, err
	}
	if r.PostForm.Get("client_info") == "1" {
		reply.ClientInfo = clientInfo(p)
	}
	if slices.Contains(requested.protocol, "openid") {
		if reply.IDToken, err = s.idToken(p, g, nonce, requested.protocol); err != nil {
			return tokenReply{}, err
		}
	}
	if previous != "" || slices.Contains(g.Scopes, "offline_access") {
		if reply.RefreshToken, err = s.tenant.Records.NewRefreshToken(g, previous, s.tenant.Now()); err != nil {
			return tokenReply{}, refreshRefusal(err)
		}
	}
	return reply, nil
}

// tokenScopes returns the scopes for a token response and the permissions in the access
// token. It refuses permissions that the person did not consent to when signing in. It
// accepts OpenID Connect scopes, which MSAL adds to token requests, and adds them to g.
// first is true for an authorization code and false for a refresh token.
func tokenScopes(g *tenant.Grant, p tenant.Person, parameter string, first bool) (requested scopes, permissions []string, err error) {
	granted, err := parseScopes(strings.Join(g.Scopes, " "))
	if err != nil {
		return requested, nil, err
	}
	if requested = granted; strings.TrimSpace(parameter) != "" {
		if requested, err = parseScopes(parameter); err != nil {
			return requested, nil, err
		}
	}
	consented := granted.permissions()
	permissions = consented
	if !requested.isDefault() {
		permissions = without(requested.resource, p.Denied)
		if slices.ContainsFunc(permissions, func(permission string) bool { return !slices.Contains(consented, permission) }) {
			return requested, nil, refusalConsent
		}
	}
	requested.full = without(requested.full, p.Denied)
	if first {
		requested.protocol = union(requested.protocol, granted.protocol)
	}
	g.Scopes = union(g.Scopes, requested.protocol)
	return requested, without(permissions, p.Denied), nil
}

// union returns the elements of the first slice, followed by those elements of the second
// slice that the first slice lacks.
func union(list, more []string) []string {
	list = slices.Clone(list)
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func (s *Server) tokenResponse(status int, v any) wire.Response {
	a := wire.JSON(status, "application/json; charset=utf-8", v)
	a.Header.Set("Cache-Control", "no-store")
	return a
}

// refusalResponse returns an error response in the format of Entra's token endpoint.
func (s *Server) refusalResponse(reason refusal) wire.Response {
	return s.tokenResponse(reason.status(), map[string]any{
		"error":             reason.code,
		"error_description": reason.sentence(),
		"error_codes":       []int{reason.number},
		"timestamp":         s.tenant.Now().Format("2006-01-02 15:04:05Z"),
		"trace_id":          uuid.NewString(),
		"correlation_id":    uuid.NewString(),
	})
}

var aadsts = regexp.MustCompile(`^AADSTS(\d+): ?(.*)$`)

// failureResponse returns the error response for a queued failure. The failure's message
// may begin with an Entra error code, as in "AADSTS53003: blocked".
func (s *Server) failureResponse(f wire.Failure) wire.Response {
	reason := refusal{code: cmp.Or(f.Code, refusalUnavailable.code), number: refusalUnavailable.number, text: f.Message}
	if m := aadsts.FindStringSubmatch(f.Message); m != nil {
		reason.number, _ = strconv.Atoi(m[1])
		reason.text = m[2]
	}
	a := s.refusalResponse(reason)
	a.Status = f.Status
	return a
}
