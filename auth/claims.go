package auth

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// personalTenant is the tid of every personal Microsoft account (Entra: ID token
// claims reference).
const personalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// Identity is the person who signed in. TenantID and ObjectID never change; UPN
// and Name are for showing only.
type Identity struct {
	TenantID, ObjectID string
	UPN, Name          string
	Role               meeting.Role // the highest they hold
	Held               string       // tid and roles as they arrived, for the log
	SID                string       // the provider's session, for its sign-out; may be ""
	Language           string       // the one they prefer, as the provider writes it; may be ""
}

// claims are the ID token's, as Entra names them.
type claims struct {
	Issuer            string          `json:"iss"`
	Audience          names           `json:"aud"`
	Expiry            numericDate     `json:"exp"`
	NotBefore         numericDate     `json:"nbf"`
	Nonce             string          `json:"nonce"`
	TenantID          string          `json:"tid"`
	ObjectID          string          `json:"oid"`
	PreferredUsername string          `json:"preferred_username"`
	UPN               string          `json:"upn"`
	Name              string          `json:"name"`
	Roles             names           `json:"roles"`
	SID               string          `json:"sid"`
	IdentityProvider  string          `json:"idp"`
	AccountStatus     json.RawMessage `json:"acct"`   // 0 for a member, 1 for a guest
	PreferredLanguage json.RawMessage `json:"xms_pl"` // LL-CC, if the optional claim is configured and the person has one
}

// names is a list, or one name alone, as some providers write it.
type names []string

// UnmarshalJSON reads either form. What is neither is no name at all.
func (n *names) UnmarshalJSON(b []byte) error {
	var one string
	var list []string
	switch {
	case json.Unmarshal(b, &one) == nil && one != "":
		*n = names{one}
	case json.Unmarshal(b, &list) == nil:
		*n = list
	default:
		*n = nil
	}
	return nil
}

// held describes, for the log, what decides who is let in and as what.
func (c claims) held() string {
	return fmt.Sprintf("tid %.100q, roles %.100q", c.TenantID, c.Roles[:min(len(c.Roles), 20)])
}

// admit lets in members of the configured tenant only.
func (p *Provider) admit(c claims) error {
	var key meeting.Reason
	switch {
	case strings.EqualFold(c.TenantID, personalTenant):
		key = meeting.ReasonSignInPersonal
	case !strings.EqualFold(c.TenantID, p.cfg.TenantID):
		key = meeting.ReasonSignInTenant
	case c.guest():
		key = meeting.ReasonSignInGuest
	default:
		return nil
	}
	return &meeting.Error{Code: meeting.Forbidden, Key: key, Err: fmt.Errorf("ID token: %s; the desk is for tid %q", c.held(), p.cfg.TenantID)}
}

// guest reports whether the account's home is elsewhere.
func (c claims) guest() bool {
	if strings.Trim(string(c.AccountStatus), `"`) == "1" {
		return true
	}
	if c.IdentityProvider == "" || c.IdentityProvider == c.Issuer || strings.EqualFold(c.IdentityProvider, c.TenantID) {
		return false
	}
	// The home tenant is a segment: https://sts.windows.net/{tid}/
	u, err := url.Parse(c.IdentityProvider)
	return err != nil || !slices.Contains(strings.Split(strings.ToLower(u.Path), "/"), strings.ToLower(c.TenantID))
}

func (p *Provider) identity(c claims) Identity {
	who := Identity{
		TenantID: c.TenantID, ObjectID: c.ObjectID, UPN: c.PreferredUsername, Name: c.Name,
		Role: p.role(c.Roles), Held: c.held(), SID: c.SID,
	}
	_ = json.Unmarshal(c.PreferredLanguage, &who.Language) // no reason to turn somebody away
	if who.UPN == "" {
		who.UPN = c.UPN
	}
	return who
}

// role returns the highest of the roles held.
func (p *Provider) role(held names) meeting.Role {
	switch holds := func(name string) bool { return name != "" && slices.Contains(held, name) }; {
	case holds(p.cfg.RoleAdmin):
		return meeting.Admin
	case holds(p.cfg.RoleHelpDesk):
		return meeting.HelpDesk
	case holds(p.cfg.RoleStaff):
		return meeting.Staff
	default:
		return meeting.NoRole
	}
}
