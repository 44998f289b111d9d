package msgraph_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

// publicContract checks the Graph at a base URL against Microsoft's documentation of
// createOrGet and other meeting routes.
type publicContract struct {
	t     *testing.T
	base  string // includes the version, as in "https://graph.microsoft.com/v1.0"
	token string // a delegated token with OnlineMeetings.ReadWrite
}

// TestPublicContract runs against the emulator. If MEETDESK_TEST_GRAPH_URL and
// MEETDESK_TEST_TOKEN are set, it also creates and removes meetings in the Graph at
// that URL.
func TestPublicContract(t *testing.T) {
	t.Run("emulator", func(t *testing.T) {
		s := emutest.New(t, func(o *emulator.Options) { o.Now = nil })
		publicContract{t, s.URL + "/v1.0", s.SignIn("priya@contoso.example").AccessToken}.check()
	})
	t.Run("Microsoft Graph", func(t *testing.T) {
		base, token := os.Getenv("MEETDESK_TEST_GRAPH_URL"), os.Getenv("MEETDESK_TEST_TOKEN")
		if base == "" || token == "" {
			t.Skip("MEETDESK_TEST_GRAPH_URL and MEETDESK_TEST_TOKEN name no tenant")
		}
		publicContract{t, base, token}.check()
	})
}

func (p publicContract) check() {
	p.t.Helper()
	ticket := "meetdesk-test-" + uuid.NewString()
	start := time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)

	created := p.create(201, map[string]any{"externalId": ticket, "subject": "first", "startDateTime": start})
	p.want(created, "subject", "first", "externalId", ticket)
	p.lasts(created, start, time.Hour)
	found := p.create(200, map[string]any{"externalId": ticket, "subject": "second", "startDateTime": start.Add(time.Hour)})
	p.want(found, "id", created["id"], "subject", "first", "joinWebUrl", created["joinWebUrl"])
	p.lasts(found, start, time.Hour)

	unplanned := p.create(201, map[string]any{"externalId": ticket + "-now"})
	if start := p.time(unplanned, "startDateTime"); time.Since(start).Abs() > 5*time.Minute {
		p.t.Errorf("a meeting without times starts at %v, want now", start)
	}
	p.lasts(unplanned, p.time(unplanned, "startDateTime"), time.Hour)
	p.create(400, map[string]any{"externalId": ticket + "-end", "endDateTime": start})
	p.create(400, map[string]any{"externalId": ticket + "-order", "startDateTime": start, "endDateTime": start.Add(-time.Minute)})

	path := "/" + url.PathEscape(created["id"].(string))
	p.want(p.call("GET", path, nil, 200), "id", created["id"])
	filter := "?$filter=" + url.QueryEscape("JoinWebUrl eq '"+created["joinWebUrl"].(string)+"'")
	p.want(emutest.At(p.call("GET", filter, nil, 200), "value", 0), "id", created["id"])

	later := start.Add(48 * time.Hour)
	p.call("PATCH", path, map[string]any{"subject": "third", "startDateTime": later, "endDateTime": later.Add(30 * time.Minute)}, 200)
	moved := p.call("GET", path, nil, 200)
	p.want(moved, "subject", "third")
	p.lasts(moved, later, 30*time.Minute)

	p.call("DELETE", path, nil, 204)
	p.call("GET", path, nil, 404)
	p.call("DELETE", "/"+url.PathEscape(unplanned["id"].(string)), nil, 204)
}

func (p publicContract) create(status int, body map[string]any) map[string]any {
	p.t.Helper()
	return p.call("POST", "/createOrGet", body, status)
}

func (p publicContract) call(method, path string, body any, status int) map[string]any {
	p.t.Helper()
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	r, err := http.NewRequest(method, p.base+"/me/onlineMeetings"+path, bytes.NewReader(text))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/json")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer got.Body.Close()
	reply, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != status {
		p.t.Fatalf("%s %s: status %d (%v), want %d, request-id %s:\n%s", method, path, got.StatusCode, err, status, got.Header.Get("request-id"), reply)
	}
	var v map[string]any
	if len(reply) > 0 {
		if err := json.Unmarshal(reply, &v); err != nil {
			p.t.Fatal(err)
		}
	}
	return v
}

// want checks properties of a meeting. pairs alternates between property names and expected
// values.
func (p publicContract) want(meeting any, pairs ...any) {
	p.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := emutest.At(meeting, pairs[i]); got != pairs[i+1] {
			p.t.Errorf("%v is %v, want %v", pairs[i], got, pairs[i+1])
		}
	}
}

func (p publicContract) lasts(meeting map[string]any, start time.Time, d time.Duration) {
	p.t.Helper()
	from, to := p.time(meeting, "startDateTime"), p.time(meeting, "endDateTime")
	if !from.Equal(start) || to.Sub(from) != d {
		p.t.Errorf("from %v to %v, want %v and %v", from, to, start, d)
	}
}

func (p publicContract) time(meeting map[string]any, property string) time.Time {
	p.t.Helper()
	text, _ := meeting[property].(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		p.t.Errorf("%s: %v", property, err)
	}
	return t
}
