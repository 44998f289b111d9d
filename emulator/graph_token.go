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
	ObjectID string           `json:"oid"`
	Scopes   string           `json:"scp"`
}

// authenticate finds out who calls, and whether their application may use a
// route that takes one of scopes. The issuer is not compared: it holds the
// port, and a token outlives a restart on another one. The key is proof enough.
func (e *Emulator) authenticate(c *graphCall, scopes []string) error {
	scheme, token, _ := strings.Cut(c.request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return e.unauthenticated("Access token is empty.")
	}
	parsed, err := jwt.ParseSigned(strings.TrimSpace(token), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return e.unauthenticated("The token is not well formed.")
	}
	var claims bearerClaims
	if err := parsed.Claims(e.key.private.Public(), &claims); err != nil {
		return e.unauthenticated("Access token validation failure. Invalid signature.")
	}
	if !claims.Audience.Contains(graphAudience) {
		return e.unauthenticated("Access token validation failure. Invalid audience.")
	}
	if claims.Expires == nil || !claims.Expires.Time().After(e.now().Truncate(time.Second)) {
		return e.unauthenticated("Lifetime validation failed, the token is expired.")
	}
	p, ok := e.people.person(claims.ObjectID)
	if !ok {
		return e.unauthenticated("The account does not exist.")
	}
	c.caller = p
	return checkScopes(strings.Fields(claims.Scopes), scopes)
}

// checkScopes wants one of those that a route takes. A route without any is
// open to every valid token.
func checkScopes(has, oneOf []string) error {
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
