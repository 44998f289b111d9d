package graph_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestPerson(t *testing.T) {
	const fields = "?$select=id%2CdisplayName%2Cmail%2CuserPrincipalName"
	for _, tt := range []struct {
		name, id, body string
		path           string
		want           meeting.Person
	}{
		{"by UPN", "a@contoso.example", `{"id":"oid-a","displayName":"A\n","mail":"A@contoso.example","userPrincipalName":"a@contoso.example","x":1}`,
			"/v1.0/users/a@contoso.example", meeting.Person{ObjectID: "oid-a", UPN: "a@contoso.example", Name: "A "}},
		{"email address other than the UPN", "oid-a", `{"id":"oid-a","displayName":null,"mail":"first.last@contoso.example","userPrincipalName":"a@contoso.example"}`,
			"/v1.0/users/oid-a", meeting.Person{ObjectID: "oid-a", UPN: "a@contoso.example", Mail: "first.last@contoso.example"}},
		{"guest with a slash", "x_y.example#EXT#@contoso/../me?", `{"id":"oid-x","mail":null}`,
			"/v1.0/users/x_y.example%23EXT%23@contoso%2F..%2Fme%3F", meeting.Person{ObjectID: "oid-x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, responds(200, tt.body))
			got, err := p.client().Person(t.Context(), token, tt.id)
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
			r := p.requests()[0]
			if r.Method != "GET" || r.RequestURI != tt.path+fields || r.Header.Get("Authorization") != "Bearer "+token {
				t.Errorf("%s %s, want %s", r.Method, r.RequestURI, tt.path+fields)
			}
		})
	}
}

func TestSearchPeople(t *testing.T) {
	const found = `{"value":[{"id":"1","displayName":"Priya","userPrincipalName":"p@contoso.example"},{"displayName":"nobody"},{"id":"2"}]}`
	for _, tt := range []struct{ name, text, phrase string }{
		{"spaces", " priya  nair ", "priya nair"},
		{"accents and plus", "Tomás+1", "Tomás+1"},
		{"quotes", `x" OR "displayName:y`, "x OR displayName:y"},
		{"backslashes", `x\" OR \\`, "x OR"},
		{"line breaks", "a\r\nb\x00c", "a b c"},
		{"ampersand", "a&$top=999#", "a&$top=999#"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, responds(200, found))
			got, err := p.client().SearchPeople(t.Context(), token, tt.text)
			want := []meeting.Person{{ObjectID: "1", UPN: "p@contoso.example", Name: "Priya"}, {ObjectID: "2"}}
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
			r := p.requests()[0]
			query := r.URL.Query()
			if search := `"displayName:` + tt.phrase + `" OR "mail:` + tt.phrase + `"`; query.Get("$search") != search {
				t.Errorf("$search %q, want %q", query.Get("$search"), search)
			}
			if r.URL.Path != "/v1.0/users" || query.Get("$top") != "10" || query.Get("$select") != "id,displayName,mail,userPrincipalName" ||
				len(query) != 3 || r.Header.Get("ConsistencyLevel") != "eventual" || strings.Contains(r.URL.RawQuery, "+") {
				t.Errorf("got request %s with ConsistencyLevel %q", r.RequestURI, r.Header.Get("ConsistencyLevel"))
			}
		})
	}
	for _, text := range []string{"", "  ", `""\`, "*", strings.Repeat(`"`, 300) + "b"} {
		p := newPeer(t, responds(200, found))
		if got, err := p.client().SearchPeople(t.Context(), token, text); err != nil || got != nil || len(p.requests()) > 0 {
			t.Errorf("%q: got %+v, %v and %d requests; want nothing", text, got, err, len(p.requests()))
		}
	}
}

func TestSearchFindsTooMany(t *testing.T) {
	list := strings.TrimSuffix(strings.Repeat(`{"id":"1"},`, 20_000), ",")
	got, err := newPeer(t, responds(200, `{"value":[`+list+`]}`)).client().SearchPeople(t.Context(), token, "priya")
	if err != nil || len(got) != 10 {
		t.Errorf("%d people, %v; want 10", len(got), err)
	}
}

func TestDirectoryFailures(t *testing.T) {
	for _, tt := range []struct {
		name     string
		response http.HandlerFunc
		kind     graph.Kind
		reason   meeting.Reason
		calls    int
	}{
		{"unknown person", graphError(404, "Request_ResourceNotFound"), graph.Refused, meeting.ReasonNotFound, 1},
		{"no consent", graphError(403, "Authorization_RequestDenied"), graph.Refused, meeting.ReasonScope, 1},
		{"token", graphError(401, "InvalidAuthenticationToken"), graph.Refused, meeting.ReasonSignIn, 1},
		{"throttled", graphError(429, "TooManyRequests"), graph.Refused, meeting.ReasonThrottled, 2},
		{"server error", graphError(500, "x"), graph.Unsure, meeting.ReasonServerError, 2},
		{"no ID", responds(200, `{"displayName":"x"}`, "request-id", "r1"), graph.Unsure, meeting.ReasonGarbled, 2},
		{"HTML page", responds(200, "<html>"), graph.Unsure, meeting.ReasonNotGraph, 2},
		{"cut off", truncate(200), graph.Unsure, meeting.ReasonNoAnswer, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeer(t, tt.response)
			person, err := p.client().Person(t.Context(), token, "a@contoso.example")
			if e := wantError(t, err, tt.kind, tt.reason); graph.IsNotFound(err) != (e.Status == 404) || person != (meeting.Person{}) {
				t.Errorf("got %+v and %v", person, err)
			}
			if n := len(p.requests()); n != tt.calls {
				t.Errorf("%d tries, want %d", n, tt.calls)
			}
			c := p.client()
			c.MaxTries = 1
			list, err := c.SearchPeople(t.Context(), token, "a")
			wantError(t, err, tt.kind, tt.reason)
			if n := len(p.requests()) - tt.calls; n != 1 || list != nil {
				t.Errorf("%d tries, want 1; list %+v, want none", n, list)
			}
		})
	}
}

func TestDirectoryTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := newPipePeer(t, hang)
		begun := time.Now()
		_, err := c.SearchPeople(t.Context(), token, "a")
		wantError(t, err, graph.Unsure, meeting.ReasonNoAnswer)
		if took := time.Since(begun); took != 4*time.Second {
			t.Errorf("took %v, want 4s", took)
		}
	})
}
