package graph_test

import (
	"net/http"
	"strings"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

// TestStrangers: without Graph's JSON error and a request-id it was not Graph
// that answered. Such an answer proves nothing of what became of a change.
func TestStrangers(t *testing.T) {
	const (
		html = "<!doctype html>\r\n<title>Access\tdenied</title>\n<p>Blocked by policy 7"
		page = "text/html; charset=utf-8"
	)
	for _, tt := range []struct {
		name     string
		response http.HandlerFunc
		create   int    // tries of createOrGet
		came     string // in the message
	}{
		{"web filter", responds(403, html, "Content-Type", page), 1, page + ": <!doctype html> <title>Access denied</title> <p>Blocked by policy 7"},
		{"web filter that says 200", responds(200, html, "Content-Type", page), 3, "Blocked by policy 7"},
		{"web filter that says 400", responds(400, html, "Content-Type", page), 1, "Blocked"},
		{"proxy", responds(407, "Proxy Authentication Required", "Content-Type", "text/plain", "Proxy-Authenticate", "Basic"), 1, "text/plain: Proxy Authentication Required"},
		{"captive portal", responds(302, "", "Location", "https://portal.example/login?mac=00:11#x"), 1, "Location https://portal.example/login"},
		{"captive portal, RFC 8908", responds(511, `{"captive":true}`), 3, `{"captive":true}`},
		{"captive portal of no content", responds(204, ""), 3, "application/json"},
		{"another API", responds(404, `{"error":{"code":"NotFound","message":"no such page"}}`), 1, `"no such page"`},
		{"another API, with a number", responds(404, `{"error":{"code":404,"message":"m","innerError":{"request-id":"r1"}}}`), 1, `"code":404`},
		{"another API, with a text", responds(401, `{"error":"invalid_token"}`, "request-id", "r1"), 1, "invalid_token"},
		{"another API, in other words", responds(403, `{"statusCode":403,"message":"Forbidden"}`, "X-Request-Id", "r1"), 1, "statusCode"},
		{"single sign-on of a proxy", responds(401, "", "Www-Authenticate", "Negotiate"), 1, "application/json"},
		{"load balancer", responds(502, "<h1>502 Bad Gateway</h1>", "Content-Type", "text/html"), 3, "text/html: <h1>502 Bad Gateway</h1>"},
		{"load balancer that numbers", responds(503, "upstream connect error", "Content-Type", "text/plain", "request-id", "r1"), 3, "upstream connect error"},
		{"rate limit of a gateway", responds(429, "slow down", "Content-Type", "text/plain"), 3, "slow down"},
		{"JSON of somebody's", responds(201, `{"status":"sign in to the network"}`), 3, "sign in to the network"},
		{"nothing", responds(400, ""), 1, "application/json"},
		{"no type", func(w http.ResponseWriter, _ *http.Request) { w.Header()["Content-Type"] = nil; w.WriteHeader(405) }, 1, "no Content-Type"},
		{"what shows nothing", responds(403, "a\u202eb\x00c\xffd\u200be", "Content-Type", page), 1, page + ": ab cde"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, tt.response)
			created, err := p.client().CreateOrGet(t.Context(), graph.Me(token), asked)
			e := wantError(t, err, graph.Unsure, meeting.ReasonNotGraph)
			last := created.Calls[len(created.Calls)-1]
			if len(created.Calls) != tt.create || !last.Unsure || last.Code != "" || !strings.Contains(last.Message, tt.came) || !strings.Contains(e.Error(), "status") {
				t.Errorf("%d calls, the last %+v; want %d with %q: %v", len(created.Calls), last, tt.create, tt.came, e)
			}
			for name, run := range operations {
				result, err := run(t, newPeer(t, tt.response).client(), graph.For("oid-p", token), meetID)
				if graph.IsNotFound(err) {
					t.Errorf("%s is not found, on a stranger's word", name)
				}
				wantError(t, err, graph.Unsure, meeting.ReasonNotGraph)
				if call := result.Calls[0]; call.Unsure != (call.Method != http.MethodGet) {
					t.Errorf("%s: call %+v", name, call)
				}
			}
		})
	}
}

// TestGraphsOwnWithoutABody: a challenge for a Bearer token is no proxy's.
func TestGraphsOwnWithoutABody(t *testing.T) {
	p := newPeer(t, responds(401, "", "request-id", "r1", "Www-Authenticate", `Bearer realm="", error="invalid_token"`))
	_, err := p.client().Meeting(t.Context(), graph.Me(token), meetID)
	wantError(t, err, graph.Refused, meeting.ReasonSignIn)
}

// TestTokenIsNotKept: a server that echoes the request does not bring the token into the
// record or the log, in whatever part of the response it is.
func TestTokenIsNotKept(t *testing.T) {
	secret := "secret-" + strings.Repeat("x", 400)
	for _, before := range []int{0, 150, 195, 205, 9990} {
		echo := strings.Repeat("a", before) + `{"headers":{"Authorization":"Bearer ` + secret + `"}}`
		result, err := newPeer(t, responds(404, echo, "Location", "https://x.example/"+secret)).client().Meeting(t.Context(), graph.Me(secret), meetID)
		if call := result.Calls[0]; err == nil || strings.Contains(err.Error()+call.Message, "secret") || len(call.Message) > 700 {
			t.Errorf("%q with %v", call.Message, err)
		}
	}
}
