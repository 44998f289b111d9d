package auth

import (
	"encoding/json"
	"net/url"
	"testing"

	"meetdesk/linear"
)

// TestClaimsAreReadInLinearTime checks that reading claims, redirects, claims challenges
// and scopes takes time proportional to their length.
func TestClaimsAreReadInLinearTime(t *testing.T) {
	p := &Provider{cfg: Config{TenantID: "t", RoleStaff: "Meetdesk.Staff", RoleHelpDesk: "Meetdesk.HelpDesk", RoleAdmin: "Meetdesk.Admin"}}
	read := func(text string) {
		var c claims
		if json.Unmarshal([]byte(text), &c) == nil {
			_ = p.admit(c)
			p.identity(c)
		}
	}
	for _, tt := range []struct {
		name       string
		head, tail string
		parse      func(string)
	}{
		{"claims", "", "", read},
		{"roles", `{"tid":"t","oid":"o","roles":[`, `"a"]}`, read},
		{"roles without a list", `{"tid":"t","oid":"o","roles":"`, `"}`, read},
		{"identity provider", `{"tid":"t","oid":"o","idp":"https://sts.example/`, `"}`, read},
		{"language", `{"tid":"t","oid":"o","xms_pl":`, `}`, read},
		{"redirect", "", "", func(s string) { failureOfRedirect(url.Values{"error": {s}, "error_description": {"AADSTS50001" + s}}) }},
		{"claims challenge", `{"access_token":`, `}`, func(s string) { isChallenge(s) }},
		{"scope", "", "", func(s string) { hasScope([]string{s, s}, meetingsScope) }},
	} {
		t.Run(tt.name, func(t *testing.T) { linear.Texts(t, 8<<10, tt.head, tt.tail, tt.parse) })
	}
}
