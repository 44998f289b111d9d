package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/server"
	"meetdesk/testenv"
)

const (
	createRoute = "POST /me/onlineMeetings/createOrGet"
	terminate   = syscall.SIGTERM
)

// served is a desk that runs in the test process.
type served struct {
	t    *testing.T
	app  *server.App
	stop context.CancelFunc
	done chan error // receives the error from the shutdown, or nil, once the desk has stopped
}

// serveHere runs the desk in the test process. The callback may modify the application
// before the desk starts.
func (g *ground) serveHere(change func(*server.App)) *served {
	g.t.Helper()
	a := g.app()
	change(a)
	listener, err := net.Listen("tcp", g.addr)
	if err != nil {
		g.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &served{t: g.t, app: a, stop: stop, done: make(chan error, 1)}
	go func() {
		err := server.ServeUntil(ctx, server.NewHTTPServer(a.Site, a.Desk.Log), listener, server.Grace)
		if closed := a.Close(); err == nil {
			err = closed
		}
		s.done <- err
	}()
	return s
}

// wantRunning fails the test if the desk stops within 200 milliseconds. A shutdown that
// has nothing to wait for takes only a few milliseconds.
func (s *served) wantRunning() {
	s.t.Helper()
	select {
	case err := <-s.done:
		s.done <- err
		s.t.Errorf("the desk stopped too early, with %v", err)
	case <-time.After(200 * time.Millisecond):
	}
}

func (s *served) wantStopped() {
	s.t.Helper()
	select {
	case err := <-s.done:
		if err != nil {
			s.t.Errorf("the desk stopped with %v", err)
		}
	case <-time.After(20 * time.Second):
		s.t.Fatal("the desk did not stop")
	}
}

// sendCreate submits the form for a new meeting in the background. The channel receives
// the status and the redirect URL, or the error.
func (v *visitor) sendCreate(ctx context.Context, ticket string) chan string {
	form := laptopForm()
	form.Set(meeting.FieldExternalID, ticket)
	form.Set("past", "1") // confirms a start time in the past
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.Site.String()+paths.Meetings, strings.NewReader(form.Encode()))
	ended := make(chan string, 1)
	if err != nil {
		ended <- err.Error()
		return ended
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{Jar: v.Client.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	go func() {
		response, err := client.Do(r)
		if err != nil {
			ended <- err.Error()
			return
		}
		response.Body.Close()
		ended <- response.Status + " " + response.Header.Get("Location")
	}()
	return ended
}

// made is the result of sendCreate if it creates the desk's first meeting.
const made = "303 See Other /meetings/1?done=1"

// hold delays the emulator's response to the next request for the route until release is
// called. The request itself takes effect immediately.
func (g *ground) hold(route string) (release func()) {
	hold := make(chan struct{})
	g.emulator.FailNext(route, emulator.Failure{Apply: true, Hold: hold})
	return func() { close(hold) }
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

func TestShutdownWaitsForRequests(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	g := newGround(t)
	s := g.serveHere(func(*server.App) {})
	v := g.visitor(demo.Priya)
	release := g.hold(createRoute)
	ended := v.sendCreate(t.Context(), "INC1")
	eventually(t, "Graph has the meeting", func() bool { return g.emulator.MeetingCount() == 1 })
	s.stop()
	s.wantRunning()
	release()
	if end := <-ended; end != made {
		t.Errorf("the form ended at %s", end)
	}
	s.wantStopped()
	wantState(t, g, meeting.Live)
}

// A shutdown waits for a request whose browser was redirected to the waiting page.
func TestShutdownWaitsForLateRequests(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	g := newGround(t)
	s := g.serveHere(func(a *server.App) { a.Site.Patience = 10 * time.Millisecond })
	v := g.visitor(demo.Priya)
	release := g.hold(createRoute)
	if end := <-v.sendCreate(t.Context(), "INC1"); !strings.Contains(end, "/waiting/") {
		t.Fatalf("the form ended at %s", end)
	}
	eventually(t, "Graph has the meeting", func() bool { return g.emulator.MeetingCount() == 1 })
	s.stop()
	s.wantRunning()
	release()
	s.wantStopped()
	wantState(t, g, meeting.Live)
}

func wantState(t *testing.T, g *ground, want meeting.State) {
	t.Helper()
	a := g.app()
	defer a.Close()
	m, err := a.Store.Meeting(t.Context(), 1)
	if err != nil || m.State != want {
		t.Errorf("after the shutdown the meeting is %q, %v; want %s", m.State, err, want)
	}
}

// A shutdown waits until renewed tokens are stored, because the provider may no longer
// accept the old refresh token.
func TestShutdownWaitsForRenewals(t *testing.T) {
	testenv.SkipIfShort(t)
	g := newGround(t)
	s := g.serveHere(func(a *server.App) { a.Desk.Budget = 600 * time.Millisecond })
	v := g.visitor(demo.Priya)
	before, err := s.app.Store.Tokens(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	g.emulator.FailNext(createRoute, emulator.Failure{Status: 401, Code: "InvalidAuthenticationToken"})
	release := g.hold("POST /token")
	if end := <-v.sendCreate(t.Context(), "INC1"); end != made {
		t.Fatalf("the form ended at %s", end)
	}
	s.stop()
	s.wantRunning()
	release()
	s.wantStopped()
	a := g.app()
	defer a.Close()
	after, err := a.Store.Tokens(t.Context(), 1)
	if err != nil || after.RefreshToken == before.RefreshToken {
		t.Errorf("the renewed tokens were not stored: %v", err)
	}
}

// After SIGTERM, the desk accepts no new connections. It exits with status 0 once the
// results of all running requests are recorded.
func TestTermination(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	desk := g.serve()
	creating, renewing := g.visitor(demo.Priya), g.visitor(demo.Tomas)
	g.emulator.FailNext(createRoute, emulator.Failure{Status: 401, Code: "InvalidAuthenticationToken"})
	renewed := g.hold("POST /token")
	second := renewing.sendCreate(t.Context(), "INC2")
	eventually(t, "Graph refused the token", func() bool { return g.sent() == 1 })
	created := g.hold(createRoute)
	first := creating.sendCreate(t.Context(), "INC1")
	eventually(t, "Graph has the meeting", func() bool { return g.emulator.MeetingCount() == 1 })
	if err := desk.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "connections are refused", func() bool {
		conn, err := net.Dial("tcp", g.addr)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	created()
	renewed()
	for ticket, ended := range map[string]chan string{"INC1": first, "INC2": second} {
		if end := <-ended; !strings.HasPrefix(end, "303 See Other /meetings/") {
			t.Errorf("%s ended at %s", ticket, end)
		}
	}
	if status := desk.status(); status != command.OK {
		t.Errorf("the exit status is %d, want 0:\n%s", status, desk.errors)
	}
	g.wantMeetings(2)
}

// wantMeetings checks that meetings 1 to n are live in the stopped desk's database and that
// Microsoft has exactly n meetings.
func (g *ground) wantMeetings(n int) {
	g.t.Helper()
	a := g.app()
	defer a.Close()
	for id := int64(1); id <= int64(n); id++ {
		if m, err := a.Store.Meeting(g.t.Context(), id); err != nil || m.State != meeting.Live || m.JoinURL == "" {
			g.t.Errorf("meeting %d is %q, %v; want it live", id, m.State, err)
		}
	}
	if got := g.emulator.MeetingCount(); got != n {
		g.t.Errorf("Microsoft has %d meetings, want %d", got, n)
	}
}

// If Microsoft never answers, the desk exits within server.Grace of SIGTERM and leaves the
// meeting unfinished.
func TestTerminationWithoutAnAnswer(t *testing.T) {
	testenv.SkipUnlessLong(t)
	g := newGround(t)
	desk := g.serve()
	v := g.visitor(demo.Priya)
	release := g.hold(createRoute)
	defer release()
	v.sendCreate(t.Context(), "INC1")
	eventually(t, "Graph has the meeting", func() bool { return g.emulator.MeetingCount() == 1 })
	begun := time.Now()
	if status := desk.stop(syscall.SIGTERM); status != command.OK {
		t.Errorf("the exit status is %d, want 0:\n%s", status, desk.errors)
	}
	if took := time.Since(begun); took > server.Grace {
		t.Errorf("the shutdown took %v, want at most %v", took, server.Grace)
	}
	wantState(t, g, meeting.Unfinished)
}

// If a request outlasts the shutdown's grace period, its connection is closed. The
// shutdown still succeeds.
func TestShutdownBreaksRequestsOff(t *testing.T) {
	g := newGround(t)
	listener, err := net.Listen("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	httpServer := server.NewHTTPServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stop()
		<-r.Context().Done()
		close(ended)
	}), slog.New(slog.DiscardHandler))
	s := &served{t: t, done: make(chan error, 1)}
	go http.Get(g.site.String())
	go func() {
		err := server.ServeUntil(ctx, httpServer, listener, 50*time.Millisecond)
		if err == nil {
			<-ended
		}
		s.done <- err
	}()
	s.wantStopped()
}

func TestShutdownClosesUnusedConnections(t *testing.T) {
	g := newGround(t)
	listener, err := net.Listen("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	httpServer := server.NewHTTPServer(http.NotFoundHandler(), slog.New(slog.NewTextHandler(&log, nil)))
	ctx, stop := context.WithCancel(t.Context())
	s := &served{t: t, done: make(chan error, 1)}
	go func() { s.done <- server.ServeUntil(ctx, httpServer, listener, time.Second) }()
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if response, err := http.Get(g.site.String()); err == nil { // by now, the server has accepted conn
		response.Body.Close()
	}
	stop()
	s.wantStopped()
	if log.Len() > 0 {
		t.Errorf("the shutdown waited: %s", &log)
	}
}
