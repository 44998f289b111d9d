package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"meetdesk/web"
)

// If a handler panics, the response is an error page without details, the stack is logged,
// and the site keeps running.
func TestPanicIsAnErrorPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	config := s.server.Config
	config.Samples = func(*http.Request) templ.Component { panic("the-secret-detail") }
	server, err := web.New(config)
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	w := get("/dev/pages")
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "the-secret-detail") || strings.Contains(w.Body.String(), ".go:") {
		t.Errorf("status %d and the page\n%s", w.Code, w.Body)
	}
	if log := s.Log.String(); !strings.Contains(log, "panic: the-secret-detail") || !strings.Contains(log, "panic_test.go:") {
		t.Errorf("the log lacks the panic and its place:\n%s", log)
	}
	if w := get("/healthz"); w.Code != http.StatusOK {
		t.Errorf("status %d after the panic", w.Code)
	}
}
