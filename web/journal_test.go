package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

func TestBrowserDisconnects(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	hold := make(chan struct{})
	s.graph.FailNext(createRoute, emulator.Failure{Hold: hold})
	ctx, leave := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/meetings", strings.NewReader(s.form().Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	left := make(chan error, 1)
	go func() {
		resp, err := b.client.Do(r)
		if err == nil {
			resp.Body.Close()
		}
		left <- err
	}()
	eventually(t, "Graph gets the request", func() bool { return len(s.graph.Requests()) == 1 })
	leave()
	if err := <-left; err == nil {
		t.Fatal("the browser got a response before it disconnected")
	}
	close(hold)
	eventually(t, "the meeting is stored as created", func() bool {
		rows := record(t, s)
		return len(rows) == 1 && rows[0].State == meeting.Live && rows[0].Origin == meeting.Created
	})
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	desktest.Eventually(t, what, done)
}

func TestStoreFailsAfterGraphSucceeded(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	hold := make(chan struct{})
	s.graph.FailNext(createRoute, emulator.Failure{Hold: hold, Apply: true})
	done := make(chan *page)
	go func() { done <- b.post("/meetings", s.form()) }()
	eventually(t, "Graph gets the request", func() bool { return len(s.graph.Requests()) == 1 })
	s.store.Close() // now every write fails, as on a full disk
	close(hold)
	p := <-done
	p.want(500, "join link")
	if p.doc.Find(`a[href^="https://teams.microsoft.com/"]`).Length() == 0 {
		t.Fatalf("no join link:\n%s", p.text())
	}

	s.reopen()
	m := newest(t, s, "INC0012345")
	if m.State != meeting.Unfinished {
		t.Fatalf("after a restart the meeting is %s, want unfinished", m.State)
	}
	b.post("/attempts/1/retry", nil).want(200, "Created")
	if got := s.graph.MeetingCount(); got != 1 {
		t.Errorf("Graph has %d meetings, want 1", got)
	}
}

func TestKnownGraphID(t *testing.T) {
	t.Parallel()
	s := newSite(t, withSwitches(emulator.Switches{FoldExternalID: true}))
	b := s.signIn(priya)
	p := b.post("/meetings", s.form()).want(200, "Created")
	found := b.post("/meetings", s.form("anyway", "1", "external_id", "inc0012345", "subject", "Spelled another way"))
	found.want(200, "Found", "Spelled another way", "Printer on fire")
	if found.url.Path != p.url.Path {
		t.Errorf("got %s, want the known meeting %s", found.url.Path, p.url.Path)
	}
	if m := newest(t, s, "INC0012345"); m.State != meeting.Live || len(attempts(t, s, m.ID)) != 2 {
		t.Errorf("the known meeting is %s with %d attempts, want live with 2", m.State, len(attempts(t, s, m.ID)))
	}
}
