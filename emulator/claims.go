package emulator

import (
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// fillIDToken adds Entra's claims to an ID token. Who somebody is takes the
// scope profile, their address the scope email, as it does there.
func fillIDToken(info *oidc.UserInfo, p Person, g grant, scopes []string) {
	info.AppendClaims("ver", "2.0")
	info.AppendClaims("tid", p.Tenant)
	info.AppendClaims("sid", g.Session)
	info.AppendClaims("acct", p.acct())
	info.AppendClaims("login_hint", p.loginHint())
	if p.Language != "" {
		info.AppendClaims("xms_pl", strings.ToLower(p.Language)) // as Entra's documentation writes it: "en-us"
	}
	if len(p.Roles) > 0 {
		info.AppendClaims("roles", p.Roles)
	}
	if slices.Contains(scopes, oidc.ScopeProfile) {
		info.AppendClaims("oid", p.ObjectID)
		info.Name = p.Name
		info.PreferredUsername = p.UPN
	}
	if slices.Contains(scopes, oidc.ScopeEmail) {
		info.Email = p.Mail
	}
}

// accessClaims are what the Graph side needs to know about a caller. For the
// application they are as opaque as Graph's.
func accessClaims(p Person, g grant, scopes []string) map[string]any {
	claims := map[string]any{
		"ver":   "1.0",
		"idtyp": "user",
		"appid": g.ClientID,
		"oid":   p.ObjectID,
		"tid":   p.Tenant,
		"sid":   g.Session,
		"scp":   strings.Join(graphPermissions(scopes), " "),
	}
	if len(g.Claims) > 0 {
		claims["emulator_claims"] = g.Claims // ours: Entra would make them true instead
	}
	return claims
}

func (p Person) acct() int {
	if p.Guest {
		return 1
	}
	return 0
}
