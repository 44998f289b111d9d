package auth

import (
	"context"
	"net/url"

	"meetdesk/exactjson"
)

// SignOutURL returns the URL that ends the provider's session. It returns "" if the
// provider has no secure sign-out URL or cannot be reached. The ID token, which may be "",
// identifies the session. If the token has a login_hint claim, Entra does not ask which
// account to sign out. The URL returnTo must be registered with the provider.
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
	// The ID token comes last so that it is the first parameter to be omitted if the URL
	// would be too long. A token with many roles can be several KB long.
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

// maxSignOut is the approximate maximum length, in bytes, of the part of a sign-out URL
// that follows the host. Entra refuses URLs longer than about 2,000 bytes (AADSTS90015),
// and the URL must fit into a proxy's buffer.
const maxSignOut = 1900

// loginHint returns the login_hint claim of an ID token. It does not verify the token,
// because the desk did so when it received the token.
func loginHint(idToken string) string {
	var c struct {
		LoginHint string `json:"login_hint"`
	}
	_, payload, err := decodeToken(idToken)
	if err != nil || exactjson.Unmarshal(payload, &c) != nil {
		return ""
	}
	return c.LoginHint
}
