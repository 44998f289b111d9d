package graph_test

import (
	"net/http"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestMeetingByJoinURL(t *testing.T) {
	const (
		link        = "https://teams.example/l/meetup-join/19%3ameeting_a%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d&x='a'+b"
		filter      = "JoinWebUrl eq 'https://teams.example/l/meetup-join/19%3ameeting_a%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d&x=''a''+b'"
		meetingJSON = `{"id":"M1","subject":"Printer","x":[1]}`
	)
	for _, tt := range []struct {
		name     string
		response http.HandlerFunc
		kind     graph.Kind // "" for success
		reason   meeting.Reason
		calls    int
		notFound bool
	}{
		{"found", responds(200, `{"@odata.context":"c","value":[`+meetingJSON+`]}`), "", "", 1, false},
		{"first of two", responds(200, `{"value":[`+meetingJSON+`,{"id":"M2"}]}`), "", "", 1, false},
		{"empty list", responds(200, `{"value":[]}`, "request-id", "r1"), graph.Refused, meeting.ReasonNotFound, 1, true},
		{"no list", responds(200, `{}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, false},
		{"null as the list", responds(200, `{"value":null}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, false},
		{"404", graphError(404, "NotFound"), graph.Refused, meeting.ReasonNotFound, 1, true},
		{"somebody else's", graphError(403, "Forbidden"), graph.Refused, meeting.ReasonForbidden, 1, false},
		{"no id", responds(200, `{"value":[{"subject":"x"}]}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, false},
		{"list of another type", responds(200, `{"value":"M1"}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, false},
		{"truncated", responds(200, `{"value":[{"id":"M1"`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, false},
		{"HTML page", responds(200, `<html>`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 3, false},
		{"cut off", truncate(200), graph.Unsure, meeting.ReasonNoAnswer, 3, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, tt.response)
			result, err := p.client().MeetingByJoinURL(t.Context(), graph.Me(token), link)
			if tt.kind != "" {
				wantError(t, err, tt.kind, tt.reason)
			} else if err != nil || string(result.Reply.Raw) != meetingJSON || result.Reply.GraphID != "M1" || result.Reply.Created || result.Reply.At.IsZero() {
				t.Errorf("got %+v, %v; want the first meeting", result.Reply, err)
			}
			if graph.IsNotFound(err) != tt.notFound || len(result.Calls) != tt.calls || result.Calls[0].Unsure {
				t.Errorf("IsNotFound %v, calls %+v, want %d calls", graph.IsNotFound(err), result.Calls, tt.calls)
			}
			r := p.requests()[0]
			if r.Method != "GET" || r.URL.Path != "/v1.0/me/onlineMeetings" || r.URL.Query().Get("$filter") != filter || len(r.URL.Query()) != 1 {
				t.Errorf("sent %s %s, want a GET with the filter %s", r.Method, r.RequestURI, filter)
			}
		})
	}
	p := newPeer(t, responds(200, `{"value":[]}`))
	result, _ := p.client().MeetingByJoinURL(t.Context(), graph.Me(token), link)
	if call := result.Calls[0]; call.Status != 200 {
		t.Errorf("status %d was recorded, want Graph's 200", call.Status)
	}
}
