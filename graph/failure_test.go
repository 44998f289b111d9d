package graph_test

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

func TestFailures(t *testing.T) {
	const html = "<!doctype html><title>Bad gateway</title>"
	for _, tt := range []struct {
		name     string
		response http.HandlerFunc
		kind     graph.Kind
		reason   meeting.Reason
		creates  int // the expected number of createOrGet requests
		updates  int // the expected number of PATCH requests
	}{
		{"bad request", graphError(400, "BadRequest"), graph.Refused, meeting.ReasonBadRequest, 1, 1},
		{"expired token", graphError(401, "InvalidAuthenticationToken"), graph.Refused, meeting.ReasonSignIn, 1, 1},
		{"empty 401", responds(401, ""), graph.Unsure, meeting.ReasonNotGraph, 1, 1},
		{"payment required", graphError(402, "PaymentRequired"), graph.Refused, meeting.ReasonPayment, 1, 1},
		{"forbidden", graphError(403, "Forbidden"), graph.Refused, meeting.ReasonForbidden, 1, 1},
		{"empty 403", responds(403, ""), graph.Unsure, meeting.ReasonNotGraph, 1, 1},
		{"no access policy", graphError(403, "General"), graph.Refused, meeting.ReasonForbidden, 1, 1},
		{"missing scope", graphError(403, "Authorization_RequestDenied"), graph.Refused, meeting.ReasonScope, 1, 1},
		{"missing scope in lower case", graphError(403, "authorization_requestdenied"), graph.Refused, meeting.ReasonScope, 1, 1},
		{"missing scope, other code", graphError(403, "InvalidAuthenticationToken"), graph.Refused, meeting.ReasonScope, 1, 1},
		{"conditional access", graphError(403, "insufficient_claims"), graph.Refused, meeting.ReasonClaims, 1, 1},
		{"inner code", responds(403, `{"error":{"code":"Forbidden","message":"","innererror":{"code":"x","innerError":{"code":"Authorization_RequestDenied"}}}}`, "request-id", "r1"), graph.Refused, meeting.ReasonScope, 1, 1},
		{"innermost code", responds(403, `{"error":{"code":"InvalidAuthenticationToken","innerError":{"code":"Authorization_RequestDenied","innerError":{"code":"insufficient_claims"}}}}`, "request-id", "r1"), graph.Refused, meeting.ReasonClaims, 1, 1},
		{"innermost code wins over the outer one", responds(403, `{"error":{"code":"insufficient_claims","innerError":{"code":"Authorization_RequestDenied"}}}`, "request-id", "r1"), graph.Refused, meeting.ReasonScope, 1, 1},
		{"HTML 403 of a proxy", responds(403, html, "Content-Type", "text/html"), graph.Unsure, meeting.ReasonNotGraph, 1, 1},
		{"not found", graphError(404, "UnknownError"), graph.Refused, meeting.ReasonNotFound, 1, 1},
		{"HTML 404 of a proxy", responds(404, html, "Content-Type", "text/html"), graph.Unsure, meeting.ReasonNotGraph, 1, 1},
		{"method not allowed", graphError(405, "MethodNotAllowed"), graph.Refused, meeting.ReasonNotAllowed, 1, 1},
		{"conflict", graphError(409, "Conflict"), graph.Refused, meeting.ReasonConflict, 3, 1},
		{"too large", graphError(413, "RequestEntityTooLarge"), graph.Refused, meeting.ReasonBadRequest, 1, 1},
		{"precondition failed", graphError(412, "PreconditionFailed"), graph.Refused, meeting.ReasonRefused, 1, 1},
		{"unsupported media type", graphError(415, "UnsupportedMediaType"), graph.Refused, meeting.ReasonBadRequest, 1, 1},
		{"unprocessable", graphError(422, "UnprocessableEntity"), graph.Refused, meeting.ReasonBadRequest, 1, 1},
		{"unknown 4xx", graphError(418, "x"), graph.Refused, meeting.ReasonRefused, 1, 1},
		{"throttled", graphError(429, "TooManyRequests"), graph.Refused, meeting.ReasonThrottled, 3, 3},
		{"throttled without a useful code", responds(429, `{"error":{"code":"UnknownError","message":""}}`, "request-id", "r1"), graph.Refused, meeting.ReasonThrottled, 3, 3},
		{"throttled without a body", responds(429, ""), graph.Unsure, meeting.ReasonNotGraph, 3, 1},
		{"busy", graphError(503, "ServiceUnavailable"), graph.Refused, meeting.ReasonBusy, 3, 3},
		{"503 without a document", responds(503, html), graph.Unsure, meeting.ReasonNotGraph, 3, 1},
		{"503 cut off", truncate(503), graph.Unsure, meeting.ReasonNotGraph, 3, 1},
		{"server error", graphError(500, "InternalServerError"), graph.Unsure, meeting.ReasonServerError, 3, 1},
		{"bad gateway", graphError(502, "BadGateway"), graph.Unsure, meeting.ReasonServerError, 3, 1},
		{"HTML 504", responds(504, html), graph.Unsure, meeting.ReasonNotGraph, 3, 1},
		{"insufficient storage", graphError(507, "InsufficientStorage"), graph.Unsure, meeting.ReasonServerError, 3, 1},
		{"bandwidth exceeded, no body", responds(509, ""), graph.Unsure, meeting.ReasonNotGraph, 3, 1},
		{"unknown 5xx", graphError(501, "x"), graph.Unsure, meeting.ReasonServerError, 3, 1},
		{"status above 599", graphError(600, "x"), graph.Unsure, meeting.ReasonServerError, 3, 1},
		{"HTML instead of a meeting", responds(200, html, "Content-Type", "text/html", "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"truncated JSON", responds(201, `{"id":"M1","subj`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"no id", responds(200, `{"subject":"x"}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"id of another type", responds(200, `{"id":7}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"blank id", responds(200, `{"id":" "}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"list", responds(200, `[{"id":"M1"}]`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"null", responds(200, `null`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"empty body", responds(200, ``, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"204", responds(204, ``, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"more than 4 MB", responds(200, `{"id":"M1","x":"`+strings.Repeat("x", 4<<20)+`"}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, 1},
		{"redirect", responds(302, "", "Location", "/elsewhere"), graph.Unsure, meeting.ReasonNotGraph, 1, 1},
		{"redirect without a Location", responds(308, ""), graph.Unsure, meeting.ReasonNotGraph, 1, 1},
		{"redirect to an invalid address", responds(307, "", "Location", "://"), graph.Unsure, meeting.ReasonNotGraph, 1, 1},
		{"cut off within the body", truncate(200), graph.Unsure, meeting.ReasonNoAnswer, 3, 1},
		{"connection dropped", dropConnection, graph.Unsure, meeting.ReasonNoAnswer, 3, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, tt.response)
			created, err := p.client().CreateOrGet(t.Context(), graph.Me(token), asked)
			wantError(t, err, tt.kind, tt.reason)
			if len(created.Calls) != tt.creates || len(p.requests()) != tt.creates {
				t.Errorf("createOrGet: %d calls, %d requests, want %d", len(created.Calls), len(p.requests()), tt.creates)
			}
			for _, call := range created.Calls {
				if call.Unsure != (tt.kind == graph.Unsure) {
					t.Errorf("call %+v of a failure of kind %s", call, tt.kind)
				}
			}
			updated, err := p.client().UpdateMeeting(t.Context(), graph.Me(token), meetID, fullPatch(asked))
			wantError(t, err, tt.kind, tt.reason)
			if len(updated.Calls) != tt.updates {
				t.Errorf("PATCH: %d calls, want %d", len(updated.Calls), tt.updates)
			}
			read, err := p.client().Meeting(t.Context(), graph.Me(token), meetID)
			wantError(t, err, tt.kind, tt.reason)
			if len(read.Calls) != tt.creates || read.Calls[0].Unsure {
				t.Errorf("GET: %d calls, want %d that are not unsure: %+v", len(read.Calls), tt.creates, read.Calls)
			}
		})
	}
}

func newTLSServer(t *testing.T, config *tls.Config) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = config
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// TestNotSent checks failures that occur before the request is sent. Even an update must
// be retried, unless the TLS handshake would fail again.
func TestNotSent(t *testing.T) {
	cutting, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer cutting.Close()
	go func() {
		for conn, err := cutting.Accept(); err == nil; conn, err = cutting.Accept() {
			conn.Close()
		}
	}()
	untrusted := newTLSServer(t, nil)
	old := newTLSServer(t, &tls.Config{MaxVersion: tls.VersionTLS10, MinVersion: tls.VersionTLS10})
	plain := newPeer(t, responds(200, minimalMeeting))

	for _, tt := range []struct {
		name, url string
		reason    meeting.Reason
		calls     int
	}{
		{"connection refused", "http://" + testenv.FreeAddress(t), meeting.ReasonUnreachable, 3},
		{"no such host", "http://nowhere.invalid", meeting.ReasonUnreachable, 3},
		{"connection closed during the handshake", "https://" + cutting.Addr().String(), meeting.ReasonUnreachable, 3},
		{"unknown authority", untrusted.URL, meeting.ReasonTLS, 1},
		{"server without TLS", strings.Replace(plain.URL, "http:", "https:", 1), meeting.ReasonTLS, 1},
		{"no common TLS version", old.URL, meeting.ReasonTLS, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &graph.Client{BaseURL: tt.url + "/v1.0", Pause: time.Millisecond}
			result, err := c.UpdateMeeting(withTimeout(t, 10*time.Second), graph.Me(token), meetID, fullPatch(asked))
			wantError(t, err, graph.NotSent, tt.reason)
			if len(result.Calls) != tt.calls || result.Calls[0].Unsure || result.Calls[0].Status != 0 {
				t.Errorf("calls %+v, want %d that were not sent", result.Calls, tt.calls)
			}
		})
	}
	for _, tt := range []struct {
		name, base, id string
		reason         meeting.Reason
	}{
		{"invalid address", "http://[::1", meetID, meeting.ReasonUnreachable},
		{"no meeting ID", plain.URL, "", meeting.ReasonBadRequest},
	} {
		t.Run(tt.name, func(t *testing.T) {
			result, err := (&graph.Client{BaseURL: tt.base}).Meeting(t.Context(), graph.Me(token), tt.id)
			wantError(t, err, graph.NotSent, tt.reason)
			if len(result.Calls) != 0 {
				t.Errorf("calls %+v, want none", result.Calls)
			}
		})
	}
	result, err := plain.client().CreateOrGet(withTimeout(t, 0), graph.Me(token), asked)
	wantError(t, err, graph.NotSent, meeting.ReasonLate)
	if len(result.Calls) != 0 {
		t.Errorf("after the deadline: calls %+v, want none", result.Calls)
	}
	if n := len(plain.requests()); n != 0 {
		t.Errorf("the server got %d requests, want none", n)
	}
}

func TestDeadline(t *testing.T) {
	for _, tt := range []struct {
		name     string
		response http.HandlerFunc
	}{
		{"before the headers", hang},
		{"within the body", func(w http.ResponseWriter, r *http.Request) {
			truncate(200)(w, r)
			w.(http.Flusher).Flush()
			hang(w, r)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, c := newPipePeer(t, tt.response)
				result, err := c.CreateOrGet(withTimeout(t, 10*time.Second), graph.Me(token), asked)
				wantError(t, err, graph.Unsure, meeting.ReasonNoAnswer)
				if len(result.Calls) != 1 || !result.Calls[0].Unsure || result.Calls[0].Duration != 10*time.Second {
					t.Errorf("calls %+v, want one that ended at the deadline", result.Calls)
				}
			})
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	other := newPeer(t, responds(200, minimalMeeting))
	p := newPeer(t, responds(307, "", "Location", other.URL+"/v1.0/me/onlineMeetings/createOrGet"))
	c := p.client()
	c.HTTP = &http.Client{} // by default, an http.Client follows redirects
	_, err := c.CreateOrGet(t.Context(), graph.Me(token), asked)
	wantError(t, err, graph.Unsure, meeting.ReasonNotGraph)
	if n := len(other.requests()); n != 0 {
		t.Errorf("%d requests went to another host", n)
	}
	if strings.Contains(err.Error(), token) {
		t.Errorf("the token is in %q", err)
	}
}

func TestErrorFields(t *testing.T) {
	body := `{"error":{"code":"TooManyRequests","message":"` + strings.Repeat("é", 600) + `","innerError":{"code":"429","date":"2026-11-02T09:00:00","request-id":"inner-1"}}}`
	p := newPeer(t, responds(429, body, "request-id", "header-1", "Retry-After", "7"))
	c := p.client()
	c.MaxTries = 1
	result, err := c.CreateOrGet(t.Context(), graph.Me(token), asked)
	e := wantError(t, err, graph.Refused, meeting.ReasonThrottled)
	call := result.Calls[0]
	if e.Status != 429 || e.Code != "TooManyRequests" || e.RequestID != "header-1" || e.Date != "2026-11-02T09:00:00" ||
		e.RetryAfter != 7*time.Second || e.ClientRequestID != call.ClientRequestID {
		t.Errorf("error %+v", e)
	}
	if call.Status != 429 || call.Code != e.Code || call.RequestID != e.RequestID || call.Date != e.Date ||
		call.Method != "POST" || call.StartedAt.IsZero() || call.Duration <= 0 || len([]rune(call.Message)) != 500 {
		t.Errorf("call %+v", call)
	}

	p = newPeer(t, graphError(404, "NotFound"))
	_, err = p.client().Meeting(t.Context(), graph.Me(token), meetID)
	if e := wantError(t, err, graph.Refused, meeting.ReasonNotFound); e.RequestID != "inner-1" {
		t.Errorf("request ID %q, want the document's because there is no header", e.RequestID)
	}
}
