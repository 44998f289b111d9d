package static

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func newFiles(t *testing.T) *Files {
	t.Helper()
	f, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func get(f *Files, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestURLsContainAHash(t *testing.T) {
	f := newFiles(t)
	for name, contentType := range map[string]string{
		"app.css":   "text/css; charset=utf-8",
		"app.js":    "text/javascript; charset=utf-8",
		"import.js": "text/javascript; charset=utf-8",
		"icon.svg":  "image/svg+xml; charset=utf-8",
	} {
		w := get(f, http.MethodGet, f.URL(name))
		if w.Code != http.StatusOK {
			t.Errorf("GET %s: status %d", f.URL(name), w.Code)
			continue
		}
		sum := sha256.Sum256(w.Body.Bytes())
		base, ext, _ := strings.Cut(name, ".")
		if want := "/static/" + base + "." + hex.EncodeToString(sum[:4]) + "." + ext; f.URL(name) != want {
			t.Errorf("URL(%q) = %q, want %q", name, f.URL(name), want)
		}
		if got := w.Header().Get("Content-Type"); got != contentType {
			t.Errorf("%s: Content-Type %q, want %q", name, got, contentType)
		}
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		if w := get(f, http.MethodHead, f.URL(name)); w.Code != http.StatusOK || w.Body.Len() != 0 {
			t.Errorf("HEAD %s: status %d, %d bytes", f.URL(name), w.Code, w.Body.Len())
		}
	}
}

func TestUnknownPathsAreNotFound(t *testing.T) {
	f := newFiles(t)
	for _, path := range []string{"/static/app.css", "/static/app.00000000.css", "/static/", "/static/static.go", f.URL("static.go"), f.URL("app.css") + "/", "/app.css"} {
		w := get(f, http.MethodGet, path)
		if w.Code != http.StatusNotFound {
			t.Errorf("GET %s: status %d, want 404", path, w.Code)
		}
		if got := w.Header().Get("Cache-Control"); got != "" {
			t.Errorf("GET %s: the 404 has Cache-Control %q", path, got)
		}
	}
}

func TestFilesAreSmall(t *testing.T) {
	f := newFiles(t)
	for name, most := range map[string]int{"app.js": 12<<10 - 1, "import.js": 1 << 10, "app.css": 31 << 10, "icon.svg": 1 << 10} {
		if size := get(f, http.MethodGet, f.URL(name)).Body.Len(); size > most {
			t.Errorf("%s is %d bytes, want at most %d", name, size, most)
		}
	}
}
