package meetdesk_test

import (
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// calledVulnerability maps URL paths to the files of a vulnerability database. The only
// vulnerability in the database affects a function that the desk calls.
var calledVulnerability = map[string]string{
	"/index/db.json.gz": `{"modified":"2026-11-28T00:00:00Z"}`,
	"/index/modules.json.gz": `[{"path":"github.com/gorilla/securecookie","vulns":
		[{"id":"GO-2026-9999","modified":"2026-11-28T00:00:00Z","fixed":"99.0.0"}]}]`,
	"/ID/GO-2026-9999.json.gz": `{"schema_version":"1.3.1","id":"GO-2026-9999","modified":"2026-11-28T00:00:00Z",
		"published":"2026-11-28T00:00:00Z","details":"made up for a test",
		"database_specific":{"url":"https://vuln.example/GO-2026-9999"},"affected":[{
		"package":{"name":"github.com/gorilla/securecookie","ecosystem":"Go"},
		"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"99.0.0"}]}],
		"ecosystem_specific":{"imports":[{"path":"github.com/gorilla/securecookie","symbols":["SecureCookie.Decode"]}]}}]}`,
}

// TestVulncheck runs .ci/vulncheck with three databases: one that lists a vulnerability in
// the desk, one that cannot be reached, and one that never responds.
func TestVulncheck(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	known := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := calledVulnerability[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		zip := gzip.NewWriter(w)
		_, _ = io.WriteString(zip, text)
		zip.Close()
	}))
	t.Cleanup(known.Close)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	for _, tt := range []struct {
		name, database string
		status         int // the exit status; govulncheck uses 3 if it finds a vulnerability
		want           string
	}{
		{"known vulnerability", known.URL, 3, "SecureCookie.Decode"},
		{"no connection", "http://127.0.0.1:1", 0, "SKIPPED: the search for known vulnerabilities. http://127.0.0.1:1 did not answer"},
		{"no response", "http://" + silent.Addr().String(), 0, "SKIPPED: the search for known vulnerabilities."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check := exec.CommandContext(t.Context(), ".ci/vulncheck")
			check.Env = append(os.Environ(), "VULNDB="+tt.database)
			out, err := check.CombinedOutput()
			if status := check.ProcessState.ExitCode(); status != tt.status || !strings.Contains(string(out), tt.want) {
				t.Errorf("exit status %d (%v), want %d, with %q in:\n%s", status, err, tt.status, tt.want, out)
			}
		})
	}
}
