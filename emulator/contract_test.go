package emulator

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// contract checks answers against what Microsoft's metadata says of them.
type contract struct {
	t      *testing.T
	router routers.Router
}

// newContract reads the description, with the test's server as its only one.
func newContract(s *site) *contract {
	s.t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("testdata/createorget-openapi.yaml")
	if err != nil {
		s.t.Fatal(err)
	}
	doc.Servers = openapi3.Servers{{URL: s.server.URL + "/v1.0"}}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		s.t.Fatal(err)
	}
	return &contract{t: s.t, router: router}
}

// check validates a response, whose body was read, to the request r.
func (c *contract) check(r *http.Request, got *http.Response, body string) {
	c.t.Helper()
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		c.t.Fatalf("%s %s is not in the contract: %v", r.Method, r.URL, err)
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 got.StatusCode,
		Header:                 got.Header,
		Body:                   io.NopCloser(strings.NewReader(body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		c.t.Errorf("%s %s, status %d, breaks the contract: %v\n%s", r.Method, r.URL.Path, got.StatusCode, err, body)
	}
}

func TestRepliesKeepTheContract(t *testing.T) {
	s := newSite(t, nil)
	c := newContract(s)
	token := s.signIn("priya@contoso.example").AccessToken
	id, _ := s.create(token, `{"externalId":"INC1"}`)["id"].(string)
	link := s.e.Meetings()[0].Document["joinWebUrl"].(string)
	for _, tt := range []struct {
		method, path, token, body string
		status                    int
	}{
		{"POST", "/me/onlineMeetings/createOrGet", token, `{"externalId":"INC1"}`, 200},
		{"POST", "/me/onlineMeetings/createOrGet", token, everything, 201},
		{"POST", "/me/onlineMeetings/createOrGet", token, `{}`, 400},
		{"POST", "/me/onlineMeetings/createOrGet", token, `{"externalId":"2","endDateTime":"2026-01-01T10:00:00Z"}`, 400},
		{"POST", "/me/onlineMeetings/createOrGet", "", `{"externalId":"2"}`, 401},
		{"GET", "/me/onlineMeetings/" + id, token, "", 200},
		{"GET", "/me/onlineMeetings/x", token, "", 400},
		{"GET", "/me/onlineMeetings?$filter=" + escape("JoinWebUrl eq '"+link+"'"), token, "", 200},
		{"GET", "/me/onlineMeetings", token, "", 400},
		{"PATCH", "/me/onlineMeetings/" + id, token, `{"subject":"other","lobbyBypassSettings":{"scope":"everyone"}}`, 200},
		{"GET", "/me", token, "", 200},
		{"GET", "/me?$select=displayName", token, "", 200},
		{"DELETE", "/me/onlineMeetings/" + id, token, "", 204},
		{"DELETE", "/me/onlineMeetings/" + id, token, "", 404},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			r := s.request(tt.method, "/v1.0"+tt.path, tt.token, []byte(tt.body))
			got, body := s.read(s.browser.Do(r))
			if got.StatusCode != tt.status {
				t.Fatalf("status %d, want %d:\n%s", got.StatusCode, tt.status, body)
			}
			c.check(r, got, body)
		})
	}
	for status := range map[int]bool{429: true, 500: true, 503: true, 504: true, 409: true} {
		s.e.FailNext("GET /me", Failure{Status: status})
		r := s.request("GET", "/v1.0/me", token, nil)
		got, body := s.read(s.browser.Do(r))
		c.check(r, got, body)
	}
}

// everything is a request that uses all there is in v1.0, and something more.
const everything = `{"externalId":"all","subject":"Sätze","startDateTime":"2026-11-23T10:00:00.123456789+02:00","endDateTime":"2026-11-23T08:30:00Z",
	"unknown":{"x":1},"participants":{"organizer":{"upn":"dana@contoso.example"},"attendees":[
	{"upn":"test1@contoso.com","identity":{"user":{"id":"1f35f2e6-9cab-44ad-8d5a-b74c14720000"}}},
	{"upn":"tomas@contoso.example","role":"coorganizer"}]}}`

func TestContractNoticesABrokenReply(t *testing.T) {
	s := newSite(t, nil)
	token := s.signIn("priya@contoso.example").AccessToken
	r := s.request("POST", createIt, token, []byte(`{"externalId":"1"}`))
	got, body := s.read(s.browser.Do(r))
	broken := bytes.ReplaceAll([]byte(body), []byte(`"isBroadcast":false`), []byte(`"isBroadcast":"no"`))
	if string(broken) == body {
		t.Fatal("nothing to break")
	}
	route, params, err := newContract(s).router.FindRoute(r)
	if err != nil {
		t.Fatal(err)
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 got.StatusCode, Header: got.Header, Body: io.NopCloser(bytes.NewReader(broken)),
	}
	if openapi3filter.ValidateResponse(context.Background(), input) == nil {
		t.Error("the contract lets a wrong type pass, so it proves nothing")
	}
}
