package demo

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestDemoWaitsUntilItIsReady checks that external connections get no response while the
// history is being written. It blocks the request that creates the first meeting, so that
// the result does not depend on timing.
func TestDemoWaitsUntilItIsReady(t *testing.T) {
	testenv.SkipIfShort(t)
	d, err := openDemo(context.Background(), "127.0.0.1:0", "127.0.0.1:0", t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	hold := make(chan struct{})
	d.emulator.FailNext("POST /me/onlineMeetings/createOrGet", emulator.Failure{Hold: hold})
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- d.run(ctx, func() { close(ready) }) }()
	seeding := func() bool {
		for _, r := range d.emulator.Requests() {
			if strings.HasSuffix(r.Path, "/createOrGet") {
				return true
			}
		}
		return false
	}
	for deadline := time.Now().Add(2 * time.Minute); !seeding(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the history was not begun in time")
		}
	}
	site, microsoft := d.url.String(), "http://"+d.emulatorListener.Addr().String()
	outsider := &http.Client{Timeout: 150 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}}
	for _, address := range []string{
		site + "/healthz", site + "/", site + "/auth/login?login_hint=" + Tomas, site + "/static/app.css",
		d.emulator.Issuer() + "/.well-known/openid-configuration", microsoft + "/v1.0/me", microsoft + "/emulator/control/",
	} {
		if r, err := outsider.Get(address); err == nil {
			r.Body.Close()
			t.Errorf("%s answered %s while the history was written", address, r.Status)
		}
	}
	close(hold)
	select {
	case <-ready:
	case err := <-ended:
		t.Fatalf("the demo ended: %v", err)
	case <-time.After(2 * time.Minute):
		t.Fatal("the demo was not ready in time")
	}
	if err := NewVisitor(d.url).SignIn(ctx, Tomas); err != nil {
		t.Errorf("a sign-in at once: %v", err)
	}
	if r, err := http.Get(site + "/healthz"); err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("healthz: %v, %v", r, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
