package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

func TestTakesGzip(t *testing.T) {
	for _, tt := range []struct {
		accept []string
		want   bool
	}{
		{nil, false},
		{[]string{""}, false},
		{[]string{"gzip"}, true},
		{[]string{"GZip"}, true},
		{[]string{"x-gzip"}, true},
		{[]string{"gzip, deflate, br, zstd"}, true},
		{[]string{"br", "gzip"}, true},
		{[]string{"deflate, br"}, false},
		{[]string{"gzipped"}, false},
		{[]string{"gzip;q=0"}, false},
		{[]string{"gzip;q=0.000"}, false},
		{[]string{"gzip; q=0, *"}, false},
		{[]string{"*, gzip;q=0"}, false},
		{[]string{"gzip ; Q = 0.5"}, true},
		{[]string{"gzip;q=0.001"}, true},
		{[]string{"*"}, true},
		{[]string{"*;q=0"}, false},
		{[]string{"br;q=1, *;q=0.1"}, true},
		{[]string{"identity"}, false},
		{[]string{"identity, gzip;q=0.5"}, false},
		{[]string{"identity;q=0.5, gzip"}, true},
		{[]string{"identity;q=0, *"}, true},
		{[]string{"gzip;q=yes"}, false},
		{[]string{"gzip;q="}, false},
		{[]string{"gzip;q=NaN"}, false},
		{[]string{"gzip;q=-1"}, false},
		{[]string{"gzip;q=2"}, false},
		{[]string{"gzip;level=9"}, false},
		{[]string{";q=1,,"}, false},
	} {
		if got := TakesGzip(http.Header{"Accept-Encoding": tt.accept}); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.accept, got, tt.want)
		}
	}
}

func TestFilesAreCompressed(t *testing.T) {
	f := newFiles(t)
	for name, small := range map[string]bool{"app.css": true, "app.js": true, "icon.svg": false} {
		ask := func(method, accept, span string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, f.URL(name), nil)
			r.Header.Set("Accept-Encoding", accept)
			if span != "" {
				r.Header.Set("Range", span)
			}
			w := httptest.NewRecorder()
			f.ServeHTTP(w, r)
			if w.Header().Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: Vary is %q", name, w.Header().Get("Vary"))
			}
			return w
		}
		plain := ask(http.MethodGet, "gzip;q=0", "")
		if plain.Header().Get("Content-Encoding") != "" || plain.Header().Get("Content-Length") != strconv.Itoa(plain.Body.Len()) {
			t.Errorf("%s without gzip: headers %v", name, plain.Header())
		}
		head, zipped := ask(http.MethodHead, "gzip", ""), ask(http.MethodGet, "gzip", "")
		length := strconv.Itoa(zipped.Body.Len())
		if zipped.Header().Get("Content-Length") != length || head.Header().Get("Content-Length") != length || head.Body.Len() != 0 {
			t.Errorf("%s: GET sent %s bytes with Content-Length %s; HEAD had Content-Length %s and sent %d bytes", name, length, zipped.Header().Get("Content-Length"), head.Header().Get("Content-Length"), head.Body.Len())
		}
		if !small {
			if zipped.Header().Get("Content-Encoding") != "" || !bytes.Equal(zipped.Body.Bytes(), plain.Body.Bytes()) {
				t.Errorf("%s is compressed although it is too small", name)
			}
			continue
		}
		if zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Body.Len() > plain.Body.Len()/2 {
			t.Errorf("%s: %d bytes of %d, %v", name, zipped.Body.Len(), plain.Body.Len(), zipped.Header())
			continue
		}
		r, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain.Body.Bytes()) {
			t.Errorf("%s differs after decompression (%v)", name, err)
		}
		if part := ask(http.MethodGet, "gzip", "bytes=2-5"); part.Code != http.StatusPartialContent || part.Header().Get("Content-Encoding") != "" || part.Body.String() != plain.Body.String()[2:6] {
			t.Errorf("%s: a range request got status %d, %v, %q", name, part.Code, part.Header(), part.Body)
		}
	}
}
