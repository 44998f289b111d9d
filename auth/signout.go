package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
)

// SignOutURL returns where to send the browser to end the provider's session
// too, or "" where the provider offers no such page or cannot be asked. The ID
// token of the sign-in, which may be "", tells the provider whose session it
// is; its login_hint claim spares the person Entra's choice of an account.
// returnTo must be registered.
func (p *Provider) SignOutURL(ctx context.Context, idToken, returnTo string) string {
	found, err := p.discover(ctx)
	if err != nil || found.EndSession == "" {
		return ""
	}
	u, err := url.Parse(found.EndSession)
	if err != nil || !secure(found.EndSession) {
		return ""
	}
	query := u.Query()
	for name, value := range map[string]string{
		"client_id":                p.cfg.ClientID,
		"id_token_hint":            idToken,
		"logout_hint":              loginHint(idToken),
		"post_logout_redirect_uri": returnTo,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// loginHint reads the claim of that name. The token was verified at sign-in.
func loginHint(idToken string) string {
	_, rest, _ := strings.Cut(idToken, ".")
	payload, _, _ := strings.Cut(rest, ".")
	plain, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return ""
	}
	var claims struct {
		LoginHint string `json:"login_hint"`
	}
	if json.Unmarshal(plain, &claims) != nil {
		return ""
	}
	return claims.LoginHint
}
