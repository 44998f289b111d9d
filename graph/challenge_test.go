package graph_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestClaimsChallenge(t *testing.T) {
	const want = `{"access_token":{"nbf":{"essential":true, "value":"1604106651"}}}`
	padded := base64.StdEncoding.EncodeToString([]byte(want))
	for _, tt := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"documented", []string{`Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="` + padded + `"`}, want},
		{"another order", []string{`bearer claims="` + padded + `",error="insufficient_claims"`}, want},
		{"unquoted, unpadded", []string{`Bearer claims=` + strings.TrimRight(padded, "=") + `, error=insufficient_claims`}, want},
		{"url alphabet", []string{`Bearer claims="` + base64.RawURLEncoding.EncodeToString([]byte(`{"a":"??>>ÿÿ"}`)) + `"`}, `{"a":"??>>ÿÿ"}`},
		{"two challenges in one header", []string{`Bearer realm="", client_id="0", nonce="a, b", Bearer realm="", error_description="Continuous access evaluation, claims=none \"so\": see", error="insufficient_claims", claims="` + padded + `"`}, want},
		{"several headers", []string{`Negotiate`, `PoP realm="", claims="eA=="`, `Bearer realm = "" , claims = "` + padded + `"`}, want},
		{"after a token68", []string{`Basic YWJj==, Bearer claims="` + padded + `"`}, want},
		{"no claims", []string{`Bearer realm="", error="invalid_token"`}, ""},
		{"no header", nil, ""},
		{"not base64", []string{`Bearer claims="!!"`}, ""},
		{"not JSON", []string{`Bearer claims="` + base64.StdEncoding.EncodeToString([]byte("x")) + `"`}, ""},
		{"another scheme", []string{`PoP claims="` + padded + `"`}, ""},
		{"malformed", []string{`=,="==`, `Bearer claims="` + padded}, want},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Www-Authenticate"] = tt.lines
				w.Header().Set("request-id", "r1")
				w.WriteHeader(http.StatusUnauthorized)
				fmt.Fprint(w, `{"error":{"code":"InvalidAuthenticationToken","message":""}}`)
			})
			result, err := p.client().CreateOrGet(withTimeout(t, 10*time.Second), graph.Me(token), asked)
			reason := meeting.ReasonSignIn
			if tt.want != "" {
				reason = meeting.ReasonClaims
			}
			e := wantError(t, err, graph.Refused, reason)
			if e.Claims != tt.want || result.Calls[0].Claims != tt.want {
				t.Errorf("claims %q, recorded as %q, want %q", e.Claims, result.Calls[0].Claims, tt.want)
			}
		})
	}
}
