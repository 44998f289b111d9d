package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/testenv"
)

// microsoft starts an emulator for the desk with the given URL. It returns the emulator and
// its URL. The emulator outlives the desk's processes.
func microsoft(t *testing.T, desk string) (*emulator.Emulator, string) {
	t.Helper()
	em, _, address := unreliableMicrosoft(t, desk)
	return em, address
}

// unreliableMicrosoft is like microsoft, but also returns the proxy in front of the
// emulator. The proxy can break connections.
func unreliableMicrosoft(t *testing.T, desk string) (*emulator.Emulator, *unreliable, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	em, err := emulator.New(emulator.Options{
		URL: address, ClientSecret: "secret",
		RedirectURIs: []string{desk + "/auth/callback"}, PostLogoutRedirectURIs: []string{desk + "/auth/signed-out"},
	})
	if err != nil {
		t.Fatal(err)
	}
	between := &unreliable{next: em}
	server.Config.Handler = between
	server.Start()
	t.Cleanup(server.Close)
	return em, between, address
}

func TestCrashBetweenCallAndRecordLosesNothing(t *testing.T) {
	testenv.SkipIfShort(t)
	addr := testenv.FreeAddress(t)
	site := &url.URL{Scheme: "http", Host: strings.Replace(addr, "127.0.0.1", "localhost", 1)}
	em, graph := microsoft(t, site.String())
	settings := []string{
		"MEETDESK_URL=" + site.String(), "MEETDESK_ADDR=" + addr, "MEETDESK_DATA=" + t.TempDir(),
		"MEETDESK_TENANT_ID=" + emulator.DefaultTenant, "MEETDESK_CLIENT_ID=" + emulator.DefaultClientID, "MEETDESK_CLIENT_SECRET=secret",
		"MEETDESK_SESSION_KEYS=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
		"MEETDESK_ISSUER=" + em.Issuer(), "MEETDESK_GRAPH_URL=" + graph, "MEETDESK_ALLOW_EMULATOR=1",
	}
	desk := start(t, settings, "serve")
	desk.line("listening")
	ctx := context.Background()
	v := newVisitor(site)
	if err := v.SignIn(ctx, demo.Priya); err != nil {
		t.Fatal(err)
	}

	// Graph creates the meeting, but the process is killed before the response arrives.
	hold := make(chan struct{})
	defer close(hold)
	em.FailNext("POST /me/onlineMeetings/createOrGet", emulator.Failure{Apply: true, Hold: hold})
	form := laptopForm()
	form.Set("past", "1") // confirms the start time, which may be in the past by now
	lost := make(chan error, 1)
	go func() { lost <- v.Create(ctx, form) }()
	for deadline := time.Now().Add(time.Minute); em.MeetingCount() == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("Graph was not asked in time")
		}
	}
	if status := desk.stop(syscall.SIGKILL); status != -1 {
		t.Fatalf("the desk ended by itself, with status %d", status)
	}
	if err := <-lost; err == nil {
		t.Fatal("the person had an answer from a dead desk")
	}

	desk = start(t, settings, "serve")
	desk.line("listening")
	page := v.read(t, "/meetings/1")
	for _, want := range []string{"Not confirmed", "/attempts/1/retry", form.Get("subject")} {
		if !strings.Contains(page, want) {
			t.Fatalf("after the restart the page lacks %q:\n%s", want, page)
		}
	}
	if _, err := v.Do(ctx, http.MethodPost, "/attempts/1/retry", nil); err != nil {
		t.Fatal(err)
	}
	page = v.read(t, "/meetings/1")
	made := em.Meetings()
	if len(made) != 1 {
		t.Fatalf("Graph holds %d meetings, want 1", len(made))
	}
	join, _ := made[0].Document["joinWebUrl"].(string)
	for _, want := range []string{"Created", "second try", form.Get("subject"), strings.ReplaceAll(join, "&", "&amp;")} {
		if !strings.Contains(page, want) {
			t.Errorf("once finished the page lacks %q:\n%s", want, page)
		}
	}
	if status := desk.stop(os.Interrupt); status != command.OK {
		t.Errorf("Ctrl-C ended the desk with status %d, want 0:\n%s", status, desk.errors)
	}
}

// read requests the path and returns the whole response as text. The status must be 200.
func (v *visitor) read(t *testing.T, path string) string {
	t.Helper()
	resp, err := v.Client.Get(v.Site.String() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var page strings.Builder
	if err := resp.Write(&page); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", path, page.String())
	}
	return page.String()
}
