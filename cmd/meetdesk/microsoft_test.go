package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/paths"
	"meetdesk/testenv"
)

// unreliable is a proxy between the desk and the emulator. A test can make it interfere
// with requests and responses.
type unreliable struct {
	next   http.Handler
	broken atomic.Pointer[func(http.ResponseWriter, *http.Request) bool] // returns false to pass the request to next
}

func (u *unreliable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f := u.broken.Load(); f != nil && (*f)(w, r) {
		return
	}
	u.next.ServeHTTP(w, r)
}

func (u *unreliable) set(f func(http.ResponseWriter, *http.Request) bool) { u.broken.Store(&f) }
func (u *unreliable) mend()                                               { u.broken.Store(nil) }

func hijack(w http.ResponseWriter) *net.TCPConn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	return conn.(*net.TCPConn)
}

func hangUp(w http.ResponseWriter, _ *http.Request) bool {
	hijack(w).Close()
	return true
}

// graphFault describes a missing or faulty response from Graph. If applied is set, the
// emulator executes the request first, and the do callback receives the emulator's response.
type graphFault struct {
	name    string
	applied bool
	do      func(w http.ResponseWriter, r *http.Request, response *httptest.ResponseRecorder)
	says    string // text that the meeting's page must contain
}

func graphFaults() []graphFault {
	const noAnswer = "Microsoft did not reply in time, or the connection broke off."
	raw := func(conn *net.TCPConn, length int, body []byte) {
		io.WriteString(conn, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nrequest-id: 1f0e6cf3-7f2a-4f6c-9f65-0a5f4f0f7a11\r\nContent-Length: "+strconv.Itoa(length)+"\r\n\r\n")
		conn.Write(body)
	}
	return []graphFault{
		{name: "DOWN", says: noAnswer, do: func(w http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) { hangUp(w, r) }},
		{name: "RESET", applied: true, says: noAnswer, do: func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
			conn := hijack(w)
			conn.SetLinger(0)
			conn.Close()
		}},
		{name: "HANG", applied: true, says: noAnswer, do: func(_ http.ResponseWriter, r *http.Request, _ *httptest.ResponseRecorder) { <-r.Context().Done() }},
		{name: "HEADERS", applied: true, says: noAnswer, do: func(w http.ResponseWriter, _ *http.Request, response *httptest.ResponseRecorder) {
			conn := hijack(w)
			defer conn.Close()
			raw(conn, response.Body.Len(), nil)
			io.Copy(io.Discard, conn) // waits until the desk closes the connection
		}},
		{name: "HALF", applied: true, says: noAnswer, do: func(w http.ResponseWriter, _ *http.Request, response *httptest.ResponseRecorder) {
			conn := hijack(w)
			defer conn.Close()
			raw(conn, response.Body.Len(), response.Body.Bytes()[:response.Body.Len()/2])
		}},
		{name: "LONG", applied: true, says: noAnswer, do: func(w http.ResponseWriter, _ *http.Request, response *httptest.ResponseRecorder) {
			conn := hijack(w)
			defer conn.Close()
			raw(conn, response.Body.Len()+100, response.Body.Bytes())
		}},
		{name: "SHORT", applied: true, says: "Microsoft’s reply could not be understood.", do: func(w http.ResponseWriter, _ *http.Request, response *httptest.ResponseRecorder) {
			conn := hijack(w)
			defer conn.Close()
			raw(conn, response.Body.Len()-100, response.Body.Bytes())
		}},
	}
}

// If Graph's response to a create is missing or incomplete, the meeting's page says so.
// Retrying does not create a second meeting.
func TestGraphSendsHalf(t *testing.T) {
	testenv.SkipUnlessLong(t)
	g := newGround(t)
	desk := g.serve()
	v := g.visitor(demo.Priya)
	faults := graphFaults()
	g.broken.set(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/createOrGet") {
			return false
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		for _, f := range faults {
			if !bytes.Contains(body, []byte(`"`+f.name+`-1"`)) {
				continue
			}
			response := httptest.NewRecorder()
			if f.applied {
				g.emulator.ServeHTTP(response, r)
			}
			f.do(w, r, response)
			return true
		}
		return false
	})
	var all sync.WaitGroup
	pages := make([]string, len(faults))
	for i, f := range faults {
		all.Go(func() { pages[i] = v.finally(t, paths.Meetings, meetingForm(f.name+"-1")) })
	}
	all.Wait()
	g.broken.mend()
	for i, f := range faults {
		a := v.send(http.MethodGet, pages[i], nil)
		if !strings.Contains(a.text, "Not confirmed") || !strings.Contains(a.text, f.says) || a.retry == "" {
			t.Errorf("%s: want it not confirmed, and %q:\n%s", f.name, f.says, a.text)
			continue
		}
		if a = v.send(http.MethodGet, v.finally(t, a.retry, nil), nil); a.join == "" || a.retry != "" {
			t.Errorf("%s: finishing it did not help:\n%s", f.name, a.text)
		}
	}
	if n := g.emulator.MeetingCount(); n != len(faults) {
		t.Errorf("Microsoft has %d meetings, want %d", n, len(faults))
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the desk ended with %d:\n%s", status, desk.errors)
	}
}

// finally submits a form, reloads the waiting page until the result is available, and
// returns the path of the last page. If a request fails, the test fails and the result is
// the path of the home page.
func (v *visitor) finally(t *testing.T, path string, fields url.Values) string {
	end, err := v.Do(t.Context(), http.MethodPost, path, fields)
	for deadline := time.Now().Add(time.Minute); err == nil && strings.HasPrefix(end.Path, "/waiting/"); time.Sleep(100 * time.Millisecond) {
		if end, err = v.Do(t.Context(), http.MethodGet, end.Path, nil); time.Now().After(deadline) {
			t.Errorf("%s is still waiting", path)
			break
		}
	}
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return paths.Home
	}
	return end.Path
}

// While the provider is down, the desk can start, and signed-in users can keep working.
// Sign-in works again once the provider responds.
func TestProviderDown(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	g := newGround(t)
	provider := func(w http.ResponseWriter, r *http.Request) bool {
		return !strings.HasPrefix(r.URL.Path, "/v1.0/") && hangUp(w, r)
	}
	g.broken.set(provider)
	desk := g.serve()
	signIn := func() answer { return newVisitor(g.site).send(http.MethodGet, demo.SignInPath(demo.Priya), nil) }
	isHome := func(a answer) bool { return a.status == http.StatusOK && strings.Contains(a.text, "New meeting") }
	if a := signIn(); a.status != http.StatusServiceUnavailable || !strings.Contains(a.text, "sign-in") {
		t.Errorf("down at the start: %d %s", a.status, a.text)
	}
	g.broken.mend()
	eventually(t, "sign-in works", func() bool {
		time.Sleep(100 * time.Millisecond) // stays below the rate limit for sign-ins
		return isHome(signIn())
	})
	v := g.visitor(demo.Priya)
	g.broken.set(func(w http.ResponseWriter, r *http.Request) bool {
		return strings.HasSuffix(r.URL.Path, "/token") && hangUp(w, r)
	})
	if a := signIn(); a.status != http.StatusServiceUnavailable || !strings.Contains(a.text, "sign-in") {
		t.Errorf("down later: %d %s", a.status, a.text)
	}
	if a := v.send(http.MethodPost, paths.Meetings, meetingForm("INC1")); a.status != http.StatusSeeOther {
		t.Errorf("somebody who is signed in: %d %s", a.status, a.text)
	}
	g.broken.mend()
	if a := signIn(); !isHome(a) {
		t.Errorf("up again: %d %s", a.status, a.text)
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the desk ended with %d:\n%s", status, desk.errors)
	}
}
