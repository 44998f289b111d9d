package web_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// frontProxy is a proxy for which a document contains a configuration snippet.
type frontProxy struct {
	document      string // "docs/operate.md" if it is ""
	heading       string // the heading of the snippet in the document
	name, debian  string // the program and its Debian package
	before, after string // the configuration around the snippet; {dir} and {port} are replaced
	args          []string
	changes       []string // further texts of the snippet, each with its replacement
}

var frontProxies = []frontProxy{
	{
		heading: "nginx", name: "nginx", debian: "nginx-light",
		before: strings.Replace(nginxHead, "%[1]s", nginxUser(), 1), after: "}\n", args: []string{"-p", "{dir}", "-c", "{dir}/config", "-e", "stderr"},
	},
	{
		heading: "Caddy", name: "caddy", debian: "caddy",
		before: "{\n\tadmin off\n\tauto_https off\n\tstorage file_system {dir}/storage\n}\n", args: []string{"run", "--adapter", "caddyfile", "--config", "{dir}/config"},
	},
	{
		heading: "Apache", name: "apache2", debian: "apache2", args: []string{"-f", "{dir}/config", "-D", "FOREGROUND"},
		before: `ServerRoot {dir}
PidFile {dir}/pid
ErrorLog /dev/stderr
Listen 127.0.0.1:{port}
ServerName localhost
User www-data
Group www-data
` + apacheModules("mpm_event", "authz_core", "ssl", "socache_shmcb", "proxy", "proxy_http"),
	},
}

const nginxHead = `%[1]s
daemon off;
worker_processes 1;
pid {dir}/pid;
error_log stderr warn;
events {}
http {
	access_log off;
	client_body_temp_path {dir}/body;
	proxy_temp_path {dir}/proxy;
	fastcgi_temp_path {dir}/fastcgi;
	uwsgi_temp_path {dir}/uwsgi;
	scgi_temp_path {dir}/scgi;
`

func apacheModules(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", name, name)
	}
	return b.String()
}

// snippet returns the indented block below the heading.
func (p frontProxy) snippet(t testing.TB) string {
	t.Helper()
	document := cmp.Or(p.document, "docs/operate.md")
	content, err := os.ReadFile("../" + document)
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(content), "\n### "+p.heading+"\n")
	if !found {
		t.Fatalf("%s has no heading %q", document, p.heading)
	}
	var b strings.Builder
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "#") {
			break
		}
		if text, indented := strings.CutPrefix(line, "    "); indented {
			b.WriteString(text)
		}
	}
	return b.String()
}

// behind runs the site behind the proxy, configured as in its document. Only addresses,
// files and the log differ.
func behind(p frontProxy) siteOption {
	return func(s *siteSettings) {
		s.trusted = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		s.proxy = func(t testing.TB, upstream string) string {
			t.Helper()
			program := testenv.Program(t, p.name, p.debian)
			dir, port := t.TempDir(), testenv.FreePort(t)
			writeCertificate(t, dir)
			place := strings.NewReplacer("{dir}", dir, "{port}", port)
			config := strings.NewReplacer(append(p.changes,
				"/etc/ssl/meet.example.org.crt", dir+"/certificate", "/etc/ssl/meet.example.org.key", dir+"/key",
				"listen 443", "listen 127.0.0.1:"+port, "*:443", "127.0.0.1:"+port, "meet.example.org {", "https://localhost:"+port+" {\n    bind 127.0.0.1",
				"meet.example.org", "localhost", "127.0.0.1:8080", strings.TrimPrefix(upstream, "http://"),
			)...).Replace(p.snippet(t))
			if err := os.WriteFile(filepath.Join(dir, "config"), []byte(place.Replace(p.before+config+p.after)), 0o600); err != nil {
				t.Fatal(err)
			}
			command := exec.Command(program)
			for _, arg := range p.args {
				command.Args = append(command.Args, place.Replace(arg))
			}
			command.Env = append(os.Environ(), "HOME="+dir)
			runProxy(t, command, port)
			return "https://localhost:" + port
		}
	}
}

func TestProxiesOfTheDocument(t *testing.T) {
	for _, p := range frontProxies {
		t.Run(p.heading, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, behind(p))
			b := s.signIn(priya)
			// The browser and the proxy connect from different addresses. Below, the browser
			// sends a third, forged address in X-Forwarded-For.
			b.client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
				dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
				return dialer.DialContext(ctx, network, mustURL(t, s.url).Host)
			}
			b.client.CloseIdleConnections()
			made := b.post("/meetings", s.form("external_id", "INC1"))
			if made.status != 200 || !strings.HasPrefix(made.url.Path, "/meetings/") || !strings.HasPrefix(made.url.String(), s.url) {
				t.Errorf("the form ended at %s with status %d:\n%s", made.url, made.status, made.text())
			}
			if list := b.get("/history?q=" + url.QueryEscape("INC1 & "+strings.Repeat("ü/%2f ", 300))); list.status != 200 {
				t.Errorf("a long search has status %d:\n%s", list.status, list.text())
			}
			if p := b.get("/t/" + url.PathEscape("INC1/a b%")); p.status != 404 && p.status != 200 {
				t.Errorf("a ticket with a slash has status %d:\n%s", p.status, p.text())
			}
			b.post("/meetings", s.form("attendees", strings.Repeat("x", 1<<20))).want(413, "1 MB")
			r, err := http.NewRequest(http.MethodGet, b.url+"/history?q=forged", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Forwarded-For", "192.0.2.6")
			b.do(r).want(200)
			if log := s.Log.String(); !strings.Contains(log, "client=127.0.0.2") || strings.Contains(log, "192.0.2.6") {
				t.Errorf("the desk did not see the browser's own address:\n%s", log)
			}
		})
	}
}
