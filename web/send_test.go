package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// rawResponse is a response with its body before and after decompression.
type rawResponse struct {
	status int
	header http.Header
	wire   []byte
	body   string // decompressed
}

// send sends a request without a body. The headers are alternating names and values.
func (b *browser) send(method, path string, headers ...string) rawResponse {
	b.t.Helper()
	r, err := http.NewRequest(method, b.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	a := rawResponse{status: resp.StatusCode, header: resp.Header}
	if a.wire, err = io.ReadAll(resp.Body); err != nil {
		b.t.Fatal(err)
	}
	a.body = string(a.wire)
	if a.header.Get("Content-Encoding") == "gzip" && method != http.MethodHead {
		zip, err := gzip.NewReader(bytes.NewReader(a.wire))
		if err != nil {
			b.t.Fatalf("%s: %v", path, err)
		}
		body, err := io.ReadAll(zip)
		if err != nil {
			b.t.Fatalf("%s: %v", path, err)
		}
		a.body = string(body)
	}
	return a
}

func TestCompression(t *testing.T) {
	t.Parallel()
	s := newSite(t, withScopes("User.ReadBasic.All"))
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	for path, compressed := range map[string]bool{
		"/meetings/new": true, "/history": true, "/meetings/1": true, "/nowhere": true,
		"/meetings/1/qr.svg": true, "/healthz": false, "/meetings/1/invitation.ics": true,
		s.server.Static.URL("app.css"): true, s.server.Static.URL("app.js"): true, s.server.Static.URL("icon.svg"): false,
	} {
		plain, zipped, head := b.send("GET", path), b.send("GET", path, "Accept-Encoding", "gzip, br"), b.send("HEAD", path, "Accept-Encoding", "gzip, br")
		if got := plain.header.Get("Content-Encoding"); got != "" {
			t.Errorf("%s: Content-Encoding %q although the client did not ask for one", path, got)
		}
		if got := zipped.header.Get("Content-Encoding") == "gzip"; got != compressed {
			t.Errorf("%s: compressed is %v, want %v", path, got, compressed)
		}
		if compressed && len(zipped.wire) >= len(plain.wire)*9/10 {
			t.Errorf("%s: %d bytes are compressed to %d", path, len(plain.wire), len(zipped.wire))
		}
		if steady(zipped.body) != steady(plain.body) || zipped.status != plain.status {
			t.Errorf("%s: the compressed page differs:\n%s", path, zipped.body)
		}
		if path != "/healthz" {
			for name, a := range map[string]rawResponse{"plain": plain, "compressed": zipped} {
				if got := a.header.Get("Vary"); got != "Accept-Encoding" {
					t.Errorf("%s, %s: Vary %q, want Accept-Encoding", path, name, got)
				}
				if got := a.header.Get("Content-Length"); got != strconv.Itoa(len(a.wire)) {
					t.Errorf("%s, %s: Content-Length %q for %d bytes", path, name, got, len(a.wire))
				}
			}
		}
		if len(head.wire) != 0 || head.status != plain.status || head.header.Get("Content-Encoding") != zipped.header.Get("Content-Encoding") {
			t.Errorf("HEAD %s: status %d, %d bytes and headers %v, want those of a GET without a body", path, head.status, len(head.wire), head.header)
		}
		if refused := b.send("GET", path, "Accept-Encoding", "gzip;q=0, *"); refused.header.Get("Content-Encoding") != "" || steady(refused.body) != steady(plain.body) {
			t.Errorf("%s: Content-Encoding %q although the client refuses gzip", path, refused.header.Get("Content-Encoding"))
		}
	}
}

// steady returns the body without the parts that differ between responses, such as the form's
// ID and the request ID.
func steady(body string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.NewReplacer("><", ">\n<").Replace(body), "\n") {
		if !strings.Contains(line, `name="form_id"`) && !strings.Contains(line, "<code>") && !strings.HasPrefix(line, "DTSTAMP") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// TestCrossSiteCompression checks that a response is not compressed if another site embeds
// it (BREACH). A page that a person opens by following a link from another site is
// compressed.
func TestCrossSiteCompression(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		site, dest string
		compressed bool
	}{
		{"none", "document", true},
		{"same-origin", "document", true},
		{"same-origin", "empty", true},
		{"cross-site", "document", true},
		{"same-site", "document", true},
		{"same-site", "image", false},
		{"same-site", "script", false},
		{"same-site", "empty", false},
		{"same-site", "", false},
		{"cross-site", "iframe", false},
		{"cross-site", "empty", false},
	} {
		a := b.send("GET", "/history?q=laptop", "Accept-Encoding", "gzip", "Sec-Fetch-Site", tt.site, "Sec-Fetch-Dest", tt.dest)
		if compressed := a.header.Get("Content-Encoding") == "gzip"; compressed != tt.compressed || a.status != 200 {
			t.Errorf("%s, %s: compressed is %v, want %v (status %d)", tt.site, tt.dest, compressed, tt.compressed, a.status)
		}
	}
}
