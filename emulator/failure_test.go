package emulator_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

func TestFailNext(t *testing.T) {
	for _, tt := range []struct {
		name     string
		failure  emulator.Failure
		status   int // 0 if there is no response
		body     string
		cut      bool // whether the body is truncated
		meetings int  // number of meetings that the request creates
	}{
		{"error", emulator.Failure{Status: 503, Header: http.Header{"Retry-After": {"7"}}}, 503, `"code":"ServiceUnavailable"`, false, 0},
		{"error with a code", emulator.Failure{Status: 403, Code: "Forbidden"}, 403, `"code":"Forbidden"`, false, 0},
		{"HTML page", emulator.Failure{Status: 502, Body: "<h1>Bad gateway</h1>"}, 502, "<h1>Bad gateway</h1>", false, 0},
		{"broken JSON", emulator.Failure{Body: `{"id":`, ContentType: "application/json"}, 200, `{"id":`, false, 0},
		{"lost response", emulator.Failure{Status: 504, Apply: true}, 504, "GatewayTimeout", false, 1},
		{"dropped", emulator.Failure{Drop: true}, 0, "", false, 0},
		{"applied and dropped", emulator.Failure{Drop: true, Apply: true}, 0, "", false, 1},
		{"cut short", emulator.Failure{CutBody: true}, 201, `"@odata.context"`, true, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := emutest.New(t, nil)
			token := s.SignIn("priya@contoso.example").AccessToken
			s.Emulator.FailNext("POST /me/onlineMeetings/createOrGet", tt.failure)
			r, err := s.Browser.Do(s.Request("POST", emutest.CreateOrGet, token, []byte(`{"externalId":"1"}`)))
			if s.Emulator.MeetingCount() != tt.meetings {
				t.Errorf("%d meetings, want %d", s.Emulator.MeetingCount(), tt.meetings)
			}
			if tt.status == 0 {
				if err == nil {
					t.Errorf("status %d, want no response", r.StatusCode)
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
			if r, _ := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"1"}`); r.StatusCode >= 300 {
				t.Errorf("the next request: status %d", r.StatusCode)
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
			t.Error("an unknown route was accepted")
		}
	}()
	s.Emulator.FailNext("GET /mee", emulator.Failure{})
}

func TestDelay(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	for _, apply := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			before := s.Emulator.MeetingCount()
			s.Emulator.FailNext("POST /me/onlineMeetings/createOrGet", emulator.Failure{Delay: time.Minute, Apply: apply})
			body := []byte(fmt.Sprintf(`{"externalId":"apply %v"}`, apply))
			start, done := time.Now(), make(chan int)
			go func() { done <- s.Serve(s.Request("POST", emutest.CreateOrGet, token, body)).Code }()
			synctest.Wait() // the request is now being delayed
			if created := s.Emulator.MeetingCount() > before; created != apply {
				t.Errorf("Apply %v: the meeting is there before the response: %v", apply, created)
			}
			status := <-done
			if waited := time.Since(start); status != http.StatusCreated || waited != time.Minute {
				t.Errorf("Apply %v: status %d after %v, want 201 after a minute", apply, status, waited)
			}
		})
	}
}

func TestHold(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		s.Emulator.FailNext("GET /me", emulator.Failure{Hold: gate})
		s.Emulator.FailNext("GET /me", emulator.Failure{Hold: gate})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if w := s.Serve(s.Request("GET", "/v1.0/me", token, nil).WithContext(ctx)); w.Body.Len() > 0 || ctx.Err() == nil {
			t.Errorf("a held request got %q before the client left", w.Body)
		}
		done := make(chan int, 1)
		go func() { done <- s.Serve(s.Request("GET", "/v1.0/me", token, nil)).Code }()
		synctest.Wait()
		if len(done) > 0 {
			t.Error("the request was not held")
		}
		close(gate)
		if status := <-done; status != http.StatusOK {
			t.Errorf("status %d after the gate opened", status)
		}
	})
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
		t.Fatal("the response was not lost")
	}
	_, err = s.Refresh(token)
	emutest.WantRefusal(t, err, "invalid_grant", 70000)
}

func TestLatency(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	synctest.Test(t, func(t *testing.T) {
		s.Emulator.SetLatency(time.Minute)
		start := time.Now()
		w := s.Serve(s.Request("GET", "/v1.0/me", token, nil))
		if waited := time.Since(start); w.Code != http.StatusOK || waited != time.Minute {
			t.Errorf("status %d after %v, want 200 after a minute", w.Code, waited)
		}
	})
}
