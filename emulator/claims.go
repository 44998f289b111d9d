package emulator

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
)

// tokenClaims are those of every token. The audience is a string, as Entra
// writes it; the OIDC library would make it a list.
func (e *Emulator) tokenClaims(audience, subject string, life time.Duration) map[string]any {
	now := e.now()
	return map[string]any{
		"iss": e.Issuer(), "aud": audience, "sub": subject, "uti": uuid.NewString(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(life).Unix(),
	}
}

// signed makes a token of the claims.
func (e *Emulator) signed(claims map[string]any) (string, error) {
	key := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: e.key.private, KeyID: e.key.id}}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// idToken has Entra's claims. Who somebody is takes the scope profile, their
// address the scope email, as it does there.
func (e *Emulator) idToken(p Person, g grant, nonce string, scopes []string) (string, error) {
	claims := e.tokenClaims(g.ClientID, p.subject(g.ClientID), idTokenLife)
	maps.Copy(claims, map[string]any{
		"ver": "2.0", "tid": p.Tenant, "sid": g.Session, "acct": p.acct(), "login_hint": p.loginHint(), "auth_time": g.AuthTime.Unix(),
		"azp": g.ClientID, // unlike Entra: the OIDC library finds the application of an id_token_hint by it
	})
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if p.Language != "" {
		claims["xms_pl"] = strings.ToLower(p.Language) // as Entra's documentation writes it: "en-us"
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
	return e.signed(claims)
}

// accessToken has what the Graph side needs to know about a caller. For the
// application it is as opaque as Graph's.
func (e *Emulator) accessToken(p Person, g grant, permissions []string) (string, error) {
	claims := e.tokenClaims(graphAudience, p.subject(g.ClientID), accessTokenLife)
	maps.Copy(claims, map[string]any{
		"ver": "1.0", "idtyp": "user", "appid": g.ClientID, "oid": p.ObjectID, "tid": p.Tenant, "sid": g.Session,
		"scp": strings.Join(permissions, " "),
	})
	if len(g.Claims) > 0 {
		claims["emulator_claims"] = g.Claims // ours: Entra would make them true instead
	}
	return e.signed(claims)
}

func (p Person) acct() int {
	if p.Guest {
		return 1
	}
	return 0
}
