package main

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestFirstView(t *testing.T) {
	long := strings.Repeat("/* as much again */", 1000)
	bodies := map[string]string{
		"/form":            `<link href="/static/icon.svg"><link href="/static/a.css"><script src="/static/a.js"></script><img src="/static/icon.svg"><a href="/other">`,
		"/static/a.css":    `body { background: url(/static/paper.svg) }` + long,
		"/static/a.js":     `import "/static/b.js"`,
		"/static/b.js":     `// nothing`,
		"/static/icon.svg": `<svg/>`, "/static/paper.svg": `<svg/>`,
	}
	asked := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		body, ok := bodies[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if strings.HasPrefix(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			zip := gzip.NewWriter(w)
			defer zip.Close()
			fmt.Fprint(zip, body)
			return
		}
		fmt.Fprint(w, body)
	}))
	defer server.Close()
	b := newBrowser(server.URL)
	defer b.close()
	plain, err := b.firstView(t.Context(), "/form", "identity")
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := b.firstView(t.Context(), "/form", "gzip")
	if err != nil {
		t.Fatal(err)
	}
	if plain.requests != 6 || zipped.requests != 6 || asked["/static/icon.svg"] != 2 || asked["/other"] != 0 {
		t.Errorf("%d and %d requests, want 6 each: %v", plain.requests, zipped.requests, asked)
	}
	if least := int64(len(long)); plain.bytes < least || zipped.bytes > least/4 || zipped.bytes < 6*100 {
		t.Errorf("%d bytes, compressed %d, of a file of %d", plain.bytes, zipped.bytes, least)
	}
	if _, err := b.firstView(t.Context(), "/nowhere", "gzip"); err == nil {
		t.Error("a missing page was measured")
	}
}
