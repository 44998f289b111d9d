package msgraph_test

import (
	"net/http"
	"net/url"
	"testing"

	"meetdesk/emulator/emutest"
)

// TestBodiesAndHeadersOfOtherClients checks that the emulator accepts valid requests that
// other clients send but meetdesk does not.
func TestBodiesAndHeadersOfOtherClients(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	for _, tt := range []struct {
		name, body string
		header     []string
		status     int
	}{
		{"nulls", `{"externalId":"1","subject":null,"startDateTime":null,"endDateTime":null,"participants":null,"chatInfo":null}`, nil, 201},
		{"empty participants", `{"externalId":"2","participants":{"organizer":null,"attendees":null}}`, nil, 201},
		{"annotations of an SDK", `{"@odata.type":"#x","externalId":"3","participants":{"@odata.type":"#microsoft.graph.meetingParticipants","attendees":[{"@odata.type":"#microsoft.graph.meetingParticipantInfo","upn":"a@b.example","role":null,"identity":{"@odata.type":"#microsoft.graph.identitySet","user":{"id":null,"displayName":"A"}}}]}}`, nil, 201},
		{"unknown properties", `{"externalId":"4","isBroadcast":"maybe","lobbyBypassSettings":7,"x":{"y":[]}}`, nil, 201},
		{"charset", `{"externalId":"5"}`, []string{"Content-Type", "application/json; charset=utf-8"}, 201},
		{"metadata level", `{"externalId":"6"}`, []string{"content-type", "Application/JSON;odata.metadata=minimal;IEEE754Compatible=true"}, 201},
		{"lower-case bearer", `{"externalId":"7"}`, []string{"authorization", "bearer " + token, "accept", "text/html"}, 201},
		{"white space", "\r\n\t {\"externalId\" : \"8\"}\n", nil, 201},
		{"escapes", `{"externalId":"\u0031"}`, nil, 200},
	} {
		if r, m := s.Graph("POST", emutest.CreateOrGet, token, tt.body, tt.header...); r.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d: %v", tt.name, r.StatusCode, tt.status, m)
		}
	}
	if r, m := s.Graph("POST", emutest.CreateOrGet+"/", token, `{"externalId":"1"}`); r.StatusCode != http.StatusOK {
		t.Errorf("with a slash: status %d: %v", r.StatusCode, m)
	}
}

func TestQuotesInAFilter(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	id := s.Create(token, `{"externalId":"1"}`)["id"].(string)
	s.Emulator.ChangeMeeting(id, func(m map[string]any) { m["joinWebUrl"] = "https://teams.example/O'Neil?a=1&b=%20" })
	for query, status := range map[string]int{
		"$filter=" + url.QueryEscape("JoinWebUrl eq 'https://teams.example/O''Neil?a=1&b=%20'"):           200,
		"%24FILTER=JoinWebUrl%20EQ%20%27https%3A%2F%2Fteams.example%2FO%27%27Neil%3Fa%3D1%26b%3D%2520%27": 200,
		"$filter=" + url.QueryEscape("JoinWebUrl eq 'https://teams.example/O'Neil?a=1&b=%20'"):            400,
		"$filter=JoinWebUrl+eq+'https://teams.example/O''Neil'":                                           404,
	} {
		if r, m := s.Graph("GET", "/v1.0/me/onlineMeetings?"+query, token, ""); r.StatusCode != status {
			t.Errorf("%s: status %d, want %d: %v", query, r.StatusCode, status, m)
		}
	}
}
