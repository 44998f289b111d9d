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

// asked is an answer as it came over the wire.
type asked struct {
	status int
	header http.Header
	wire   []byte
	body   string // unpacked
}

// ask sends a GET, or what method says, with these headers: name, value, …
func (b *browser) ask(method, path string, headers ...string) asked {
	b.t.Helper()
	b.client.Transport.(*http.Transport).DisableCompression = true // else it asks and unpacks by itself
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
	a := asked{status: resp.StatusCode, header: resp.Header}
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

func TestAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	s := newSite(t, withScopes("User.ReadBasic.All"))
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	for path, zips := range map[string]bool{
		"/meetings/new": true, "/history": true, "/meetings/1": true, "/nowhere": true,
		"/meetings/1/qr.svg": true, "/healthz": false, "/meetings/1/invitation.ics": true,
		"/people?q=a":                  false, // {"people":[]}
		s.server.Static.URL("app.css"): true, s.server.Static.URL("app.js"): true, s.server.Static.URL("icon.svg"): false,
	} {
		plain, zipped, head := b.ask("GET", path), b.ask("GET", path, "Accept-Encoding", "gzip, br"), b.ask("HEAD", path, "Accept-Encoding", "gzip, br")
		if got := plain.header.Get("Content-Encoding"); got != "" {
			t.Errorf("%s: is %q to a client that did not ask", path, got)
		}
		if got := zipped.header.Get("Content-Encoding") == "gzip"; got != zips {
			t.Errorf("%s: compressed: %v, want %v", path, got, zips)
		}
		if zips && len(zipped.wire) >= len(plain.wire)*9/10 {
			t.Errorf("%s: %d bytes compressed, %d as they are", path, len(zipped.wire), len(plain.wire))
		}
		if steady(zipped.body) != steady(plain.body) || zipped.status != plain.status {
			t.Errorf("%s is another page when compressed:\n%s", path, zipped.body)
		}
		if path != "/healthz" {
			for name, a := range map[string]asked{"plain": plain, "compressed": zipped} {
				if got := a.header.Get("Vary"); got != "Accept-Encoding" {
					t.Errorf("%s, %s: Vary is %q", path, name, got)
				}
				if got := a.header.Get("Content-Length"); got != strconv.Itoa(len(a.wire)) {
					t.Errorf("%s, %s: Content-Length %q, and there are %d bytes", path, name, got, len(a.wire))
				}
			}
		}
		if len(head.wire) != 0 || head.status != plain.status || head.header.Get("Content-Encoding") != zipped.header.Get("Content-Encoding") {
			t.Errorf("HEAD %s: status %d, %d bytes, %v", path, head.status, len(head.wire), head.header)
		}
		if refused := b.ask("GET", path, "Accept-Encoding", "gzip;q=0, *"); refused.header.Get("Content-Encoding") != "" || steady(refused.body) != steady(plain.body) {
			t.Errorf("%s: is %q to a client that refuses gzip", path, refused.header.Get("Content-Encoding"))
		}
	}
}

// steady is the body without what is new each time: the form's ID, the
// request's, the moment at which a calendar file was made.
func steady(body string) string {
	var kept []string
	for line := range strings.SplitSeq(strings.NewReplacer("><", ">\n<").Replace(body), "\n") {
		if !strings.Contains(line, `name="form_id"`) && !strings.Contains(line, "<code>") && !strings.HasPrefix(line, "DTSTAMP") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// What another site's page asks for is not compressed, so that nobody who reads
// the wire can guess at it; what a person opens from there is.
func TestOtherSitesCannotGuess(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct {
		site, dest string
		zips       bool
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
		a := b.ask("GET", "/history?q=laptop", "Accept-Encoding", "gzip", "Sec-Fetch-Site", tt.site, "Sec-Fetch-Dest", tt.dest)
		if zips := a.header.Get("Content-Encoding") == "gzip"; zips != tt.zips || a.status != 200 {
			t.Errorf("%s, %s: compressed: %v, want %v (status %d)", tt.site, tt.dest, zips, tt.zips, a.status)
		}
	}
}
