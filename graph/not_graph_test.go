package graph_test

import (
	"net/http"
	"strings"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// TestForeignResponses checks that responses from other servers are recognized and
// described in the call's message. Such a response does not show whether Graph made a
// change, so all calls except GETs must be marked Unsure.
func TestForeignResponses(t *testing.T) {
	const (
		html = "<!doctype html>\r\n<title>Access\tdenied</title>\n<p>Blocked by policy 7"
		page = "text/html; charset=utf-8"
	)
	for _, tt := range []struct {
		name     string
		response http.HandlerFunc
		creates  int    // the expected number of createOrGet requests
		excerpt  string // text that the message must contain
	}{
		{"web filter", responds(403, html, "Content-Type", page), 1, page + ": <!doctype html> <title>Access denied</title> <p>Blocked by policy 7"},
		{"web filter that says 200", responds(200, html, "Content-Type", page), 3, "Blocked by policy 7"},
		{"web filter that says 400", responds(400, html, "Content-Type", page), 1, "Blocked"},
		{"proxy", responds(407, "Proxy Authentication Required", "Content-Type", "text/plain", "Proxy-Authenticate", "Basic"), 1, "text/plain: Proxy Authentication Required"},
		{"captive portal", responds(302, "", "Location", "https://portal.example/login?mac=00:11#x"), 1, "Location https://portal.example/login"},
		{"captive portal, RFC 8908", responds(511, `{"captive":true}`), 3, `{"captive":true}`},
		{"captive portal's 204", responds(204, ""), 3, "application/json"},
		{"error of another API", responds(404, `{"error":{"code":"NotFound","message":"no such page"}}`), 1, `"no such page"`},
		{"error with a number as its code", responds(404, `{"error":{"code":404,"message":"m","innerError":{"request-id":"r1"}}}`), 1, `"code":404`},
		{"error that is a text", responds(401, `{"error":"invalid_token"}`, "request-id", "r1"), 1, "invalid_token"},
		{"error in another form", responds(403, `{"statusCode":403,"message":"Forbidden"}`, "X-Request-Id", "r1"), 1, "statusCode"},
		{"proxy's single sign-on", responds(401, "", "Www-Authenticate", "Negotiate"), 1, "application/json"},
		{"load balancer", responds(502, "<h1>502 Bad Gateway</h1>", "Content-Type", "text/html"), 3, "text/html: <h1>502 Bad Gateway</h1>"},
		{"load balancer with a request-id", responds(503, "upstream connect error", "Content-Type", "text/plain", "request-id", "r1"), 3, "upstream connect error"},
		{"gateway's rate limit", responds(429, "slow down", "Content-Type", "text/plain"), 3, "slow down"},
		{"other JSON", responds(201, `{"status":"sign in to the network"}`), 3, "sign in to the network"},
		{"empty body", responds(400, ""), 1, "application/json"},
		{"no Content-Type", func(w http.ResponseWriter, _ *http.Request) { w.Header()["Content-Type"] = nil; w.WriteHeader(405) }, 1, "no Content-Type"},
		{"invisible characters", responds(403, "a\u202eb\x00c\xffd\u200be", "Content-Type", page), 1, page + ": ab cde"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, tt.response)
			created, err := p.client().CreateOrGet(t.Context(), graph.Me(token), asked)
			e := wantError(t, err, graph.Unsure, meeting.ReasonNotGraph)
			last := created.Calls[len(created.Calls)-1]
			if len(created.Calls) != tt.creates || !last.Unsure || last.Code != "" || !strings.Contains(last.Message, tt.excerpt) || !strings.Contains(e.Error(), "status") {
				t.Errorf("%d calls, the last %+v; want %d with %q: %v", len(created.Calls), last, tt.creates, tt.excerpt, e)
			}
			for name, run := range operations {
				result, err := run(t, newPeer(t, tt.response).client(), graph.For("oid-p", token), meetID)
				if graph.IsNotFound(err) {
					t.Errorf("%s: IsNotFound holds for somebody else's 404", name)
				}
				wantError(t, err, graph.Unsure, meeting.ReasonNotGraph)
				if call := result.Calls[0]; call.Unsure != (call.Method != http.MethodGet) {
					t.Errorf("%s: call %+v; want it unsure unless it is a GET", name, call)
				}
			}
		})
	}
}

// TestBearerChallengeWithoutBody checks that an empty 401 with a Bearer challenge is treated
// as Graph's response.
func TestBearerChallengeWithoutBody(t *testing.T) {
	p := newPeer(t, responds(401, "", "request-id", "r1", "Www-Authenticate", `Bearer realm="", error="invalid_token"`))
	_, err := p.client().Meeting(t.Context(), graph.Me(token), meetID)
	wantError(t, err, graph.Refused, meeting.ReasonSignIn)
}

func TestTokenIsNotRecorded(t *testing.T) {
	secret := "secret-" + strings.Repeat("x", 400)
	for _, before := range []int{0, 150, 195, 205, 9990} {
		echo := strings.Repeat("a", before) + `{"headers":{"Authorization":"Bearer ` + secret + `"}}`
		result, err := newPeer(t, responds(404, echo, "Location", "https://x.example/"+secret)).client().Meeting(t.Context(), graph.Me(secret), meetID)
		if call := result.Calls[0]; err == nil || strings.Contains(err.Error()+call.Message, "secret") || len(call.Message) > 700 {
			t.Errorf("message %q with error %v contains the token, or is too long", call.Message, err)
		}
	}
}
