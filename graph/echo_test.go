package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"meetdesk/graph"
)

// TestTokenIsRemovedFromResponses checks that a token echoed by the server does not appear
// in any result, error or reported wait.
func TestTokenIsRemovedFromResponses(t *testing.T) {
	graphError := func(code, message, requestID, date string) string {
		body, err := json.Marshal(map[string]any{"error": map[string]any{
			"code": code, "message": message, "innerError": map[string]any{"request-id": requestID, "date": date},
		}})
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	const bearer = "Bearer " + token
	responses := map[string]http.HandlerFunc{
		"code":         responds(403, graphError(token, "m", "r", "d"), "request-id", "r"),
		"message":      responds(403, graphError("Forbidden", "for "+bearer, "r", "d"), "request-id", "r"),
		"inner error":  responds(403, graphError("Forbidden", "m", token, token), "Content-Type", "application/json"),
		"request-id":   responds(403, graphError("Forbidden", "m", "r", "d"), "request-id", token),
		"date":         responds(403, graphError("Forbidden", "m", "r", "d"), "request-id", "r", "Date", token),
		"challenge":    responds(401, "", "request-id", "r", "Www-Authenticate", `Bearer error="insufficient_claims", claims="`+token+`"`),
		"scope":        responds(429, graphError("x", "m", "r", "d"), "request-id", "r", "x-ms-throttle-scope", token, "Retry-After", "0"),
		"Content-Type": responds(502, "gone", "Content-Type", "text/"+token),
		"Location":     responds(302, "", "Location", "https://portal.example/"+token),
		"page":         responds(403, "<p>"+bearer+"</p>", "Content-Type", "text/html"),
		"meeting": responds(200, `{"id":"`+token+`","subject":"`+bearer+`","joinWebUrl":"https://teams.example/`+token+`","externalId":"`+token+`"}`,
			"request-id", token),
	}
	for name, response := range responses {
		for operation, run := range operations {
			t.Run(name+" "+operation, func(t *testing.T) {
				var waits []graph.Wait
				client := newPeer(t, response).client()
				client.OnWait = func(w graph.Wait) { waits = append(waits, w) }
				result, err := run(t, client, graph.For("oid-p", token), meetID)
				if got := fmt.Sprintf("%+v %+v %+v %s", result, err, waits, result.Reply.Raw); strings.Contains(got, token) {
					t.Errorf("the token is in %s", got)
				}
				if len(result.Calls) == 0 {
					t.Error("no call is recorded")
				}
			})
		}
	}
}
