package auth_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/meeting"
)

// clock is a desk's clock, which a test sets.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time        { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) pass(by time.Duration) { c.ahead.Add(int64(by)) }

// TestDiscoveryBacksOff: a provider that is down is asked once, then after a
// second, two, four and so on; everybody in between gets the error at once.
func TestDiscoveryBacksOff(t *testing.T) {
	p, now := newProvider(t), new(clock)
	p.status.Store(http.StatusBadGateway)
	config := p.config()
	config.Now = now.now
	desk := auth.New(config)
	fail := func(want int32, when string) {
		t.Helper()
		for range 50 {
			err := desk.Discover(t.Context())
			wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
			if len(err.Error()) > 500 {
				t.Fatalf("a whole page for the log: %d bytes", len(err.Error()))
			}
		}
		if asked := p.asked.Load(); asked != want {
			t.Errorf("%s: asked %d times, want %d", when, asked, want)
		}
	}
	fail(1, "at first")
	for i, pause := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		now.pass(pause*time.Second - 500*time.Millisecond)
		fail(int32(i+1), "half a second early")
		now.pass(time.Second)
		fail(int32(i+2), "after "+(pause*time.Second).String())
	}
	now.pass(-24 * time.Hour)
	fail(9, "a clock that was set back") // it does not keep people out for a day

	p.status.Store(0)
	now.pass(time.Minute)
	if err := desk.Discover(t.Context()); err != nil {
		t.Error(err)
	}
	asked := p.asked.Load()
	if err := desk.Discover(t.Context()); err != nil || p.asked.Load() != asked {
		t.Errorf("asked once more: %v", err)
	}
}

// TestDiscoveryAsksOnce: of many who come at once one asks. They all have its
// answer the first time; after a failure the others do not wait for it.
func TestDiscoveryAsksOnce(t *testing.T) {
	p := newProvider(t)
	var all sync.WaitGroup
	desk := auth.New(p.config())
	for range 40 {
		all.Go(func() {
			if _, err := desk.Start(t.Context(), auth.NewFlow(), "", ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if p.asked.Load() != 1 {
		t.Errorf("asked %d times", p.asked.Load())
	}

	p, now := newProvider(t), new(clock)
	p.status.Store(http.StatusBadGateway)
	config := p.config()
	config.Now = now.now
	desk = auth.New(config)
	_ = desk.Discover(t.Context())
	p.hold = make(chan struct{})
	p.status.Store(0)
	now.pass(2 * time.Second)
	all.Go(func() { // whose turn it is to try again
		if err := desk.Discover(t.Context()); err != nil {
			t.Error(err)
		}
	})
	for p.asked.Load() < 2 {
		time.Sleep(time.Millisecond)
	}
	began := time.Now()
	for range 20 {
		wantError(t, desk.Discover(t.Context()), meeting.Unavailable, meeting.ReasonSignInUnavailable)
	}
	if waited := time.Since(began); waited > time.Second {
		t.Errorf("the others waited %v", waited)
	}
	close(p.hold)
	all.Wait()
	if err := desk.Discover(t.Context()); err != nil || p.asked.Load() != 2 {
		t.Errorf("asked %d times: %v", p.asked.Load(), err)
	}
}

// TestDiscoveryOutlivesWhoAsked: a person who leaves does not cost the others the
// answer, and is no failure of the provider.
func TestDiscoveryOutlivesWhoAsked(t *testing.T) {
	p := newProvider(t)
	p.hold = make(chan struct{})
	desk := auth.New(p.config())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	wantError(t, desk.Discover(ctx), meeting.Unavailable, meeting.ReasonSignInUnavailable)
	close(p.hold)
	if err := desk.Discover(t.Context()); err != nil || p.asked.Load() != 1 {
		t.Errorf("asked %d times: %v", p.asked.Load(), err)
	}
}

// TestDiscoveryNamesMatchExactly: the document's names do.
func TestDiscoveryNamesMatchExactly(t *testing.T) {
	const elsewhere = "https://elsewhere.example/"
	for _, tt := range []struct {
		name      string
		discovery object
		works     bool
	}{
		{"overruled in capitals", object{
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
				t.Errorf("%v; the secret went as %q", err, p.posted.Get("Authorization"))
			} else if !tt.works {
				wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
			}
		})
	}
}
