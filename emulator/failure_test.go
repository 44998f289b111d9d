package emulator_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

func TestFailNext(t *testing.T) {
	for _, tt := range []struct {
		name     string
		failure  emulator.Failure
		status   int // 0: no answer
		body     string
		cut      bool // the body ends early
		meetings int  // that exist afterwards
	}{
		{"error", emulator.Failure{Status: 503, Header: http.Header{"Retry-After": {"7"}}}, 503, `"code":"ServiceUnavailable"`, false, 0},
		{"own error", emulator.Failure{Status: 403, Code: "Forbidden"}, 403, `"code":"Forbidden"`, false, 0},
		{"page", emulator.Failure{Status: 502, Body: "<h1>Bad gateway</h1>"}, 502, "<h1>Bad gateway</h1>", false, 0},
		{"broken JSON", emulator.Failure{Body: `{"id":`, ContentType: "application/json"}, 200, `{"id":`, false, 0},
		{"lost answer", emulator.Failure{Status: 504, Apply: true}, 504, "GatewayTimeout", false, 1},
		{"dropped before", emulator.Failure{Drop: true}, 0, "", false, 0},
		{"dropped after", emulator.Failure{Drop: true, Apply: true}, 0, "", false, 1},
		{"cut short", emulator.Failure{CutBody: true}, 201, `"@odata.context"`, true, 1},
		{"late", emulator.Failure{Delay: 20 * time.Millisecond}, 201, `"externalId":"1"`, false, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := emutest.New(t, nil)
			token := s.SignIn("priya@contoso.example").AccessToken
			s.Emulator.FailNext("POST /me/onlineMeetings/createOrGet", tt.failure)
			began := time.Now()
			r, err := s.Browser.Do(s.Request("POST", emutest.CreateOrGet, token, []byte(`{"externalId":"1"}`)))
			if s.Emulator.MeetingCount() != tt.meetings {
				t.Errorf("%d meetings, want %d", s.Emulator.MeetingCount(), tt.meetings)
			}
			if tt.status == 0 {
				if err == nil {
					t.Errorf("status %d, want no answer", r.StatusCode)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			body, err := io.ReadAll(r.Body)
			if r.StatusCode != tt.status || !strings.Contains(string(body), tt.body) || (err != nil) != tt.cut {
				t.Errorf("status %d, error %v, want %d with %q in:\n%s", r.StatusCode, err, tt.status, tt.body, body)
			}
			if got, want := r.Header.Get("Retry-After"), tt.failure.Header.Get("Retry-After"); got != want {
				t.Errorf("Retry-After %q, want %q", got, want)
			}
			if time.Since(began) < tt.failure.Delay {
				t.Error("no delay")
			}
			if r, _ := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"1"}`); r.StatusCode >= 300 {
				t.Errorf("the request after it: status %d", r.StatusCode)
			}
		})
	}
}

func TestFailuresQueueUp(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	s.Emulator.FailNext("GET /me", emulator.Failure{Status: 429})
	s.Emulator.FailNext("GET /me", emulator.Failure{Status: 500})
	for _, want := range []int{429, 500, 200} {
		if r, _ := s.Graph("GET", "/v1.0/me", token, ""); r.StatusCode != want {
			t.Errorf("status %d, want %d", r.StatusCode, want)
		}
	}
	s.Emulator.FailNext("GET /me", emulator.Failure{Status: 429, Times: 2})
	s.Emulator.FailNext("GET /me", emulator.Failure{Status: 500, Times: 1})
	for _, want := range []int{429, 429, 500, 200} {
		if r, _ := s.Graph("GET", "/v1.0/me", token, ""); r.StatusCode != want {
			t.Errorf("status %d, want %d", r.StatusCode, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a route that does not exist was taken")
		}
	}()
	s.Emulator.FailNext("GET /mee", emulator.Failure{})
}

func TestHoldWaits(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	gate := make(chan struct{})
	s.Emulator.FailNext("GET /me", emulator.Failure{Hold: gate})
	s.Emulator.FailNext("GET /me", emulator.Failure{Hold: gate})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Browser.Do(s.Request("GET", "/v1.0/me", token, nil).WithContext(ctx)); err == nil {
		t.Error("the request was not held")
	}
	time.AfterFunc(20*time.Millisecond, func() { close(gate) })
	if r, _ := s.Graph("GET", "/v1.0/me", token, ""); r.StatusCode != http.StatusOK {
		t.Errorf("status %d after the gate opened", r.StatusCode)
	}
}

func TestTokenEndpointCanFail(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").RefreshToken
	s.Emulator.FailNext("POST /token", emulator.Failure{Status: 400, Code: "invalid_grant", Message: "AADSTS53003: Access is blocked."})
	_, err := s.Refresh(token)
	emutest.WantRefusal(t, err, "invalid_grant", 53003)
	s.Emulator.FailNext("POST /token", emulator.Failure{Status: 503})
	_, err = s.Refresh(token)
	emutest.WantRefusal(t, err, "server_error", 90033)
	s.Emulator.FailNext("POST /token", emulator.Failure{Drop: true, Apply: true})
	if _, err = s.Refresh(token); err == nil {
		t.Fatal("the reply was not lost")
	}
	_, err = s.Refresh(token)
	emutest.WantRefusal(t, err, "invalid_grant", 70000)
}

func TestLatency(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	s.Emulator.SetLatency(30 * time.Millisecond)
	began := time.Now()
	s.Graph("GET", "/v1.0/me", token, "")
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("took %v", took)
	}
}
