package msgraph_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

// contract checks responses against the OpenAPI description of Graph in testdata.
type contract struct {
	t      *testing.T
	router routers.Router
}

// newContract loads the OpenAPI description and makes the site its only server.
func newContract(s *emutest.Site) *contract {
	s.T.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("testdata/createorget-openapi.yaml")
	if err != nil {
		s.T.Fatal(err)
	}
	doc.Servers = openapi3.Servers{{URL: s.URL + "/v1.0"}}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		s.T.Fatal(err)
	}
	return &contract{t: s.T, router: router}
}

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

func TestResponsesMatchTheContract(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	c := newContract(s)
	token, app := s.SignIn("priya@contoso.example").AccessToken, s.AppToken()
	directory := s.SignIn("priya@contoso.example", "User.ReadBasic.All").AccessToken
	users, withoutPolicy := "/users/"+emutest.Person("priya@contoso.example").ObjectID, "/users/"+emutest.Person("dana@contoso.example").ObjectID
	id, _ := s.Create(token, `{"externalId":"INC1"}`)["id"].(string)
	other, _ := s.Create(token, `{"externalId":"INC2"}`)["id"].(string)
	link := s.Emulator.Meetings()[0].Document["joinWebUrl"].(string)
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
		{"GET", "/me/onlineMeetings?$filter=" + url.QueryEscape("JoinWebUrl eq '"+link+"'"), token, "", 200},
		{"GET", "/me/onlineMeetings", token, "", 400},
		{"PATCH", "/me/onlineMeetings/" + id, token, `{"subject":"other","lobbyBypassSettings":{"scope":"everyone"}}`, 200},
		{"GET", "/me", token, "", 200},
		{"GET", "/me?$select=displayName", token, "", 200},
		{"DELETE", "/me/onlineMeetings/" + id, token, "", 204},
		{"DELETE", "/me/onlineMeetings/" + id, token, "", 404},
		{"POST", users + "/onlineMeetings/createOrGet", app, `{"externalId":"all"}`, 200},
		{"POST", users + "/onlineMeetings/createOrGet", app, strings.Replace(everything, "all", "more", 1), 201},
		{"POST", users + "/onlineMeetings/createOrGet", app, `{}`, 400},
		{"POST", withoutPolicy + "/onlineMeetings/createOrGet", app, `{"externalId":"1"}`, 403},
		{"POST", "/users/x/onlineMeetings/createOrGet", app, `{"externalId":"1"}`, 404},
		{"POST", "/me/onlineMeetings/createOrGet", app, `{"externalId":"1"}`, 400},
		{"GET", users + "/onlineMeetings/" + other, app, "", 200},
		{"PATCH", users + "/onlineMeetings/" + other, app, `{"subject":"other"}`, 200},
		{"DELETE", users + "/onlineMeetings/" + other, app, "", 204},
		{"GET", users + "/onlineMeetings/" + other, app, "", 404},
		{"GET", users, app, "", 200},
		{"GET", "/users/nobody", app, "", 404},
		{"GET", "/users/dana@contoso.example?$select=mail", directory, "", 200},
		{"GET", "/users?$top=2", directory, "", 200},
		{"GET", "/users?$search=" + url.QueryEscape(`"displayName:dana"`), directory, "", 400},
		{"GET", "/users", token, "", 403},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			r := s.Request(tt.method, "/v1.0"+tt.path, tt.token, []byte(tt.body))
			got, body := s.Read(s.Browser.Do(r))
			if got.StatusCode != tt.status {
				t.Fatalf("status %d, want %d:\n%s", got.StatusCode, tt.status, body)
			}
			c.check(r, got, body)
		})
	}
}

func TestAnApplicationsSearchMatchesTheContract(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	c, app := newContract(s), s.AppToken()
	users := "/users/" + emutest.Person("priya@contoso.example").ObjectID
	token := s.SignIn("priya@contoso.example").AccessToken
	s.Create(token, `{"externalId":"more"}`)
	found := s.Request("GET", "/v1.0"+users+"/onlineMeetings?$filter="+url.QueryEscape("JoinWebUrl eq '"+linkOf(s, "more")+"'"), app, nil)
	got, body := s.Read(s.Browser.Do(found))
	c.check(s.Request("GET", "/v1.0/me/onlineMeetings?$filter=x", token, nil), got, body) // the contract lacks /users/{user-id}/onlineMeetings
	if got.StatusCode != 200 {
		t.Errorf("status %d:\n%s", got.StatusCode, body)
	}
}

func TestFailuresMatchTheContract(t *testing.T) {
	s := emutest.New(t, nil)
	c, token := newContract(s), s.SignIn("priya@contoso.example").AccessToken
	for _, status := range []int{409, 429, 500, 503, 504} {
		s.Emulator.FailNext("GET /me", emulator.Failure{Status: status})
		r := s.Request("GET", "/v1.0/me", token, nil)
		got, body := s.Read(s.Browser.Do(r))
		c.check(r, got, body)
	}
}

func linkOf(s *emutest.Site, externalID string) string {
	s.T.Helper()
	for _, m := range s.Emulator.Meetings() {
		if m.ExternalID == externalID {
			return m.Document["joinWebUrl"].(string)
		}
	}
	s.T.Fatalf("no meeting %s", externalID)
	return ""
}

// everything is a request body with every parameter that v1.0 accepts, plus an unknown
// one.
const everything = `{"externalId":"all","subject":"Sätze","startDateTime":"2026-11-23T10:00:00.123456789+02:00","endDateTime":"2026-11-23T08:30:00Z",
	"unknown":{"x":1},"participants":{"organizer":{"upn":"dana@contoso.example"},"attendees":[
	{"upn":"test1@contoso.com","identity":{"user":{"id":"1f35f2e6-9cab-44ad-8d5a-b74c14720000"}}},
	{"upn":"tomas@contoso.example","role":"coorganizer"}]}}`

func TestContractDetectsAnInvalidResponse(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	r := s.Request("POST", emutest.CreateOrGet, token, []byte(`{"externalId":"1"}`))
	got, body := s.Read(s.Browser.Do(r))
	broken := bytes.ReplaceAll([]byte(body), []byte(`"isBroadcast":false`), []byte(`"isBroadcast":"no"`))
	if string(broken) == body {
		t.Fatal("the response has no property to change")
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
		t.Error("the contract accepts a wrong type, so it proves nothing")
	}
}
