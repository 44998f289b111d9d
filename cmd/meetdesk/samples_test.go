package main

import (
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/server"
	"meetdesk/testenv"
)

// TestReleasesHaveNoSamplePages checks that the released program has no routes for sample
// pages, even if Settings.Samples is set.
func TestReleasesHaveNoSamplePages(t *testing.T) {
	settings := servedFrom(t, t.TempDir())
	settings.Samples = true
	a, err := server.New(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if len(a.Site.Routes()) == 0 {
		t.Error("there are no routes")
	}
	for _, route := range a.Site.Routes() {
		if strings.Contains(route.Pattern, "/dev") {
			t.Errorf("there is the route %s", route.Pattern)
		}
	}
}

func servedFrom(t *testing.T, dir string) server.Settings {
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
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", "dev", "-o", binary, "../meetdesk-demo").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d := startBinary(t, binary, nil, "desk", "-addr", testenv.FreeAddress(t), "-emulator-addr", testenv.FreeAddress(t), "-data", filepath.Join(t.TempDir(), "demo"))
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
	if status := d.stop(os.Interrupt); status != command.OK {
		t.Errorf("Ctrl-C ended it with status %d:\n%s", status, d.errors)
	}
}
