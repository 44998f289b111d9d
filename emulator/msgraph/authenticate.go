package msgraph

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"

	"meetdesk/emulator/tenant"
)

// bearerClaims holds the access token claims that Graph uses.
type bearerClaims struct {
	Audience  jwt.Audience           `json:"aud"`
	Expires   *jwt.NumericDate       `json:"exp"`
	Kind      string                 `json:"idtyp"` // "app" or "user"
	AppID     string                 `json:"appid"`
	ObjectID  string                 `json:"oid"`
	Scopes    string                 `json:"scp"`
	Roles     []string               `json:"roles"`
	Requested tenant.RequestedClaims `json:"emulator_claims"`
}

// authenticate checks the token and stores the caller in c. It returns an error if the
// token is not valid or does not grant access to the route.
func (s *Server) authenticate(c *call, route route) error {
	claims, err := s.bearer(c.request)
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
	p, ok := s.tenant.People.ByID(claims.ObjectID)
	if !ok {
		return s.unauthenticated("The account does not exist.")
	}
	if err := s.checkClaims(p, claims.Requested); err != nil {
		return err
	}
	c.caller = p
	if len(route.roles) > 0 && len(route.scopes) == 0 {
		return forbidden("below /users, meetings take an application's token")
	}
	return checkPermissions(strings.Fields(claims.Scopes), route.scopes)
}

// bearer returns the claims of the request's token after checking its signature, audience
// and expiry. It ignores the issuer, which contains the port, so that tokens stay valid
// after a restart on another port.
func (s *Server) bearer(r *http.Request) (bearerClaims, error) {
	var claims bearerClaims
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return claims, s.unauthenticated("Access token is empty.")
	}
	parsed, err := jwt.ParseSigned(strings.TrimSpace(token), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return claims, s.unauthenticated("The token is not well formed.")
	}
	if err := parsed.Claims(s.tenant.Key.Private.Public(), &claims); err != nil {
		return claims, s.unauthenticated("Access token validation failure. Invalid signature.")
	}
	if !claims.Audience.Contains(tenant.GraphAudience) {
		return claims, s.unauthenticated("Access token validation failure. Invalid audience.")
	}
	if claims.Expires == nil || !claims.Expires.Time().After(s.tenant.Now().Truncate(time.Second)) {
		return claims, s.unauthenticated("Lifetime validation failed, the token is expired.")
	}
	return claims, nil
}

// checkPermissions returns an error unless granted contains one of the accepted
// permissions. If accepted is empty, every valid token is accepted.
func checkPermissions(granted, accepted []string) error {
	if len(accepted) == 0 || slices.ContainsFunc(accepted, func(s string) bool { return slices.Contains(granted, s) }) {
		return nil
	}
	return graphError{
		status:  http.StatusForbidden,
		code:    "Authorization_RequestDenied",
		message: "Insufficient privileges to complete the operation.",
		reason:  "the token lacks " + strings.Join(accepted, " or "),
	}
}

// unauthenticated returns the error for a missing or invalid token. Its WWW-Authenticate
// header contains the URL of Entra's sign-in page.
func (s *Server) unauthenticated(message string) graphError {
	challenge := `Bearer realm="", authorization_uri="` + s.tenant.Address(tenant.AuthorizePath) + `", client_id="` + tenant.GraphAudience + `"`
	return graphError{
		status:  http.StatusUnauthorized,
		code:    "InvalidAuthenticationToken",
		message: message,
		header:  http.Header{http.CanonicalHeaderKey("WWW-Authenticate"): {challenge}},
	}
}

// checkClaims refuses a token unless it was requested with the claims that Graph
// currently requires of p.
func (s *Server) checkClaims(p tenant.Person, requested tenant.RequestedClaims) error {
	required := s.tenant.RequiredClaims(p)
	if requested.Contains(required.Claims) {
		return nil
	}
	refusal := s.unauthenticated("Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp")
	plain := refusal.header.Get("WWW-Authenticate")
	refusal.header.Set("WWW-Authenticate", strings.Join([]string{
		plain, `nonce="` + uuid.NewString() + `"`, // Graph has been observed to send both challenges in one header
		plain, `error_description="` + refusal.message + `"`, `error="insufficient_claims"`,
		`claims="` + base64.StdEncoding.EncodeToString([]byte(required.Parameter)) + `"`,
	}, ", "))
	return refusal
}
