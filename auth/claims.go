package auth

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// maxName is the maximum length of names and UPNs, in characters. Longer ones are truncated.
// Entra allows 256 characters for a display name and 113 for a UPN.
const maxName = 256

// personalTenant is the tid of every personal Microsoft account (Entra: ID token
// claims reference).
const personalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// Identity is the person who signed in. TenantID and ObjectID identify the person and
// never change. UPN and Name may change.
type Identity struct {
	TenantID, ObjectID string
	UPN, Name          string
	Role               meeting.Role // the person's highest role
	Summary            string       // the tid and roles of the token, for the log
	SID                string       // the provider's session ID, for front-channel logout; may be ""
	Language           string       // the preferred language, as sent by the provider; may be ""
}

// claims are the ID token claims that the desk uses, under Entra's names.
type claims struct {
	Issuer            string          `json:"iss"`
	Audience          names           `json:"aud"`
	AuthorizedParty   string          `json:"azp"`
	Expiry            numericDate     `json:"exp"`
	NotBefore         numericDate     `json:"nbf"`
	IssuedAt          numericDate     `json:"iat"`
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
	PreferredLanguage json.RawMessage `json:"xms_pl"` // optional, in the form LL-CC
}

// names is a list of names. Some providers encode a single name as a string.
type names []string

// UnmarshalJSON accepts a string or a list of strings. It treats any other value as an empty
// list.
func (n *names) UnmarshalJSON(b []byte) error {
	var name string
	var list []string
	switch {
	case json.Unmarshal(b, &name) == nil && name != "":
		*n = names{name}
	case json.Unmarshal(b, &list) == nil:
		*n = list
	default:
		*n = nil
	}
	return nil
}

// summary returns the tenant and the roles in the token, for the log. It truncates long
// values and lists at most 20 roles.
func (c claims) summary() string {
	return fmt.Sprintf("tid %.100q, roles %.100q", c.TenantID, c.Roles[:min(len(c.Roles), 20)])
}

// admit returns an error unless the person is a member of the tenant. Guests are not
// members.
func (p *Provider) admit(c claims) error {
	var key meeting.Reason
	switch {
	case strings.EqualFold(c.TenantID, personalTenant):
		key = meeting.ReasonSignInPersonal
	case !strings.EqualFold(c.TenantID, p.cfg.TenantID):
		key = meeting.ReasonSignInTenant
	case c.isGuest():
		key = meeting.ReasonSignInGuest
	default:
		return nil
	}
	return &meeting.Error{Code: meeting.Forbidden, Key: key, Err: fmt.Errorf("ID token: %s; meetdesk serves tid %q", c.summary(), p.cfg.TenantID)}
}

// isGuest reports whether the account belongs to another tenant.
func (c claims) isGuest() bool {
	if strings.Trim(string(c.AccountStatus), `"`) == "1" {
		return true
	}
	if c.IdentityProvider == "" || c.IdentityProvider == c.Issuer || strings.EqualFold(c.IdentityProvider, c.TenantID) {
		return false
	}
	// The account's home tenant is a segment of the path: https://sts.windows.net/{tid}/
	u, err := url.Parse(c.IdentityProvider)
	return err != nil || !slices.Contains(strings.Split(strings.ToLower(u.Path), "/"), strings.ToLower(c.TenantID))
}

func (p *Provider) identity(c claims) Identity {
	identity := Identity{
		TenantID: c.TenantID, ObjectID: c.ObjectID,
		UPN: meeting.CutLine(cmp.Or(c.PreferredUsername, c.UPN), maxName), Name: meeting.CutLine(c.Name, maxName),
		Role: p.role(c.Roles), Summary: c.summary(), SID: c.SID,
	}
	_ = json.Unmarshal(c.PreferredLanguage, &identity.Language) // an invalid language must not prevent a sign-in
	return identity
}

// RoleIn returns the role that the ID token grants. It does not verify the token. ok is
// false if the token cannot be parsed.
func (p *Provider) RoleIn(idToken string) (role meeting.Role, ok bool) {
	var c claims
	_, payload, err := decodeToken(idToken)
	if err != nil || exactjson.Unmarshal(payload, &c) != nil {
		return meeting.NoRole, false
	}
	return p.role(c.Roles), true
}

// role returns the highest role that any of the app roles grants.
func (p *Provider) role(roles names) meeting.Role {
	switch has := func(name string) bool { return name != "" && slices.Contains(roles, name) }; {
	case has(p.cfg.RoleAdmin):
		return meeting.Admin
	case has(p.cfg.RoleHelpDesk):
		return meeting.HelpDesk
	case has(p.cfg.RoleStaff):
		return meeting.Staff
	default:
		return meeting.NoRole
	}
}
