package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The log of nginx, configured as in docs/monitoring.md, has the request IDs of the desk's
// log, and nothing that the desk leaves out.
func TestProxyLogOfTheDocument(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "log")
	p := frontProxies[0]
	p.document, p.heading = "docs/monitoring.md", "What a proxy in front should leave out"
	p.changes = []string{
		"/var/log/nginx/meetdesk.log", file,
		"server {", "server {\nlisten 127.0.0.1:{port} ssl;\nssl_certificate {dir}/certificate;\nssl_certificate_key {dir}/key;\nproxy_set_header Host $http_host;\n",
	}
	s := newSite(t, behind(p))
	b := s.signIn(priya)
	r, err := http.NewRequest(http.MethodGet, b.url+"/history?q=zuzana", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Referer", b.url+"/meetings/new?subject=zuzana")
	b.do(r).want(200)
	b.get("/t/INC4711")
	last := b.get("/meetings/new").want(200)
	id := last.header.Get("X-Request-ID")
	log := ""
	for began := time.Now(); !strings.Contains(log, id+" GET /meetings/new 200 "); time.Sleep(10 * time.Millisecond) {
		content, err := os.ReadFile(file)
		if log = string(content); err != nil || id == "" || time.Since(began) > time.Minute {
			t.Fatalf("%v: no request %q in:\n%s", err, id, log)
		}
	}
	for _, text := range []string{" GET /auth/callback ", " GET /history ", " GET /t/- "} {
		if !strings.Contains(log, text) {
			t.Errorf("no%sin:\n%s", text, log)
		}
	}
	for _, secret := range []string{"?", "code=", "zuzana", "4711", "ession"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log contains %q:\n%s", secret, log)
		}
	}
	if !strings.Contains(s.Log.String(), "id="+id+" ") {
		t.Errorf("the desk's log lacks the ID %q:\n%s", id, s.Log.String())
	}
}
