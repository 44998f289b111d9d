package emulator

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	ClientInfo   string `json:"client_info,omitempty"`
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
	asked, _, err := op.ValidateAccessTokenRequest(e.withIssuer(r.Context()), request, e.provider)
	if err != nil {
		return tokenReply{}, err
	}
	if err := e.signIns.redeem(request.Code); err != nil {
		return tokenReply{}, err
	}
	return e.issue(r, asked, asked.GetNonce(), "")
}

func (e *Emulator) refresh(r *http.Request) (tokenReply, error) {
	request, err := op.ParseRefreshTokenRequest(r, e.provider.Decoder())
	if err != nil {
		return tokenReply{}, err
	}
	request.Scopes = nil // the library would compare the spelling; see tokenScopes
	asked, _, err := op.ValidateRefreshTokenRequest(e.withIssuer(r.Context()), request, e.provider)
	if err != nil {
		return tokenReply{}, err
	}
	return e.issue(r, asked, "", request.RefreshToken)
}

// issue makes the tokens that a request may have. Old is the refresh token that
// is exchanged, "" for a code.
func (e *Emulator) issue(r *http.Request, request any, nonce, old string) (tokenReply, error) {
	of, ok := request.(granting)
	if !ok {
		return tokenReply{}, refusalUnavailable
	}
	g := of.given()
	p, ok := e.people.person(g.ObjectID)
	if !ok {
		return tokenReply{}, refusalUnknownGrant
	}
	asked, permissions, err := tokenScopes(&g, p, r.PostForm.Get("scope"), old == "")
	if err != nil {
		return tokenReply{}, err
	}
	if claims, err := parseClaims(r.PostForm.Get("claims")); err != nil {
		return tokenReply{}, err
	} else if claims != nil {
		g.Claims = claims
	}
	life := int(accessTokenLife.Seconds())
	reply := tokenReply{TokenType: "Bearer", Scope: replied(asked, permissions), ExpiresIn: life, ExtExpiresIn: life}
	if reply.AccessToken, err = e.accessToken(p, g, permissions); err != nil {
		return tokenReply{}, err
	}
	if r.PostForm.Get("client_info") == "1" {
		reply.ClientInfo = p.clientInfo()
	}
	if slices.Contains(asked.protocol, "openid") {
		if reply.IDToken, err = e.idToken(p, g, nonce, asked.protocol); err != nil {
			return tokenReply{}, err
		}
	}
	if old != "" || slices.Contains(g.Scopes, "offline_access") {
		reply.RefreshToken, err = e.state.newRefreshToken(g, old, e.now())
	}
	return reply, err
}

// tokenScopes returns the scopes of one token reply and the permissions of its
// access token: all that g has, or what the token request asks for. Permissions
// must have been consented to at the sign-in; the scopes of OpenID Connect may
// be asked for here alone, as MSAL does, and stay with the grant.
func tokenScopes(g *grant, p Person, parameter string, first bool) (asked scopes, permissions []string, err error) {
	had, err := parseScopes(strings.Join(g.Scopes, " "))
	if err != nil {
		return asked, nil, err
	}
	if asked = had; strings.TrimSpace(parameter) != "" {
		if asked, err = parseScopes(parameter); err != nil {
			return asked, nil, err
		}
	}
	consented := had.permissions()
	permissions = consented
	if !asked.isDefault() {
		permissions = without(asked.resource, p.Denied)
		if slices.ContainsFunc(permissions, func(one string) bool { return !slices.Contains(consented, one) }) {
			return asked, nil, refusalConsent
		}
	}
	asked.spelled = without(asked.spelled, p.Denied)
	if first {
		asked.protocol = union(asked.protocol, had.protocol)
	}
	g.Scopes = union(g.Scopes, asked.protocol)
	return asked, without(permissions, p.Denied), nil
}

// union returns the list with what it lacks of more.
func union(list, more []string) []string {
	list = slices.Clone(list)
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// clientInfo tells an application by what MSAL recognises an account: the
// person's object ID and tenant.
func (p Person) clientInfo() string {
	text, _ := json.Marshal(map[string]string{"uid": p.ObjectID, "utid": p.Tenant}) // strings can be encoded
	return base64.RawURLEncoding.EncodeToString(text)
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
