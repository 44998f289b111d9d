package auth_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/meeting"
)

// bomb is JSON of 64 MB that gzip has compressed to 64 KB.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	_, _ = io.WriteString(zip, `{"keys":[],"x":"`)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range 64 {
		_, _ = zip.Write(block)
	}
	_, _ = io.WriteString(zip, `"}`)
	_ = zip.Close()
	return b.Bytes()
})

func TestResponsesAreBounded(t *testing.T) {
	for _, path := range []string{"/.well-known/openid-configuration", "/keys", "/token"} {
		t.Run(path, func(t *testing.T) {
			p := newProvider(t)
			inner := p.Config.Handler
			p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == path {
					w.Header().Set("Content-Type", "application/json")
					w.Header().Set("Content-Encoding", "gzip")
					_, _ = w.Write(bomb())
					return
				}
				inner.ServeHTTP(w, r)
			})
			desk := auth.New(p.config())
			bomb() // built now, so that it is not counted as allocated by the sign-in
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := desk.Finish(t.Context(), flow, back)
			runtime.ReadMemStats(&after)
			wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
			// It allocates about 2 MB, and without the limit more than 150 MB.
			if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 10 {
				t.Errorf("the sign-in allocated %d MB", got)
			}
		})
	}
}

// A token with an unknown key or a wrong signature makes the library request the key
// set again. Several sign-ins within a few seconds lead to only one request.
func TestKeysAreRequestedSeldom(t *testing.T) {
	p := newProvider(t)
	requests := 0
	inner := p.Config.Handler
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/keys" {
			requests++
		}
		inner.ServeHTTP(w, r)
	})
	p.reply = object{"id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6InVua25vd24ifQ.eyJ0aWQiOiJUIn0.AAAA"}
	now := time.Now()
	config := p.config()
	config.Now = func() time.Time { return now }
	desk := auth.New(config)
	// The library may reuse its last key set. The first of several sign-ins might
	// therefore not request the keys, but a later one does.
	signIn := func() {
		for range 5 {
			_, _, err := desk.Finish(t.Context(), flow, back)
			wantError(t, err, meeting.Forbidden, meeting.ReasonSignInTokenWrong)
		}
	}
	signIn()
	if requests != 1 {
		t.Errorf("%d requests for the keys, want 1", requests)
	}
	for _, step := range []time.Duration{6 * time.Second, -time.Hour} {
		now = now.Add(step)
		before := requests
		signIn()
		if requests != before+1 {
			t.Errorf("%d requests for the keys after the clock moved by %v, want 1", requests-before, step)
		}
	}
}

// The rate of requests for the key set is limited even if the requests fail. Concurrent
// sign-ins share one request. At most five seconds after the provider recovers, users can
// sign in again.
func TestFailedKeysAreRequestedSeldom(t *testing.T) {
	for name, fail := range map[string]func(http.ResponseWriter){
		"status 503":      func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		"no JSON":         func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>") },
		"connection lost": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"response cut off": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"keys":`)
		},
		"too large": func(w http.ResponseWriter) { _, _ = io.WriteString(w, strings.Repeat(" ", 2<<20)) },
	} {
		t.Run(name, func(t *testing.T) {
			p, now := newProvider(t), new(clock)
			var requests atomic.Int32
			var works atomic.Bool
			inner := p.Config.Handler
			p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/keys" {
					if requests.Add(1); !works.Load() {
						fail(w)
						return
					}
				}
				inner.ServeHTTP(w, r)
			})
			config := p.config()
			config.Now = now.now
			// The transport retries requests that fail on a reused connection.
			config.HTTP = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			desk := auth.New(config)
			signIn := func() error {
				_, _, err := desk.Finish(t.Context(), flow, back)
				return err
			}
			for want := int32(1); want <= 2; want++ {
				var all sync.WaitGroup
				for range 5 {
					all.Go(func() {
						var e *meeting.Error
						if err := signIn(); !errors.As(err, &e) || e.Key != meeting.ReasonSignInUnavailable {
							t.Errorf("the sign-in returned %v", err)
						}
					})
				}
				all.Wait()
				if got := requests.Load(); got > want {
					t.Errorf("%d requests for the keys, want %d", got, want)
				}
				now.advance(5 * time.Second)
			}
			works.Store(true)
			if err := signIn(); err != nil {
				t.Errorf("after the provider has recovered: %v", err)
			}
		})
	}
}
