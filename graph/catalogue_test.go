package graph_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"meetdesk/graph"
)

// TestFailuresOfTheProgram: an answer to the program's own token means another
// thing than the same to a person's, which TestFailures has.
func TestFailuresOfTheProgram(t *testing.T) {
	challenge := []string{"Www-Authenticate", `Bearer error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(`{"a":{}}`)) + `"`}
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		create string // the reason of a failed createOrGet
		other  string // of any other operation
	}{
		{"no policy", refuses(403, "Forbidden"), "reason.policy", "reason.policy"},
		{"no policy, as of 2021", refuses(403, "General"), "reason.policy", "reason.policy"},
		{"no policy, as of 2020", refuses(403, "Unauthorized"), "reason.policy", "reason.policy"},
		{"no code", says(403, `{"error":{"code":"","message":""}}`, "request-id", "r1"), "reason.policy", "reason.policy"},
		{"no permission", refuses(403, "Authorization_RequestDenied"), "reason.app_scope", "reason.app_scope"},
		{"no permission, otherwise", refuses(403, "InvalidAuthenticationToken"), "reason.app_scope", "reason.app_scope"},
		{"token", refuses(401, "InvalidAuthenticationToken"), "reason.app_token", "reason.app_token"},
		{"challenge", refuses(401, "InvalidAuthenticationToken", challenge...), "reason.app_token", "reason.app_token"},
		{"conditional access", refuses(403, "insufficient_claims", challenge...), "reason.app_token", "reason.app_token"},
		{"unknown organizer", refuses(404, "UnknownError"), "reason.no_organizer", "reason.not_found"},
		{"unknown meeting", refuses(404, "NotFound"), "reason.not_found", "reason.not_found"},
		{"bad request", refuses(400, "BadRequest"), "reason.bad_request", "reason.bad_request"},
		{"payment", refuses(402, "x"), "reason.payment", "reason.payment"},
		{"conflict", refuses(409, "x"), "reason.conflict", "reason.conflict"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, run := range operations {
				want := tt.other
				if name == "create" {
					want = tt.create
				}
				result, err := run(t, newPeer(t, tt.answer).client(), graph.For("oid-p", token), meetID)
				if e := wantError(t, err, graph.Refused, want); e.Claims != "" || result.Calls[0].Claims != "" {
					t.Errorf("%s: a challenge that nobody can answer: %q", name, e.Claims)
				}
			}
		})
	}
}

// TestChallengeOfConditionalAccess comes with a 403 and can be answered too.
func TestChallengeOfConditionalAccess(t *testing.T) {
	claims := `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`
	header := `Bearer error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(claims)) + `"`
	for status, want := range map[int]string{401: "reason.claims", 403: "reason.claims", 404: "reason.not_found"} {
		p := newPeer(t, refuses(status, "Forbidden", "Www-Authenticate", header))
		result, err := p.client().Meeting(t.Context(), graph.Me(token), meetID)
		e := wantError(t, err, graph.Refused, want)
		if got := result.Calls[0].Claims; got != e.Claims || (got == claims) != (status != 404) {
			t.Errorf("status %d: claims %q, in the record %q", status, e.Claims, got)
		}
	}
}

// TestReasons: others hold that each has its sentences.
func TestReasons(t *testing.T) {
	want := strings.Fields(`app_scope app_token bad_request beta_off busy claims conflict forbidden garbled no_answer no_organizer
		not_allowed not_found not_graph payment policy proxy refused scope server_error sign_in throttled tls unreachable`)
	for i := range want {
		want[i] = "reason." + want[i]
	}
	if got := graph.Reasons(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
