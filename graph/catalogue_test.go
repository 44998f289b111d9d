package graph_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// TestProgramFailures checks the failures of calls with an application token. TestFailures
// covers delegated tokens.
func TestProgramFailures(t *testing.T) {
	challenge := []string{"Www-Authenticate", `Bearer error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(`{"a":{}}`)) + `"`}
	for _, tt := range []struct {
		name     string
		response http.HandlerFunc
		create   meeting.Reason // the reason if createOrGet fails
		other    meeting.Reason // the reason if any other operation fails
	}{
		{"no policy", graphError(403, "Forbidden"), meeting.ReasonPolicy, meeting.ReasonPolicy},
		{"no policy, code of 2021", graphError(403, "General"), meeting.ReasonPolicy, meeting.ReasonPolicy},
		{"no policy, code of 2020", graphError(403, "Unauthorized"), meeting.ReasonPolicy, meeting.ReasonPolicy},
		{"no policy, empty code", responds(403, `{"error":{"code":"","message":""}}`, "request-id", "r1"), meeting.ReasonPolicy, meeting.ReasonPolicy},
		{"no permission", graphError(403, "Authorization_RequestDenied"), meeting.ReasonAppScope, meeting.ReasonAppScope},
		{"no permission, other code", graphError(403, "InvalidAuthenticationToken"), meeting.ReasonAppScope, meeting.ReasonAppScope},
		{"invalid token", graphError(401, "InvalidAuthenticationToken"), meeting.ReasonAppToken, meeting.ReasonAppToken},
		{"challenge", graphError(401, "InvalidAuthenticationToken", challenge...), meeting.ReasonAppToken, meeting.ReasonAppToken},
		{"conditional access", graphError(403, "insufficient_claims", challenge...), meeting.ReasonAppToken, meeting.ReasonAppToken},
		{"unknown organizer", graphError(404, "UnknownError"), meeting.ReasonNoOrganizer, meeting.ReasonNotFound},
		{"unknown meeting", graphError(404, "NotFound"), meeting.ReasonNotFound, meeting.ReasonNotFound},
		{"bad request", graphError(400, "BadRequest"), meeting.ReasonBadRequest, meeting.ReasonBadRequest},
		{"payment required", graphError(402, "x"), meeting.ReasonPayment, meeting.ReasonPayment},
		{"conflict", graphError(409, "x"), meeting.ReasonConflict, meeting.ReasonConflict},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, run := range operations {
				want := tt.other
				if name == "create" {
					want = tt.create
				}
				result, err := run(t, newPeer(t, tt.response).client(), graph.For("oid-p", token), meetID)
				if e := wantError(t, err, graph.Refused, want); e.Claims != "" || result.Calls[0].Claims != "" {
					t.Errorf("%s: got claims %q, which the program cannot answer", name, e.Claims)
				}
			}
		})
	}
}

// TestConditionalAccess checks that a claims challenge is recognized in a 401 and in a 403,
// but not in a 404.
func TestConditionalAccess(t *testing.T) {
	claims := `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`
	header := `Bearer error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(claims)) + `"`
	for status, want := range map[int]meeting.Reason{401: meeting.ReasonClaims, 403: meeting.ReasonClaims, 404: meeting.ReasonNotFound} {
		p := newPeer(t, graphError(status, "Forbidden", "Www-Authenticate", header))
		result, err := p.client().Meeting(t.Context(), graph.Me(token), meetID)
		e := wantError(t, err, graph.Refused, want)
		if got := result.Calls[0].Claims; got != e.Claims || (got == claims) != (status != 404) {
			t.Errorf("status %d: claims %q, recorded as %q", status, e.Claims, got)
		}
	}
}
