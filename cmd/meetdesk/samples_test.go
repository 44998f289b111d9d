package main

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// TestReleasesHaveNoSamplePages checks the routes of serve and demo.
func TestReleasesHaveNoSamplePages(t *testing.T) {
	d, err := openDemo(t.Context(), "127.0.0.1:0", "127.0.0.1:0", filepath.Join(t.TempDir(), "demo"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	serving, err := newApp(t.Context(), servedFrom(t, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer serving.close()
	for name, a := range map[string]*app{"demo": d.app, "serve": serving} {
		if len(a.site.Routes()) == 0 {
			t.Errorf("%s has no routes", name)
		}
		for _, route := range a.site.Routes() {
			if strings.Contains(route.Pattern, "/dev") {
				t.Errorf("%s has the route %s", name, route.Pattern)
			}
		}
	}
}

// servedFrom returns the settings that the serve command would use with the given data
// directory.
func servedFrom(t *testing.T, dir string) settings {
	t.Helper()
	c, err := readConfig([]string{
		"MEETDESK_URL=http://localhost:8080", "MEETDESK_DATA=" + dir, "MEETDESK_TENANT_ID=11111111-1111-4111-8111-111111111111",
		"MEETDESK_CLIENT_ID=22222222-2222-4222-8222-222222222222", "MEETDESK_CLIENT_SECRET=secret", "MEETDESK_SESSION_KEYS=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.settings(slog.New(slog.DiscardHandler))
}

func TestMakeDevServesSamplePages(t *testing.T) {
	testenv.SkipUnlessLong(t)
	binary := filepath.Join(t.TempDir(), "meetdesk")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", "dev", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d := startBinary(t, binary, nil, "demo", "-addr", freeAddress(t), "-emulator-addr", freeAddress(t), "-data", filepath.Join(t.TempDir(), "demo"))
	site := siteOf(t, d.line("open"))
	for path, want := range map[string]int{"/dev/pages": 200, "/dev/pages/form?language=pt-BR": 200, "/dev/pages/nothing": 404} {
		resp, err := http.Get(site.String() + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("GET %s: status %d, want %d", path, resp.StatusCode, want)
		}
	}
	if status := d.stop(os.Interrupt); status != exitOK {
		t.Errorf("Ctrl-C ended it with status %d:\n%s", status, d.errors)
	}
}
