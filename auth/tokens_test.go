package auth_test

import (
	"net/http"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

func TestRefresh(t *testing.T) {
	tenant := newTenant(t)
	now := time.Now().Add(-time.Hour)
	tenant.config.Now = func() time.Time { return now }
	// Both clocks must agree, because an ID token is not valid before its time of issue.
	tenant.SetClockAhead(-time.Hour)
	p := auth.New(tenant.config)
	who, first, err := signIn(t, p, priya)
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.Refresh(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	if second.AccessToken == "" || second.RefreshToken == "" || second.RefreshToken == first.RefreshToken {
		t.Error("there is no new access token, or the refresh token was not rotated")
	}
	if second.IDToken == first.IDToken || second.Scope == "" {
		t.Errorf("the ID token is the old one, or the scope is gone: %q", second.Scope)
	}
	if left := second.Expiry.Sub(now); left < 30*time.Minute || left > 2*time.Hour {
		t.Errorf("the token expires in %v by the desk's clock", left)
	}
	if err := tenant.RevokeRefreshTokens(who.ObjectID); err != nil {
		t.Fatal(err)
	}
	got, err := p.Refresh(t.Context(), second)
	wantError(t, err, meeting.Unauthorized, meeting.ReasonSignIn)
	if got != (auth.Tokens{}) {
		t.Error("the error comes with tokens")
	}
	_, err = p.Refresh(t.Context(), auth.Tokens{AccessToken: "x"})
	wantError(t, err, meeting.Unauthorized, meeting.ReasonSignIn)
}

func TestTokenEndpointFailures(t *testing.T) {
	t.Parallel()
	const grant = "AADSTS50173: the-description the-refresh-token"
	entra := func(name, number string) emulator.Failure {
		return emulator.Failure{Status: 400, ContentType: "application/json", Body: `{"error":"` + name + `","error_description":"` + grant +
			`","error_codes":[` + number + `],"correlation_id":"255d1aef-8c98-452f-ac51-23d051240864"}`}
	}
	for _, tt := range []struct {
		name       string
		failure    emulator.Failure
		signIn     meeting.Code
		signInKey  meeting.Reason
		refresh    meeting.Code
		refreshKey meeting.Reason
		quoted     string // error code shown to the administrator
	}{
		{"revoked", entra("invalid_grant", "50173"), meeting.Forbidden, meeting.ReasonSignInRefused, meeting.Unauthorized, meeting.ReasonSignIn, "invalid_grant AADSTS50173"},
		{"consent withdrawn", entra("invalid_grant", "65001"), meeting.Forbidden, meeting.ReasonSignInScope, meeting.Unauthorized, meeting.ReasonConsent, ""},
		{"consent required", entra("consent_required", "65999"), meeting.Forbidden, meeting.ReasonSignInScope, meeting.Unauthorized, meeting.ReasonConsent, ""},
		{"blocked by a policy", entra("invalid_grant", "53003"), meeting.Forbidden, meeting.ReasonSignInRefused, meeting.Unauthorized, meeting.ReasonBlocked, ""},
		{"interaction required", entra("interaction_required", "50076"), meeting.Forbidden, meeting.ReasonSignInRefused, meeting.Unauthorized, meeting.ReasonSignIn, ""},
		{"secret expired", entra("invalid_client", "7000222"), meeting.Unavailable, meeting.ReasonSignInSetup, meeting.Unavailable, meeting.ReasonSignInSetup, "invalid_client AADSTS7000222"},
		{"temporarily unavailable", entra("temporarily_unavailable", "90033"), meeting.Unavailable, meeting.ReasonSignInUnavailable, meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
		{"server error", emulator.Failure{Status: 500, Body: "the-description"}, meeting.Unavailable, meeting.ReasonSignInUnavailable, meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
		{"throttled", emulator.Failure{Status: 429, Body: "{}", ContentType: "application/json"}, meeting.Unavailable, meeting.ReasonSignInUnavailable, meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
		{"HTML page", emulator.Failure{Status: 200, Body: "<html>the-description"}, meeting.Unavailable, meeting.ReasonSignInUnavailable, meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
		{"response without a token", emulator.Failure{Status: 200, Body: "{}", ContentType: "application/json"}, meeting.Unavailable, meeting.ReasonSignInUnavailable, meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
		{"connection dropped", emulator.Failure{Drop: true}, meeting.Unavailable, meeting.ReasonSignInUnavailable, meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
		{"response cut off", emulator.Failure{CutBody: true}, meeting.Unavailable, meeting.ReasonSignInUnavailable, meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
		{"timeout", emulator.Failure{Delay: 3 * time.Second}, meeting.Unavailable, meeting.ReasonSignInUnavailable, meeting.Unavailable, meeting.ReasonSignInUnavailable, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tenant := newTenant(t)
			tenant.config.HTTP = &http.Client{Timeout: time.Second}
			p := auth.New(tenant.config)
			flow, query := start(t, p, priya)
			tenant.FailNext("POST /token", tt.failure)
			_, _, err := p.Finish(t.Context(), flow, query)
			e := wantError(t, err, tt.signIn, tt.signInKey)
			if tt.quoted != "" && e.Args["Code"] != tt.quoted {
				t.Errorf("code %q, want %q", e.Args["Code"], tt.quoted)
			}
			tenant.FailNext("POST /token", tt.failure)
			_, err = p.Refresh(t.Context(), auth.Tokens{RefreshToken: "the-refresh-token"})
			e = wantError(t, err, tt.refresh, tt.refreshKey)
			if tt.refreshKey == meeting.ReasonSignInSetup && e.Args["Code"] != tt.quoted {
				t.Errorf("code %q, want %q", e.Args["Code"], tt.quoted)
			}
		})
	}
}

// A refresh must return tokens for the user who signed in. Otherwise, meetings would be
// created on behalf of another user.
func TestRefreshReturnsAnotherPerson(t *testing.T) {
	for _, tt := range []struct {
		name   string
		claims object // changes to the claims of the refreshed ID token
		reply  object // changes to the response to the refresh
		key    meeting.Reason
	}{
		{"the same person", nil, nil, ""},
		{"without a nonce", object{"nonce": nil}, nil, ""},
		{"without an ID token", nil, object{"id_token": nil}, ""},
		{"another object ID", object{"oid": "P"}, nil, meeting.ReasonSignIn},
		{"another tenant", object{"tid": "U"}, nil, meeting.ReasonSignIn},
		{"no object ID", object{"oid": nil}, nil, meeting.ReasonSignIn},
		{"another audience", object{"aud": "another"}, nil, meeting.ReasonSignIn},
		{"another issuer", object{"iss": "https://elsewhere.example"}, nil, meeting.ReasonSignIn},
		{"expired", object{"exp": 5}, nil, meeting.ReasonSignIn},
		{"not a token", nil, object{"id_token": "opaque"}, meeting.ReasonSignIn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.reply = object{"refresh_token": "r"}
			desk := auth.New(p.config())
			_, tokens, err := desk.Finish(t.Context(), flow, back)
			if err != nil {
				t.Fatal(err)
			}
			p.claims, p.reply = tt.claims, tt.reply
			got, err := desk.Refresh(t.Context(), tokens)
			if tt.key == "" {
				if err != nil || got.AccessToken == "" || got.IDToken == "" {
					t.Errorf("%v, with an ID token: %v", err, got.IDToken != "")
				}
				return
			}
			wantError(t, err, meeting.Unauthorized, tt.key)
			if got != (auth.Tokens{}) {
				t.Error("the error comes with tokens")
			}
		})
	}
}
