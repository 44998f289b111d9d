package emulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// bearerClaims are what Graph reads of an access token.
type bearerClaims struct {
	Audience jwt.Audience     `json:"aud"`
	Expires  *jwt.NumericDate `json:"exp"`
	Kind     string           `json:"idtyp"` // "app" or "user"
	AppID    string           `json:"appid"`
	ObjectID string           `json:"oid"`
	Scopes   string           `json:"scp"`
	Roles    []string         `json:"roles"`
	Asked    requestedClaims  `json:"emulator_claims"`
}

// authenticate finds out who calls, and whether they may use the route.
func (e *Emulator) authenticate(c *graphCall, route graphRoute) error {
	claims, err := e.bearer(c.request)
	if err != nil {
		return err
	}
	if claims.Kind == "app" {
		c.app = claims.AppID
		if len(route.scopes) > 0 && len(route.roles) == 0 {
			return badRequest("/me request is only valid with delegated authentication flow.", "the token is an application's")
		}
		return checkPermissions(claims.Roles, route.roles)
	}
	p, ok := e.people.person(claims.ObjectID)
	if !ok {
		return e.unauthenticated("The account does not exist.")
	}
	if err := e.checkClaims(p, claims.Asked); err != nil {
		return err
	}
	c.caller = p
	if len(route.roles) > 0 && len(route.scopes) == 0 {
		return forbidden("below /users, meetings take an application's token")
	}
	return checkPermissions(strings.Fields(claims.Scopes), route.scopes)
}

// bearer reads the token of a request. The issuer is not compared: it holds the
// port, and a token outlives a restart on another one. The key is proof enough.
func (e *Emulator) bearer(r *http.Request) (bearerClaims, error) {
	var claims bearerClaims
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return claims, e.unauthenticated("Access token is empty.")
	}
	parsed, err := jwt.ParseSigned(strings.TrimSpace(token), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return claims, e.unauthenticated("The token is not well formed.")
	}
	if err := parsed.Claims(e.key.private.Public(), &claims); err != nil {
		return claims, e.unauthenticated("Access token validation failure. Invalid signature.")
	}
	if !claims.Audience.Contains(graphAudience) {
		return claims, e.unauthenticated("Access token validation failure. Invalid audience.")
	}
	if claims.Expires == nil || !claims.Expires.Time().After(e.now().Truncate(time.Second)) {
		return claims, e.unauthenticated("Lifetime validation failed, the token is expired.")
	}
	return claims, nil
}

// checkPermissions wants one of those that a route takes. A route without any is
// open to every valid token.
func checkPermissions(has, oneOf []string) error {
	if len(oneOf) == 0 || slices.ContainsFunc(oneOf, func(s string) bool { return slices.Contains(has, s) }) {
		return nil
	}
	return graphError{
		status:  http.StatusForbidden,
		code:    "Authorization_RequestDenied",
		message: "Insufficient privileges to complete the operation.",
		reason:  "the token lacks " + strings.Join(oneOf, " or "),
	}
}

func (e *Emulator) unauthenticated(message string) graphError {
	challenge := `Bearer realm="", authorization_uri="` + e.tenantURL(authorizePath) + `", client_id="` + graphAudience + `"`
	return graphError{
		status:  http.StatusUnauthorized,
		code:    "InvalidAuthenticationToken",
		message: message,
		header:  http.Header{http.CanonicalHeaderKey("WWW-Authenticate"): {challenge}},
	}
}
