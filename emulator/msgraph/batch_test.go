package msgraph_test

import (
	"fmt"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

func part(m map[string]any, id string) any {
	for i := 0; emutest.At(m, "responses", i) != nil; i++ {
		if emutest.At(m, "responses", i, "id") == id {
			return emutest.At(m, "responses", i)
		}
	}
	return nil
}

func TestBatch(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	id := s.Create(token, `{"externalId":"1"}`)["id"].(string)
	s.Emulator.FailNext("GET /me", emulator.Failure{Status: 503, Body: "<h1>busy</h1>"})
	r, m := s.Graph("POST", "/v1.0/$batch", token, `{"requests":[
		{"id":"patch","method":"PATCH","url":"/me/onlineMeetings/`+id+`","headers":{"Content-Type":"application/json"},"body":{"subject":"new"}},
		{"id":"get","method":"get","url":"me/onlineMeetings/`+id+`","dependsOn":["patch"]},
		{"id":"failing","method":"GET","url":"/me"},
		{"id":"dependent","method":"GET","url":"/me","dependsOn":["failing"]},
		{"id":"me","method":"GET","url":"/me?$select=mail"},
		{"id":"find","method":"GET","url":"/me/onlineMeetings?$filter=JoinWebUrl eq 'x'"},
		{"id":"unknown path","method":"GET","url":"/planets"},
		{"id":"delete","method":"DELETE","url":"/me/onlineMeetings/`+id+`"},
		{"id":"create","method":"POST","url":"/me/onlineMeetings/createOrGet","headers":{"Content-Type":"application/json"},"body":{"externalId":"2"}},
		{"id":"create by name","method":"POST","url":"/me/onlineMeetings/microsoft.graph.createOrGet","headers":{"Content-Type":"application/json"},"body":{"externalId":"2"}}
	]}`)
	if r.StatusCode != 200 || r.Header.Get("request-id") == "" {
		t.Fatalf("status %d: %v", r.StatusCode, m)
	}
	for id, want := range map[string]float64{
		"patch": 200, "get": 200, "failing": 503, "dependent": 424, "me": 200, "find": 404, "unknown path": 400, "delete": 204, "create": 400, "create by name": 400,
	} {
		if got := emutest.At(part(m, id), "status"); got != want {
			t.Errorf("%s: status %v, want %v: %v", id, got, want, part(m, id))
		}
	}
	if emutest.At(part(m, "get"), "body", "subject") != "new" || emutest.At(part(m, "me"), "body", "mail") != "priya@contoso.example" ||
		emutest.At(part(m, "me"), "headers", "Request-Id") == nil || emutest.At(part(m, "failing"), "body") != "PGgxPmJ1c3k8L2gxPg==" || emutest.At(part(m, "delete"), "body") != nil {
		t.Errorf("got %v", m)
	}
	if s.Emulator.MeetingCount() != 0 {
		t.Errorf("%d meetings, want none", s.Emulator.MeetingCount())
	}
	s.Emulator.SetSwitches(emulator.Switches{BatchCreateOrGet: true})
	_, m = s.Graph("POST", "/beta/$batch", token, `{"requests":[{"id":"1","method":"POST","url":"/me/onlineMeetings/createOrGet","headers":{"Content-Type":"application/json"},"body":{"externalId":"2"}}]}`)
	if emutest.At(part(m, "1"), "status") != 201.0 || s.Emulator.MeetingCount() != 1 {
		t.Errorf("with the switch: %v", m)
	}
}

func TestBatchRefusals(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	requests := func(n int) string {
		var parts []string
		for i := range n {
			parts = append(parts, fmt.Sprintf(`{"id":"%d","method":"GET","url":"/me"}`, i))
		}
		return `{"requests":[` + strings.Join(parts, ",") + `]}`
	}
	for _, tt := range []struct {
		name, token, body string
		status            int
	}{
		{"20 requests", token, requests(20), 200},
		{"21 requests", token, requests(21), 400},
		{"none", token, `{"requests":[]}`, 400},
		{"no token", "", requests(1), 401},
		{"no id", token, `{"requests":[{"method":"GET","url":"/me"}]}`, 400},
		{"id twice", token, `{"requests":[{"id":"1","method":"GET","url":"/me"},{"id":"1","method":"GET","url":"/me"}]}`, 400},
		{"same id in another case", token, `{"requests":[{"id":"Ab","method":"GET","url":"/me"},{"id":"aB","method":"GET","url":"/me"}]}`, 400},
		{"same id in another case, not adjacent", token, `{"requests":[{"id":"x","method":"GET","url":"/me"},{"id":"y","method":"GET","url":"/me"},{"id":"X","method":"GET","url":"/me"}]}`, 400},
		{"same id in another case, not ASCII", token, `{"requests":[{"id":"é","method":"GET","url":"/me"},{"id":"É","method":"GET","url":"/me"}]}`, 400},
		{"depends on an id in another case", token, `{"Requests":[{"ID":"a","Method":"GET","Url":"/ME"},{"id":"b","method":"get","url":"/me","dependsOn":["A"]}]}`, 200},
		{"no method", token, `{"requests":[{"id":"1","url":"/me"}]}`, 400},
		{"absolute URL", token, `{"requests":[{"id":"1","method":"GET","url":"https://graph.microsoft.com/v1.0/me"}]}`, 400},
		{"a batch in a batch", token, `{"requests":[{"id":"1","method":"POST","url":"/$batch"}]}`, 400},
		{"a batch in a batch, in upper case", token, `{"requests":[{"id":"1","method":"POST","url":"/$BATCH"}]}`, 400},
		{"a batch in a batch, escaped", token, `{"requests":[{"id":"1","method":"POST","url":"/%24batch"}]}`, 400},
		{"a body without a Content-Type", token, `{"requests":[{"id":"1","method":"GET","url":"/me"},{"id":"2","method":"PATCH","url":"/me/onlineMeetings/x","body":{"subject":"x"}}]}`, 400},
		{"a body with an empty Content-Type", token, `{"requests":[{"id":"2","method":"PATCH","url":"/me/onlineMeetings/x","headers":{"content-type":""},"body":{}}]}`, 400},
		{"a body with another header", token, `{"requests":[{"id":"2","method":"POST","url":"/me/onlineMeetings/createOrGet","headers":{"Prefer":"x"},"body":{"externalId":"1"}}]}`, 400},
		{"a lower-case content-type", token, `{"requests":[{"id":"2","method":"PATCH","url":"/me/onlineMeetings/x","headers":{"content-type":"application/json"},"body":{}}]}`, 200},
		{"depends on a later request", token, `{"requests":[{"id":"1","method":"GET","url":"/me","dependsOn":["2"]},{"id":"2","method":"GET","url":"/me"}]}`, 400},
	} {
		if r, m := s.Graph("POST", "/v1.0/$batch", tt.token, tt.body); r.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d: %v", tt.name, r.StatusCode, tt.status, m)
		}
	}
}
