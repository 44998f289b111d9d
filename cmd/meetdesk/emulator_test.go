package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/testenv"
)

// TestEmulatorAlone checks that a desk works with the settings that the emulator prints,
// and that meetings survive the emulator's restart.
func TestEmulatorAlone(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	ctx := context.Background()
	addr, deskAddr := testenv.FreeAddress(t), testenv.FreeAddress(t)
	site := &url.URL{Scheme: "http", Host: strings.Replace(deskAddr, "127.0.0.1", "localhost", 1)}
	args := []string{"emulator", "-addr", addr, "-data", filepath.Join(t.TempDir(), "emulator"), "-redirect", site.String() + "/auth/callback"}

	em := startDemo(t, args...)
	settings := []string{
		"MEETDESK_URL=" + site.String(), "MEETDESK_ADDR=" + deskAddr, "MEETDESK_DATA=" + t.TempDir(), "MEETDESK_SESSION_KEYS=" + goodKey,
	}
	for _, name := range []string{"ALLOW_EMULATOR", "ISSUER", "GRAPH_URL", "TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"} {
		settings = append(settings, strings.TrimSpace(em.line("MEETDESK_"+name+"=")))
	}
	desk := start(t, settings, "serve")
	desk.line("listening")
	v := newVisitor(site)
	if err := v.SignIn(ctx, demo.Priya); err != nil {
		t.Fatal(err)
	}
	form := laptopForm()
	form.Set("past", "1") // confirms a start time in the past
	if err := v.Create(ctx, form); err != nil {
		t.Fatal(err)
	}
	if status := em.stop(os.Interrupt); status != command.OK {
		t.Fatalf("Ctrl-C ended the emulator with status %d:\n%s", status, em.errors)
	}

	em = startDemo(t, args...)
	em.line("MEETDESK_CLIENT_SECRET=")
	form.Set("subject", "Sent again")
	if err := v.Create(ctx, form); err != nil {
		t.Fatal(err)
	}
	if page := v.read(t, "/meetings/1"); !strings.Contains(page, "Found") || !strings.Contains(page, laptopForm().Get("subject")) {
		t.Errorf("the emulator forgot the meeting:\n%s", page)
	}
}

// TestEmulatorServesAnApplication checks that the application can create meetings only for
// organizers covered by the policy, and that its secret survives a restart.
func TestEmulatorServesAnApplication(t *testing.T) {
	testenv.SkipIfShort(t)
	args := []string{"emulator", "-addr", testenv.FreeAddress(t), "-data", t.TempDir()}
	em := startDemo(t, args...)
	setting := func(p *process, name string) string {
		_, value, _ := strings.Cut(strings.TrimSpace(p.line(name+"=")), "=")
		return value
	}
	issuer, graph := setting(em, "MEETDESK_ISSUER"), setting(em, "MEETDESK_GRAPH_URL")
	setting(em, "MEETDESK_CLIENT_SECRET")
	id, secret := setting(em, "MEETDESK_APP_CLIENT_ID"), setting(em, "MEETDESK_APP_CLIENT_SECRET")
	var token struct {
		Access string `json:"access_token"`
	}
	send(t, "POST", strings.TrimSuffix(issuer, "/v2.0")+"/oauth2/v2.0/token", "", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}, "scope": {"https://graph.microsoft.com/.default"},
	}.Encode(), 200, &token)
	meetings := func(person string) string { return graph + "/v1.0/users/" + person + "/onlineMeetings/createOrGet" }
	const priyaID, danaID = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01", "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e03"
	send(t, "POST", meetings(priyaID), token.Access, `{"externalId":"1"}`, 201, nil)
	send(t, "POST", meetings(danaID), token.Access, `{"externalId":"1"}`, 403, nil)
	send(t, "POST", graph+"/emulator/control/policy", "", `{"grant":["*"]}`, 200, nil)
	send(t, "POST", meetings(danaID), token.Access, `{"externalId":"1"}`, 201, nil)
	if status := em.stop(os.Interrupt); status != command.OK {
		t.Fatalf("Ctrl-C ended the emulator with status %d:\n%s", status, em.errors)
	}
	if again := setting(startDemo(t, args...), "MEETDESK_APP_CLIENT_SECRET"); again != secret {
		t.Error("the application's secret was not kept")
	}
}

func send(t *testing.T, method, address, token, body string, status int, v any) {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != status {
		t.Fatalf("%s %s: status %d (%v), want %d:\n%s", method, address, got.StatusCode, err, status, text)
	}
	if v != nil {
		if err := json.Unmarshal(text, v); err != nil {
			t.Fatal(err)
		}
	}
}
