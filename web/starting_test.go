package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"meetdesk/static"
	"meetdesk/web"
)

// Until the site is ready, responses say whether the desk is starting or being upgraded and
// when to retry.
func TestStarting(t *testing.T) {
	t.Parallel()
	files, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	s := web.NewStarting(web.Config{Static: files, Locale: catalogue(t), URL: mustURL(t, "https://meet.example.org"), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	ask := func(method, path, language string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest(method, path, nil), httptest.NewRecorder()
		r.Header.Set("Accept-Language", language)
		s.ServeHTTP(w, r)
		return w
	}
	check := func(method, path, language, retry string, texts ...string) {
		t.Helper()
		w := ask(method, path, language)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != retry || w.Header().Get("Strict-Transport-Security") == "" || w.Header().Get("X-Request-ID") == "" {
			t.Errorf("%s %s: %d %v, want Retry-After %s", method, path, w.Code, w.Header(), retry)
		}
		for _, text := range texts {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s %s lacks %q:\n%s", method, path, text, w.Body)
			}
		}
	}
	check("GET", "/history", "en", "10", "meetdesk is starting", `http-equiv="refresh"`)
	check("GET", "/readyz", "en", "10", "desk failed: is starting\n")
	s.Upgrading(0)
	check("GET", "/", "pt-BR", "10", "O meetdesk está sendo atualizado", `lang="pt-BR"`)
	s.Upgrading(35 * time.Second)
	check("GET", "/", "en", "35", "meetdesk is being upgraded", files.URL("app.css"))
	check("GET", "/readyz", "en", "35", "desk failed: is being upgraded\n")
	s.Upgrading(time.Hour)
	check("POST", "/meetings", "en", "60", "was not carried out")
	if body := ask("POST", "/meetings", "en").Body.String(); strings.Contains(body, `http-equiv="refresh"`) {
		t.Error("the response to a form reloads itself, which would open the form's address")
	}
	if w := ask("GET", "/healthz", "en"); w.Code != http.StatusOK || w.Body.String() != "ok\n" {
		t.Errorf("healthz: %d %s", w.Code, w.Body)
	}
	if w := ask("GET", files.URL("app.css"), "en"); w.Code != http.StatusOK {
		t.Errorf("the style sheet: %d", w.Code)
	}
}
