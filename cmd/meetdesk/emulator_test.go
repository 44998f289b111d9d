package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The settings that the emulator prints lead a desk to it, and what it keeps in
// its folder outlives it.
func TestTheEmulatorAlone(t *testing.T) {
	ctx := context.Background()
	addr, deskAddr := freeAddress(t), freeAddress(t)
	site := &url.URL{Scheme: "http", Host: strings.Replace(deskAddr, "127.0.0.1", "localhost", 1)}
	args := []string{"emulator", "-addr", addr, "-data", filepath.Join(t.TempDir(), "emulator"), "-redirect", site.String() + "/auth/callback"}

	em := start(t, nil, args...)
	settings := []string{
		"MEETDESK_URL=" + site.String(), "MEETDESK_ADDR=" + deskAddr, "MEETDESK_DATA=" + t.TempDir(), "MEETDESK_SESSION_KEYS=" + goodKey,
	}
	for _, name := range []string{"ALLOW_EMULATOR", "ISSUER", "GRAPH_URL", "TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"} {
		settings = append(settings, strings.TrimSpace(em.line("MEETDESK_"+name+"=")))
	}
	desk := start(t, settings, "serve")
	desk.line("listening")
	v := newVisitor(site)
	if err := v.signIn(ctx, priya); err != nil {
		t.Fatal(err)
	}
	form := demoHistory[0].form(time.Now())
	if err := v.create(ctx, form); err != nil {
		t.Fatal(err)
	}
	if status := em.stop(os.Interrupt); status != exitOK {
		t.Fatalf("Ctrl-C ended the emulator with status %d:\n%s", status, em.errors)
	}

	em = start(t, nil, args...)
	em.line("MEETDESK_CLIENT_SECRET=")
	form.Set("subject", "Sent again")
	if err := v.create(ctx, form); err != nil {
		t.Fatal(err)
	}
	if page := v.read(t, "/meetings/1"); !strings.Contains(page, "Found") || !strings.Contains(page, demoHistory[0].subject) {
		t.Errorf("the emulator forgot the meeting:\n%s", page)
	}
}
