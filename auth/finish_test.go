package auth_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"meetdesk/auth"
	"meetdesk/meeting"
)

// Finish rejects a redirect whose issuer is wrong, or is missing although the provider
// announces it (RFC 9207). In these cases, Finish does not redeem the code.
func TestResponseIssuer(t *testing.T) {
	const ours, theirs = "ISSUER", "https://elsewhere.example"
	for _, tt := range []struct {
		name      string
		announced bool
		issuers   []string
		refused   bool
	}{
		{"ours", true, []string{ours}, false},
		{"ours, not announced", false, []string{ours}, false},
		{"none, not announced", false, nil, false},
		{"none", true, nil, true},
		{"another", true, []string{theirs}, true},
		{"another, not announced", false, []string{theirs}, true},
		{"empty", true, []string{""}, true},
		{"with a slash", true, []string{ours + "/"}, true},
		{"twice", true, []string{ours, theirs}, true},
	} {
		for _, kind := range []string{"code", "error"} {
			t.Run(tt.name+" "+kind, func(t *testing.T) {
				p := newProvider(t)
				p.discovery = object{"authorization_response_iss_parameter_supported": tt.announced}
				desk := auth.New(p.config())
				if err := desk.Discover(t.Context()); err != nil {
					t.Fatal(err)
				}
				query := maps.Clone(url.Values(back))
				if kind == "error" {
					query = url.Values{"state": {"s"}, "error": {"access_denied"}}
				}
				for _, issuer := range tt.issuers {
					if issuer != theirs && issuer != "" {
						issuer = p.URL + issuer[len(ours):]
					}
					query.Add("iss", issuer)
				}
				_, _, err := desk.Finish(t.Context(), flow, query)
				switch {
				case tt.refused:
					wantError(t, err, meeting.Forbidden, meeting.ReasonSignInIssuer)
				case kind == "error":
					wantError(t, err, meeting.Forbidden, meeting.ReasonSignInDeclined)
				case err != nil:
					t.Error(err)
				}
				if tt.refused && p.redeemed.Load() != 0 {
					t.Error("the code was redeemed")
				}
			})
		}
	}
}

// Control characters and direction marks in names are replaced with spaces, because they
// would change the text around a name.
func TestNamesAreCut(t *testing.T) {
	p := newProvider(t)
	p.claims = object{"name": strings.Repeat("ã", 300), "preferred_username": strings.Repeat("p", 300)}
	who, _, err := auth.New(p.config()).Finish(t.Context(), flow, back)
	if err != nil || utf8.RuneCountInString(who.Name) != 256 || len(who.UPN) != 256 {
		t.Errorf("%d and %d characters, want 256; %v", utf8.RuneCountInString(who.Name), len(who.UPN), err)
	}
}

func TestNamesAreCleaned(t *testing.T) {
	p := newProvider(t)
	p.claims = object{"name": "Pri\u202eya\x00\nNair", "preferred_username": "priya\u2066@contoso.example"}
	who, _, err := auth.New(p.config()).Finish(t.Context(), flow, back)
	if err != nil || who.Name != "Pri ya  Nair" || who.UPN != "priya @contoso.example" {
		t.Errorf("%q, %q, %v", who.Name, who.UPN, err)
	}
}
