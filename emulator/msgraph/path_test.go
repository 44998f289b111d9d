package msgraph_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

// TestPathSpellings checks that Graph accepts path names in any case and in several OData
// forms. IDs are case-sensitive (traverse-the-graph.md).
func TestPathSpellings(t *testing.T) {
	s := emutest.New(t, func(o *emulator.Options) { emutest.WithApp(o); o.AccessPolicy = []string{emulator.Everyone} })
	mine, app := s.SignIn("priya@contoso.example").AccessToken, s.AppToken()
	directory := s.SignIn("priya@contoso.example", "User.ReadBasic.All").AccessToken
	m := s.Create(mine, `{"externalId":"1"}`)
	id, priya := url.PathEscape(m["id"].(string)), emutest.Person("priya@contoso.example").ObjectID
	for _, tt := range []struct {
		method, path, token string
		status              int
	}{
		{"POST", "/V1.0/ME/ONLINEMEETINGS/CREATEORGET", mine, 200},
		{"POST", "/v1.0/me/onlinemeetings/createorget", mine, 200},
		{"POST", "/Beta/me/OnlineMeetings/CreateOrGet", mine, 200},
		{"POST", "/v1.0/me/onlineMeetings/Microsoft.Graph.CreateOrGet", mine, 200},
		{"POST", "/v1.0/me/onlineMeetings/createOrGet()", mine, 200},
		{"POST", "/v1.0/me/onlineMeetings/createOrGet/", mine, 200},
		{"POST", "/v1.0//me/onlineMeetings//createOrGet", mine, 200},
		{"POST", "/v1.0/me/%6fnlineMeetings/create%4FrGet", mine, 200},
		{"POST", "/v1.0/Users/" + priya + "/onlinemeetings/createorget", app, 200},
		{"POST", "/v1.0/users('" + priya + "')/onlineMeetings/microsoft.graph.createOrGet", app, 200},
		{"POST", "/v1.0/USERS(%27" + priya + "%27)/onlineMeetings/createOrGet", app, 200},
		{"POST", "/v1.0/users/" + strings.ToUpper(priya) + "/onlineMeetings/createOrGet", app, 404},
		{"GET", "/v1.0/me/onlineMeetings/" + id, mine, 200},
		{"GET", "/v1.0/Me/onlinemeetings('" + id + "')", mine, 200},
		{"GET", "/v1.0/me/onlineMeetings/" + id + "/", mine, 200},
		{"HEAD", "/v1.0/me/onlineMeetings/" + id, mine, 200},
		{"GET", "/v1.0/me/onlineMeetings/" + strings.ToLower(id), mine, 400},
		{"GET", "/v1.0/me/onlineMeetings('" + swapCase(id) + "')", mine, 400},
		{"GET", "/v1.0/me/onlineMeetings()", mine, 400},
		{"GET", "/v1.0/users('DANA@contoso.example')", directory, 200},
		{"GET", "/v1.0/users/" + priya, directory, 200},
		{"GET", "/v1.0/users/" + strings.ToUpper(priya), directory, 404},
		{"GET", "/v1.0/users('')", directory, 400},
		{"GET", "/v1.0/users/me", directory, 404}, // in this path, Graph treats "me" as a user's name
		{"GET", "/V1.0", mine, 400},
		{"GET", "/v1.0/planets('x')", mine, 400},
		{"PUT", "/v1.0/ME", mine, 405},
	} {
		body := ""
		if tt.method == "POST" {
			body = `{"externalId":"1"}`
		}
		if r, text := s.Raw(tt.method, tt.path, tt.token, []byte(body)); r.StatusCode != tt.status || tt.method != "HEAD" && !strings.HasPrefix(text, "{") {
			t.Errorf("%s %s: status %d, want %d: %s", tt.method, tt.path, r.StatusCode, tt.status, text)
		}
	}
	if n := s.Emulator.MeetingCount(); n != 1 {
		t.Errorf("%d meetings, want one for all spellings of the path", n)
	}
	requests := s.Emulator.Requests()
	if path := requests[len(requests)-1].Path; path != "/v1.0/ME" {
		t.Errorf("logged %q, want the path as it was sent", path)
	}
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 32
		}
		if r >= 'A' && r <= 'Z' {
			return r + 32
		}
		return r
	}, s)
}
