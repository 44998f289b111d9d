package emulator

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// tokenReply is Entra's answer to a code, a refresh token or client credentials.
type tokenReply struct {
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope,omitempty"` // an application's token names none
	ExpiresIn    int    `json:"expires_in"`
	ExtExpiresIn int    `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
}

// token is the token endpoint.
func (e *Emulator) token(r *http.Request) answer {
	var reply tokenReply
	var err error
	switch oidc.GrantType(r.PostFormValue("grant_type")) {
	case oidc.GrantTypeCode:
		reply, err = e.redeemCode(r)
	case oidc.GrantTypeRefreshToken:
		reply, err = e.refresh(r)
	case oidc.GrantTypeClientCredentials:
		reply, err = e.clientCredentials(r)
	case "":
		err = refusalMalformed
	default:
		err = refusalGrantType
	}
	if err != nil {
		return e.refuse(asRefusal(err))
	}
	return e.tokenAnswer(http.StatusOK, reply)
}

func (e *Emulator) redeemCode(r *http.Request) (tokenReply, error) {
	request, err := op.ParseAccessTokenRequest(r, e.provider.Decoder())
	if err != nil {
		return tokenReply{}, err
	}
	if request.Code == "" {
		return tokenReply{}, refusalMalformed
	}
	asked, c, err := op.ValidateAccessTokenRequest(e.withIssuer(r.Context()), request, e.provider)
	if err != nil {
		return tokenReply{}, err
	}
	if err := e.signIns.redeem(request.Code); err != nil {
		return tokenReply{}, err
	}
	return e.issue(r, asked, c, "")
}

func (e *Emulator) refresh(r *http.Request) (tokenReply, error) {
	request, err := op.ParseRefreshTokenRequest(r, e.provider.Decoder())
	if err != nil {
		return tokenReply{}, err
	}
	asked, c, err := op.ValidateRefreshTokenRequest(e.withIssuer(r.Context()), request, e.provider)
	if err != nil {
		return tokenReply{}, err
	}
	return e.issue(r, asked, c, request.RefreshToken)
}

// issue makes the tokens. The library's own way gives both tokens the same
// audience; these two are for different readers.
func (e *Emulator) issue(r *http.Request, asked op.IDTokenRequest, c op.Client, old string) (tokenReply, error) {
	request, ok := asked.(granting)
	if !ok {
		return tokenReply{}, refusalUnavailable
	}
	ctx := e.withIssuer(r.Context())
	access, refresh, _, err := op.CreateAccessToken(ctx, request.forGraph(), c.AccessTokenType(), e.provider, c, old)
	if err != nil {
		return tokenReply{}, err
	}
	reply := tokenReply{
		TokenType:    "Bearer",
		Scope:        replied(request.GetScopes()),
		ExpiresIn:    int(accessTokenLife.Seconds()),
		ExtExpiresIn: int(accessTokenLife.Seconds()),
		AccessToken:  access,
		RefreshToken: refresh,
	}
	if slices.Contains(request.GetScopes(), oidc.ScopeOpenID) {
		reply.IDToken, err = op.CreateIDToken(ctx, e.Issuer(), request, c.IDTokenLifetime(), "", "", e.storage, c)
	}
	return reply, err
}

func (e *Emulator) tokenAnswer(status int, v any) answer {
	a := jsonAnswer(status, "application/json; charset=utf-8", v)
	a.header.Set("Cache-Control", "no-store")
	a.header.Set("Date", e.now().Format(http.TimeFormat))
	return a
}

// refuse is the error document of Entra's token endpoint.
func (e *Emulator) refuse(no refusal) answer {
	return e.tokenAnswer(no.status(), map[string]any{
		"error":             no.kind,
		"error_description": no.sentence(),
		"error_codes":       []int{no.number},
		"timestamp":         e.now().Format("2006-01-02 15:04:05Z"),
		"trace_id":          uuid.NewString(),
		"correlation_id":    uuid.NewString(),
	})
}

var aadsts = regexp.MustCompile(`^AADSTS(\d+): ?(.*)$`)

// refuseFailure is the error document of a queued failure. Its message may
// begin with a number of Entra's: "AADSTS53003: blocked".
func (e *Emulator) refuseFailure(f Failure) answer {
	no := refusal{kind: cmp.Or(f.Code, refusalUnavailable.kind), number: refusalUnavailable.number, text: f.Message}
	if m := aadsts.FindStringSubmatch(f.Message); m != nil {
		no.number, _ = strconv.Atoi(m[1])
		no.text = m[2]
	}
	a := e.refuse(no)
	a.status = f.Status
	return a
}
