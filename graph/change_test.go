package graph_test

import (
	"net/http"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestRemove(t *testing.T) {
	for _, tt := range []struct {
		name   string
		steps  []http.HandlerFunc
		kind   graph.Kind // "" for success
		reason meeting.Reason
		calls  int
	}{
		{"removed", []http.HandlerFunc{responds(204, "", "request-id", "r1")}, "", "", 1},
		{"removed with 200", []http.HandlerFunc{responds(200, " \n", "request-id", "r1")}, "", "", 1},
		{"after 429", []http.HandlerFunc{graphError(429, "x"), responds(204, "", "request-id", "r1")}, "", "", 2},
		{"after 503", []http.HandlerFunc{graphError(503, "x"), responds(204, "", "request-id", "r1")}, "", "", 2},
		{"not found", []http.HandlerFunc{graphError(404, "NotFound")}, graph.Refused, meeting.ReasonNotFound, 1},
		{"proxy's 404", []http.HandlerFunc{responds(404, "<html>")}, graph.Unsure, meeting.ReasonNotGraph, 1},
		{"captive portal's 204", []http.HandlerFunc{responds(204, "")}, graph.Unsure, meeting.ReasonNotGraph, 1},
		{"conflict", []http.HandlerFunc{graphError(409, "x")}, graph.Refused, meeting.ReasonConflict, 1},
		{"server error", []http.HandlerFunc{graphError(500, "x"), responds(204, "", "request-id", "r1")}, graph.Unsure, meeting.ReasonServerError, 1},
		{"gateway's 503", []http.HandlerFunc{responds(503, ""), responds(204, "", "request-id", "r1")}, graph.Unsure, meeting.ReasonNotGraph, 1},
		{"HTML page", []http.HandlerFunc{responds(200, "<html>"), responds(204, "", "request-id", "r1")}, graph.Unsure, meeting.ReasonNotGraph, 1},
		{"redirect", []http.HandlerFunc{responds(302, "", "Location", "/x"), responds(204, "", "request-id", "r1")}, graph.Unsure, meeting.ReasonNotGraph, 1},
		{"cut off", []http.HandlerFunc{truncate(200), responds(204, "", "request-id", "r1")}, graph.Unsure, meeting.ReasonNoAnswer, 1},
		{"connection dropped", []http.HandlerFunc{dropConnection, responds(204, "", "request-id", "r1")}, graph.Unsure, meeting.ReasonNoAnswer, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, tt.steps...)
			result, err := p.client().RemoveMeeting(t.Context(), graph.Me(token), meetID)
			if tt.kind != "" {
				wantError(t, err, tt.kind, tt.reason)
			} else if err != nil {
				t.Error(err)
			}
			if graph.IsNotFound(err) != (tt.name == "not found") {
				t.Errorf("IsNotFound is %v for %v", graph.IsNotFound(err), err)
			}
			if len(result.Calls) != tt.calls || len(p.requests()) != tt.calls || result.Reply.Raw != nil || !result.Reply.At.IsZero() {
				t.Errorf("%d calls, %d requests, want %d: %+v", len(result.Calls), len(p.requests()), tt.calls, result)
			}
			r := p.requests()[0]
			if r.Method != "DELETE" || r.RequestURI != "/v1.0/me/onlineMeetings/MSo1N2Y5%2A0%2A%2A19:meeting_a%2Fb@thread.v2" || r.body != "" {
				t.Errorf("sent %s %s with body %q", r.Method, r.RequestURI, r.body)
			}
			if last := result.Calls[len(result.Calls)-1]; last.Unsure != (tt.kind == graph.Unsure) || last.Method != "DELETE" {
				t.Errorf("last call %+v, want a DELETE with unsure %v", last, tt.kind == graph.Unsure)
			}
		})
	}
}

// TestChangesAreSentOnce checks that http.Client does not retry a change when a reused
// connection is closed.
func TestChangesAreSentOnce(t *testing.T) {
	for _, name := range []string{"update", "set", "remove"} {
		p := newPeer(t, responds(200, minimalMeeting), dropConnection, responds(200, minimalMeeting))
		c := p.client()
		if _, err := c.Meeting(t.Context(), graph.Me(token), meetID); err != nil {
			t.Fatal(err)
		}
		_, err := operations[name](t, c, graph.Me(token), meetID)
		wantError(t, err, graph.Unsure, meeting.ReasonNoAnswer)
		if n := len(p.requests()); n != 2 {
			t.Errorf("%s: the server got %d requests, want the read and one change", name, n)
		}
	}
}

// TestSetOption checks that setting an option is retried after a 429, but not after a 500.
func TestSetOption(t *testing.T) {
	p := newPeer(t, graphError(429, "x"), responds(200, `{"id":"M1","recordAutomatically":true}`), graphError(500, "x"))
	set := func() (graph.Result, error) {
		return p.client().UpdateMeeting(t.Context(), graph.Me(token), meetID, graph.Patch{Options: meeting.Options{}.With(meeting.OptionRecord, meeting.On)})
	}
	result, err := set()
	if err != nil || result.Reply.Options.Record != meeting.On || len(result.Calls) != 2 || result.Reply.Created {
		t.Errorf("got %+v, %v; want the option set by the second try", result, err)
	}
	result, err = set()
	wantError(t, err, graph.Unsure, meeting.ReasonServerError)
	if len(result.Calls) != 1 {
		t.Errorf("%d calls although the change may have been made, want 1", len(result.Calls))
	}
}
