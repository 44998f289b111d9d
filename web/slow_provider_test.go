package web_test

import (
	"net/http"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// While the provider does not answer, new sign-ins wait, but signed-in users can continue
// to work.
func TestSlowProviderDelaysOnlySignIns(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	priya := s.signIn("priya@contoso.example")
	s.store.Close()
	s.reopen() // the restarted desk has not called the provider yet
	gate := make(chan struct{})
	s.graph.FailNext("GET /openid-configuration", emulator.Failure{Hold: gate})
	signedIn := make(chan *page)
	go func() {
		signedIn <- s.browser().get("/auth/login?login_hint=tomas@contoso.example")
	}()
	for range 5 { // the sign-in may not have begun when the first pages are shown
		for _, path := range []string{"/", "/history", "/history?q=INC1", "/meetings/new"} {
			if p := priya.get(path); p.status != http.StatusOK {
				t.Errorf("%s: status %d while the provider does not answer", path, p.status)
			}
		}
	}
	if p := priya.post("/meetings", s.form("external_id", "INC0000001")); p.status != http.StatusOK {
		t.Errorf("a create ends with status %d while the provider does not answer:\n%s", p.status, p.text())
	}
	select {
	case p := <-signedIn:
		t.Errorf("the sign-in did not wait: %s, status %d", p.url, p.status)
	default:
	}
	close(gate)
	if p := <-signedIn; p.status != http.StatusOK || p.url.Path != "/" {
		t.Errorf("the sign-in led to %s with status %d", p.url, p.status)
	}
}
