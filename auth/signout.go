package auth

import (
	"context"
	"net/url"

	"meetdesk/exactjson"
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
	// The least important comes last: an ID token with many roles has several KB.
	for _, param := range [][2]string{
		{"client_id", p.cfg.ClientID},
		{"post_logout_redirect_uri", returnTo},
		{"logout_hint", loginHint(idToken)},
		{"id_token_hint", idToken},
	} {
		if param[1] == "" || len(u.Path)+len(query.Encode())+len(url.QueryEscape(param[1])) > maxSignOut {
			continue
		}
		query.Set(param[0], param[1])
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// maxSignOut is the longest address of a sign-out, in bytes, for the same reason
// as maxClaims. Entra has a limit of about 2,000 too (AADSTS90015).
const maxSignOut = 1900

// loginHint reads the claim of that name. The token was verified at sign-in.
func loginHint(idToken string) string {
	var c struct {
		LoginHint string `json:"login_hint"`
	}
	_, payload, err := parts(idToken)
	if err != nil || exactjson.Unmarshal(payload, &c) != nil {
		return ""
	}
	return c.LoginHint
}
