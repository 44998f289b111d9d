package control_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/emulator/control"
	"meetdesk/emulator/emutest"
)

const requiredClaims = `{"access_token":{"nbf":{"essential":true, "value":"1604106651"}}}`

func send(s *emutest.Site, method, path, body string) (int, any) {
	s.T.Helper()
	r, text := s.Raw(method, control.Path+path, "", []byte(body))
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		s.T.Fatalf("%s %s: status %d, %v in:\n%s", method, path, r.StatusCode, err, text)
	}
	return r.StatusCode, v
}

func TestCallers(t *testing.T) {
	s := emutest.New(t, nil)
	for _, tt := range []struct {
		name, address, host string
		header              []string
		status              int
	}{
		{"curl", "127.0.0.1:4000", "127.0.0.1:8081", nil, 200},
		{"localhost", "127.0.0.1:4000", "localhost:8081", nil, 200},
		{"IPv6", "[::1]:4000", "[::1]:8081", nil, 200},
		{"no port", "127.0.0.1:4000", "[::1]", nil, 200},
		{"address bar of a browser", "127.0.0.1:4000", "localhost:8081", []string{"Sec-Fetch-Site", "none"}, 200},
		{"through a proxy", "127.0.0.1:4000", "127.0.0.1:8081", []string{"X-Forwarded-For", "203.0.113.5"}, 403},
		{"through another proxy", "127.0.0.1:4000", "127.0.0.1:8081", []string{"Forwarded", "for=203.0.113.5"}, 403},
		{"through nginx", "127.0.0.1:4000", "127.0.0.1:8081", []string{"X-Real-IP", "203.0.113.5"}, 403},
		{"another machine", "192.0.2.1:4000", "127.0.0.1:8081", nil, 403},
		{"no address", "", "127.0.0.1:8081", nil, 403},
		{"DNS rebinding", "127.0.0.1:4000", "rebound.example:8081", nil, 403},
		{"another site's page", "127.0.0.1:4000", "127.0.0.1:8081", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"the desk's page", "127.0.0.1:4000", "127.0.0.1:8081", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an older browser", "127.0.0.1:4000", "127.0.0.1:8081", []string{"Origin", "https://elsewhere.example"}, 403},
		{"a sandboxed page", "127.0.0.1:4000", "127.0.0.1:8081", []string{"Origin", "null"}, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, method := range []string{"GET ", "PUT latency"} {
				method, path, _ := strings.Cut(method, " ")
				r := httptest.NewRequest(method, control.Path+path, strings.NewReader(`{"milliseconds":0}`))
				r.RemoteAddr, r.Host = tt.address, tt.host
				for i := 0; i+1 < len(tt.header); i += 2 {
					r.Header.Set(tt.header[i], tt.header[i+1])
				}
				w := httptest.NewRecorder()
				s.Emulator.ServeHTTP(w, r)
				if w.Code != tt.status || (w.Code == 403) != strings.Contains(w.Body.String(), `"error"`) || w.Code == 403 && strings.Contains(w.Body.String(), "priya") {
					t.Errorf("%s: status %d, want %d:\n%s", method, w.Code, tt.status, w.Body)
				}
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	s := emutest.New(t, nil)
	for _, tt := range []struct {
		method, path, body string
		status             int
		route              string // a route that the refusal must list
	}{
		{"PUT", "switches", `{"FoldExternalId2":true}`, 400, "PUT /emulator/control/switches"},
		{"PUT", "switches", `{"PolicyRefusal":"No"}`, 400, "PUT /emulator/control/switches"},
		{"PUT", "switches", `{}{}`, 400, "PUT /emulator/control/switches"},
		{"PUT", "switches", ``, 400, "PUT /emulator/control/switches"},
		{"POST", "failures", `{"route":"GET /mee","status":500}`, 400, "GET /users/{user}"},
		{"POST", "failures", `{"route":"GET /me","status":99}`, 400, "POST /emulator/control/failures"},
		{"POST", "failures", `{"route":"GET /me","status":500,"delay":-1}`, 400, "POST /emulator/control/failures"},
		{"POST", "failures", `{"route":"GET /me"}`, 400, "POST /emulator/control/failures"},
		{"POST", "failures", `{"route":"GET /me","status":500,"retryAfter":1}`, 400, "POST /emulator/control/failures"},
		{"PUT", "latency", `{"milliseconds":-1}`, 400, "PUT /emulator/control/latency"},
		{"PUT", "clock", `{"back":1}`, 400, "PUT /emulator/control/clock"},
		{"POST", "policy", `{"grant":["nobody"]}`, 400, "POST /emulator/control/policy"},
		{"POST", "policy", `{"revoke":["nobody"]}`, 400, "POST /emulator/control/policy"},
		{"POST", "revoke", `{"person":"nobody"}`, 400, "POST /emulator/control/revoke"},
		{"POST", "claims", `{"person":"nobody","claims":` + requiredClaims + `}`, 400, "POST /emulator/control/claims"},
		{"POST", "claims", `{"person":"priya@contoso.example","claims":{}}`, 400, "POST /emulator/control/claims"},
		{"PATCH", "meetings/x", `{"subject":"x"}`, 404, ""},
		{"PATCH", "meetings/x", `{"id":"y"}`, 400, "PATCH /emulator/control/meetings/{id}"},
		{"POST", "meetings/x/remove", ``, 404, ""},
		{"POST", "meetings/x/visit", ``, 404, ""},
		{"GET", "planets", ``, 404, "GET /emulator/control/meetings"},
		{"POST", "switches", `{}`, 404, "PUT /emulator/control/switches"},
	} {
		status, v := send(s, tt.method, tt.path, tt.body)
		sentence, _ := emutest.At(v, "error").(string)
		listed := tt.route == ""
		for i := 0; emutest.At(v, "routes", i) != nil; i++ {
			listed = listed || emutest.At(v, "routes", i) == tt.route
		}
		if status != tt.status || !strings.HasSuffix(sentence, ".") || !listed {
			t.Errorf("%s %s %s: status %d, want %d, listing %q: %v", tt.method, tt.path, tt.body, status, tt.status, tt.route, v)
		}
	}
}

func TestFailures(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	_, v := send(s, "POST", "failures", `{"route":"POST /me/onlineMeetings/createOrGet","status":503,"code":"Mine","message":"m","headers":{"retry-after":"7"},"apply":true,"times":2,"delay":20}`)
	if emutest.At(v, "POST /me/onlineMeetings/createOrGet", 0, "times") != 2.0 || emutest.At(v, "POST /me/onlineMeetings/createOrGet", 0, "headers", "Retry-After") != "7" {
		t.Errorf("queued %v", v)
	}
	if f := s.Emulator.Queued()["POST /me/onlineMeetings/createOrGet"][0]; f.Delay != 20*time.Millisecond || !f.Apply {
		t.Errorf("queued %+v", f)
	}
	for _, want := range []int{503, 503, 200} {
		r, m := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"1"}`)
		failed := r.StatusCode == 503
		if r.StatusCode != want || failed != (r.Header.Get("Retry-After") == "7") || failed != (emutest.At(m, "error", "code") == "Mine") {
			t.Errorf("status %d, want %d: %v", r.StatusCode, want, m)
		}
	}
	send(s, "POST", "failures", `{"route":"GET /me","body":"<h1>Hello</h1>","contentType":"text/plain","status":502}`)
	if r, text := s.Raw("GET", "/v1.0/me", token, nil); r.StatusCode != 502 || text != "<h1>Hello</h1>" || r.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("status %d: %s", r.StatusCode, text)
	}
	for _, how := range []string{`"drop":true`, `"cutBody":true`} {
		send(s, "POST", "failures", `{"route":"POST /me/onlineMeetings/createOrGet",`+how+`}`)
		got, err := s.Browser.Do(s.Request("POST", emutest.CreateOrGet, token, []byte(`{"externalId":"2"}`)))
		if err == nil && strings.Contains(how, "drop") {
			t.Errorf("%s: status %d", how, got.StatusCode)
		}
	}
	send(s, "POST", "failures", `{"route":"GET /me","status":500}`)
	if _, v := send(s, "DELETE", "failures", ""); len(v.(map[string]any)) != 0 {
		t.Errorf("left %v", v)
	}
	if r, _ := s.Graph("GET", "/v1.0/me", token, ""); r.StatusCode != http.StatusOK {
		t.Errorf("status %d after the failures were deleted", r.StatusCode)
	}
}

func TestSettings(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	before := s.SignIn("priya@contoso.example")
	if status, v := send(s, "PUT", "switches", `{"FoldExternalID":true,"maxSubject":3}`); status != 200 || emutest.At(v, "switches", "MaxSubject") != 3.0 {
		t.Errorf("status %d: %v", status, v)
	}
	if w := s.Emulator.Switches(); w != (emulator.Switches{FoldExternalID: true, MaxSubject: 3}) {
		t.Errorf("switches %+v", w)
	}
	send(s, "PUT", "latency", `{"milliseconds":30}`)
	if d := s.Emulator.Latency(); d != 30*time.Millisecond {
		t.Errorf("latency %v", d)
	}
	send(s, "PUT", "latency", `{"milliseconds":0}`)
	send(s, "POST", "policy", `{"grant":["dana@contoso.example","*"],"revoke":["`+emutest.Person("priya@contoso.example").ObjectID+`"]}`)
	send(s, "POST", "revoke", `{"person":"PRIYA@contoso.example"}`)
	_, err := s.Refresh(before.RefreshToken)
	emutest.WantRefusal(t, err, "invalid_grant", 50173)
	send(s, "POST", "claims", `{"person":"priya@contoso.example","claims":`+requiredClaims+`}`)
	if r, _ := s.Graph("GET", "/v1.0/me", before.AccessToken, ""); r.StatusCode != 401 {
		t.Errorf("status %d with claims required", r.StatusCode)
	}
	send(s, "PUT", "clock", `{"ahead":3600}`)
	send(s, "POST", "failures", `{"route":"POST /token","status":500}`)
	_, v := send(s, "GET", "", "")
	for _, f := range []struct {
		path []any
		want any
	}{
		{[]any{"clockAheadSeconds"}, 3600.0},
		{[]any{"latencyMilliseconds"}, 0.0},
		{[]any{"policyForEveryone"}, true},
		{[]any{"people", 0, "upn"}, "priya@contoso.example"},
		{[]any{"people", 0, "policy"}, false},
		{[]any{"people", 0, "requiredClaims"}, requiredClaims},
		{[]any{"people", 2, "policy"}, true},
		{[]any{"switches", "FoldExternalID"}, true},
		{[]any{"failures", "POST /token", 0, "status"}, 500.0},
		{[]any{"routes", 0}, "GET /openid-configuration"},
		{[]any{"appClientId"}, emulator.DefaultAppClientID},
	} {
		if got := emutest.At(v, f.path...); got != f.want {
			t.Errorf("%v is %v, want %v", f.path, got, f.want)
		}
	}
	send(s, "POST", "claims", `{"person":"priya@contoso.example"}`)
	if r, _ := s.Graph("GET", "/v1.0/me", before.AccessToken, ""); r.StatusCode != 200 {
		t.Errorf("status %d with no claims required", r.StatusCode)
	}
}

func TestMeetingsAndRequests(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	id := s.Create(token, `{"externalId":"1"}`)["id"].(string)
	path := "meetings/" + id
	if status, v := send(s, "PATCH", path, `{"subject":"changed in Teams"}`); status != 200 || emutest.At(v, "subject") != "changed in Teams" {
		t.Errorf("status %d: %v", status, v)
	}
	if _, v := send(s, "POST", path+"/remove", ""); emutest.At(v, 0, "removed") != true || s.Emulator.MeetingCount() != 0 {
		t.Errorf("removed %v", v)
	}
	if status, _ := send(s, "PATCH", path, `{"subject":"x"}`); status != 404 {
		t.Errorf("status %d for changing a removed meeting", status)
	}
	send(s, "POST", path+"/visit", "")
	if _, v := send(s, "GET", "meetings", ""); emutest.At(v, 0, "removed") != false || emutest.At(v, 0, "externalId") != "1" || emutest.At(v, 0, "onlineMeeting", "subject") != "changed in Teams" {
		t.Errorf("meetings %v", v)
	}
	s.Raw("POST", "/v1.0/$batch", token, []byte(`{"requests":[{"id":"1","method":"GET","url":"/me","headers":{"authorization":"Bearer `+token+`"}}]}`))
	r, text := s.Raw("GET", control.Path+"requests", "", nil)
	if strings.Contains(text, strings.Split(token, ".")[2]) || !strings.Contains(text, `"hidden"`) || !strings.Contains(text, emutest.CreateOrGet) || !strings.Contains(text, `"/v1.0/me"`) {
		t.Errorf("status %d:\n%s", r.StatusCode, text)
	}
	if requests := s.Emulator.Requests(); requests[0].Header.Get("Authorization") != "Bearer "+token {
		t.Error("Requests hides the token too")
	}
}
