package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/server"
	"meetdesk/testenv"
)

// siteOf returns the URL in the line that the demo prints when it is ready.
func siteOf(t *testing.T, line string) *url.URL {
	t.Helper()
	_, address, _ := strings.Cut(line, "open ")
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() != "localhost" {
		t.Fatalf("no address of localhost in %q", line)
	}
	return u
}

func TestDemoKeepsEverything(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	data := filepath.Join(t.TempDir(), "demo")
	args := []string{"desk", "-addr", testenv.FreeAddress(t), "-emulator-addr", testenv.FreeAddress(t), "-data", data}
	d := startDemo(t, args...)
	site := siteOf(t, d.line("open"))
	ctx := context.Background()
	v := newVisitor(site)
	if err := v.SignIn(ctx, demo.Priya); err != nil {
		t.Fatal(err)
	}
	history := v.read(t, "/history")
	for subject, want := range map[string]bool{
		"Laptop does not wake from sleep": true, "Return to work: equipment and access": true, "VPN drops every afternoon: after the update": true,
		"VPN drops every afternoon: second look": false, // Graph returned the first meeting and ignored this subject
		"Screen reader and the time sheet":       false, "Instalação do leitor de cartões": false,
	} {
		if seen := strings.Contains(history, subject); seen != want {
			t.Errorf("Priya's history shows %q: %v, want %v", subject, seen, want)
		}
	}
	form := laptopForm()
	form.Set("past", "1") // confirms a start time in the past
	form.Set("external_id", "INC0099001")
	if err := v.Create(ctx, form); err != nil {
		t.Fatal(err)
	}
	if status := d.stop(os.Interrupt); status != command.OK {
		t.Fatalf("Ctrl-C ended the demo with status %d:\n%s", status, d.errors)
	}

	d = startDemo(t, args...)
	d.line("open")
	if page := v.read(t, "/history"); !strings.Contains(page, "INC0099001") || strings.Count(page, "INC0012301") != strings.Count(history, "INC0012301") {
		t.Error("the restart lost the session or the history, or made the history twice")
	}
	form.Set("subject", "Sent again")
	if err := v.Create(ctx, form); err != nil {
		t.Fatal(err)
	}
	if page := v.read(t, "/history"); strings.Contains(page, "Sent again") {
		t.Error("the emulator forgot the meeting, and made it again")
	}
	for _, secret := range []string{server.DemoFile, "meetdesk.db", "lock"} {
		info, err := os.Stat(filepath.Join(data, secret))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, want 0600 (%v)", secret, info.Mode(), err)
		}
	}

	// A second demo cannot use the same directory, and does not damage the data of the
	// first.
	second := startDemo(t, "desk", "-addr", testenv.FreeAddress(t), "-emulator-addr", testenv.FreeAddress(t), "-data", data)
	if status := second.status(); status != command.Failed || !strings.Contains(second.errors.String(), "in use by another") {
		t.Errorf("a second start on the folder ended with %d:\n%s", status, second.errors)
	}
	form.Set("external_id", "INC0099002")
	if err := v.Create(ctx, form); err != nil {
		t.Fatal(err)
	}
	if status := d.stop(os.Interrupt); status != command.OK {
		t.Fatalf("Ctrl-C ended the demo with status %d:\n%s", status, d.errors)
	}
	d = startDemo(t, args...)
	d.line("open")
	form.Set("subject", "Sent once more")
	if err := v.Create(ctx, form); err != nil {
		t.Fatal(err)
	}
	if page := v.read(t, "/history"); strings.Contains(page, "Sent once more") {
		t.Error("the second start took the emulator's record from the first")
	}
	serve := start(t, environment("DATA="+data), "serve")
	if status := serve.status(); status != command.Usage || !strings.Contains(serve.errors.String(), "belongs to the demo") {
		t.Errorf("serve on the demo's folder ended with %d:\n%s", status, serve.errors)
	}
}

func TestDemoAcceptsLoopbackAddressesOnly(t *testing.T) {
	testenv.SkipIfShort(t)
	for _, args := range [][]string{
		{"desk", "-addr", "0.0.0.0:0"}, {"desk", "-addr", ":0"}, {"desk", "-emulator-addr", "192.0.2.1:0", "-addr", "127.0.0.1:0"},
		{"emulator", "-addr", "0.0.0.0:0"}, {"emulator", "-addr", "127.0.0.1:0", "-url", "login.example"},
		{"emulator", "-addr", "127.0.0.1:0", "-url", "ftp://login.example"}, {"emulator", "-addr", "127.0.0.1:0", "-url", "https://login.example/path"},
		{"emulator", "-addr", "127.0.0.1:0", "-url", "https://u:p@login.example"}, {"desk", "-addr", "127.0.0.2:0"}, {"desk", "-addr", "[::1]:0"}, {"desk", "extra"}, {"desk", "-nonsense"}, {"nonsense"}, {},
	} {
		p := startDemo(t, args...)
		if status := p.status(); status != command.Usage || len(p.errors.String()) == 0 {
			t.Errorf("%v: status %d, want 2 with a sentence, not %q", args, status, p.errors)
		}
	}
}
