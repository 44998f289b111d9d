package auth_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/auth"
	"meetdesk/meeting"
)

type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time           { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(by time.Duration) { c.ahead.Add(int64(by)) }

// If the provider is down, the desk retries after pauses that double from 1 second to at
// most 5 seconds. During a pause, callers get the last error immediately.
func TestDiscoveryBacksOff(t *testing.T) {
	p, now := newProvider(t), new(clock)
	p.status.Store(http.StatusBadGateway)
	config := p.config()
	config.Now = now.now
	desk := auth.New(config)
	wantRequests := func(want int32, when string) {
		t.Helper()
		for range 50 {
			err := desk.Discover(t.Context())
			wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
			if len(err.Error()) > 500 {
				t.Fatalf("the error for the log has %d bytes", len(err.Error()))
			}
		}
		if got := p.discoveries.Load(); got != want {
			t.Errorf("%s: %d requests, want %d", when, got, want)
		}
	}
	wantRequests(1, "at the start")
	for i, pause := range []time.Duration{1, 2, 4, 5, 5} {
		now.advance(pause*time.Second - 500*time.Millisecond)
		wantRequests(int32(i+1), "half a second early")
		now.advance(time.Second)
		wantRequests(int32(i+2), "after "+(pause*time.Second).String())
	}
	now.advance(-24 * time.Hour)
	wantRequests(7, "after the clock was set back")

	p.status.Store(0)
	now.advance(5 * time.Second)
	if err := desk.Discover(t.Context()); err != nil {
		t.Error(err)
	}
	before := p.discoveries.Load()
	if err := desk.Discover(t.Context()); err != nil || p.discoveries.Load() != before {
		t.Errorf("a further request after the success: %v", err)
	}
}

// Concurrent callers share one request. Until a request fails, all of them wait for it.
func TestDiscoverySharesOneRequest(t *testing.T) {
	p := newProvider(t)
	synctest.Test(t, func(t *testing.T) {
		p.hold = make(chan struct{})
		desk := auth.New(p.direct())
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				if _, err := desk.Start(t.Context(), auth.NewFlow(), "", ""); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(p.hold)
		all.Wait()
		if p.discoveries.Load() != 1 {
			t.Errorf("%d requests, want 1", p.discoveries.Load())
		}
	})
}

// If the provider does not answer, callers that joined another caller's request give up
// after two seconds.
func TestDiscoveryOfASilentProvider(t *testing.T) {
	p := newProvider(t)
	synctest.Test(t, func(t *testing.T) {
		p.hold = make(chan struct{})
		desk := auth.New(p.direct())
		var first sync.WaitGroup
		first.Go(func() { _ = desk.Discover(t.Context()) })
		synctest.Wait()
		began := time.Now()
		wantError(t, desk.Discover(t.Context()), meeting.Unavailable, meeting.ReasonSignInUnavailable)
		if waited := time.Since(began); waited != 2*time.Second {
			t.Errorf("the second caller waited %v, want two seconds", waited)
		}
		close(p.hold)
		first.Wait()
	})
}

func TestDiscoveryAfterAFailureWaitsOnlyForItsCaller(t *testing.T) {
	p, now := newProvider(t), new(clock)
	synctest.Test(t, func(t *testing.T) {
		p.status.Store(http.StatusBadGateway)
		config := p.direct()
		config.Now = now.now
		desk := auth.New(config)
		failure := desk.Discover(t.Context())
		p.hold = make(chan struct{})
		p.status.Store(0)
		now.advance(2 * time.Second)
		var all sync.WaitGroup
		all.Go(func() { // this caller begins a new request and waits for it
			if err := desk.Discover(t.Context()); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		began := time.Now()
		for range 20 {
			if err := desk.Discover(t.Context()); failure == nil || !errors.Is(err, failure) {
				t.Errorf("got %v, want the last error, %v", err, failure)
			}
		}
		if waited := time.Since(began); waited > 0 {
			t.Errorf("the other callers waited %v", waited)
		}
		close(p.hold)
		all.Wait()
		if err := desk.Discover(t.Context()); err != nil || p.discoveries.Load() != 2 {
			t.Errorf("%d requests: %v", p.discoveries.Load(), err)
		}
	})
}

// The request continues even if its caller stops waiting. A caller that gives up does
// not count as a provider failure.
func TestDiscoveryOutlivesItsCaller(t *testing.T) {
	p := newProvider(t)
	p.hold = make(chan struct{})
	desk := auth.New(p.config())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	wantError(t, desk.Discover(ctx), meeting.Unavailable, meeting.ReasonSignInUnavailable)
	close(p.hold)
	if err := desk.Discover(t.Context()); err != nil || p.discoveries.Load() != 1 {
		t.Errorf("%d requests: %v", p.discoveries.Load(), err)
	}
}

func TestDiscoveryNamesMatchExactly(t *testing.T) {
	const elsewhere = "https://elsewhere.example/"
	for _, tt := range []struct {
		name      string
		discovery object
		works     bool
	}{
		{"second names in capitals", object{
			"ISSUER": elsewhere, "Token_Endpoint": elsewhere, "JWKS_URI": elsewhere, "Authorization_endpoint": elsewhere,
			"Token_Endpoint_Auth_Methods_Supported": []string{"client_secret_post"}, "ID_TOKEN_signing_alg_values_supported": []string{"ES256"},
			"Meetdesk_Emulator": true,
		}, true},
		{"issuer in capitals alone", object{"issuer": nil, "ISSUER": "URL"}, false},
		{"token endpoint in capitals alone", object{"token_endpoint": nil, "TOKEN_ENDPOINT": "URL/token"}, false},
		{"keys in capitals alone", object{"jwks_uri": nil, "Jwks_Uri": "URL/keys"}, false},
		{"an endpoint of another type", object{"jwks_uri": 7}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.discovery = tt.discovery
			for name, value := range p.discovery {
				if text, ok := value.(string); ok {
					p.discovery[name] = strings.Replace(text, "URL", p.URL, 1)
				}
			}
			desk := auth.New(p.config())
			_, _, err := desk.Finish(t.Context(), flow, back)
			if tt.works && (err != nil || p.posted.Get("Authorization") == "" || desk.IsEmulator()) {
				t.Errorf("%v; the Authorization header is %q", err, p.posted.Get("Authorization"))
			} else if !tt.works {
				wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
			}
		})
	}
}
