package entra

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"

	"meetdesk/emulator/tenant"
)

const (
	accessTokenLife = 75 * time.Minute // the middle of Entra's range, 60 to 90 minutes
	idTokenLife     = time.Hour
)

// tokenClaims returns the claims that every token contains. The audience is a string, as
// in Entra's tokens. The OIDC library would make it a list.
func (s *Server) tokenClaims(audience, subject string, life time.Duration) map[string]any {
	now := s.tenant.Now()
	return map[string]any{
		"iss": s.tenant.Issuer(), "aud": audience, "sub": subject, "uti": uuid.NewString(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(life).Unix(),
	}
}

func (s *Server) sign(claims map[string]any) (string, error) {
	key := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: s.tenant.Key.Private, KeyID: s.tenant.Key.ID}}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// idToken returns an ID token with Entra's claims. As in Entra, oid, name and
// preferred_username require the profile scope, and email requires the email scope.
func (s *Server) idToken(p tenant.Person, g tenant.Grant, nonce string, scopes []string) (string, error) {
	claims := s.tokenClaims(g.ClientID, subject(p, g.ClientID), idTokenLife)
	maps.Copy(claims, map[string]any{
		"ver": "2.0", "tid": p.Tenant, "sid": g.Session, "acct": acct(p), "login_hint": loginHint(p), "auth_time": g.AuthTime.Unix(),
		"azp": g.ClientID, // not in Entra's tokens; the OIDC library uses it to find the client of an id_token_hint
	})
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if p.Language != "" {
		claims["xms_pl"] = strings.ToLower(p.Language) // in lower case in Entra's documentation: "en-us"
	}
	if len(p.Roles) > 0 {
		claims["roles"] = p.Roles
	}
	if slices.Contains(scopes, "profile") {
		claims["oid"], claims["name"], claims["preferred_username"] = p.ObjectID, p.Name, p.UPN
	}
	if slices.Contains(scopes, "email") {
		claims["email"] = p.Mail
	}
	return s.sign(claims)
}

// accessToken returns an access token for Graph, with the claims that package msgraph
// reads.
func (s *Server) accessToken(p tenant.Person, g tenant.Grant, permissions []string) (string, error) {
	claims := s.tokenClaims(tenant.GraphAudience, subject(p, g.ClientID), accessTokenLife)
	maps.Copy(claims, map[string]any{
		"ver": "1.0", "idtyp": "user", "appid": g.ClientID, "oid": p.ObjectID, "tid": p.Tenant, "sid": g.Session,
		"scp": strings.Join(permissions, " "),
	})
	if len(g.Claims) > 0 {
		claims["emulator_claims"] = g.Claims // the emulator's own claim; Entra would satisfy the requested claims instead
	}
	return s.sign(claims)
}
