package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/testenv"
)

// endlessAttendees makes every query of the attendees table run until it is stopped. A
// search for words reads that table. A list without search words does not.
const endlessAttendees = `ALTER TABLE attendees RENAME TO renamed_attendees;
	CREATE VIEW attendees AS SELECT * FROM renamed_attendees
	WHERE (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n) > 0`

// Searches that one person abandons do not delay another person's history.
func TestAbandonedSearches(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, d := s.signIn(priya), s.signIn(dana)
	b.post("/meetings", s.form()).want(200)
	inDatabase(t, s, endlessAttendees)
	var wait sync.WaitGroup
	for range 60 {
		wait.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/history?q=whitfield&list=1", nil)
			if response, err := d.client.Do(r); err == nil && response.StatusCode != http.StatusTooManyRequests { // one person may have only 50 requests running at once
				response.Body.Close()
				t.Errorf("an endless search returned status %d", response.StatusCode)
			}
		})
	}
	b.client.Timeout = 3 * time.Second // shorter than the time limit of a search
	b.get("/history").want(200, "INC0012345")
	wait.Wait()
	b.get("/history").want(200, "INC0012345")
	d.get("/history").want(200, "INC0012345")
	if log := s.Log.String(); strings.Contains(log, "level=ERROR") || !strings.Contains(log, "status=499") {
		t.Errorf("the log is\n%s", log)
	}
}

// A person can run at most two searches at the same time. A search that takes too long is
// stopped with an error page.
func TestTwoSearchesAtOnce(t *testing.T) {
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t)
	b, d := s.signIn(priya), s.signIn(dana)
	b.post("/meetings", s.form()).want(200)
	inDatabase(t, s, endlessAttendees)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			if p := d.get("/history?q=whitfield&list=1"); p.status != 503 || !strings.Contains(p.text(), "This list takes too long") || p.header.Get("Retry-After") == "" {
				t.Errorf("an endless search returned status %d:\n%s", p.status, p.text())
			}
		})
	}
	p := d.get("/history")
	for end := time.Now().Add(5 * time.Second); p.status == 200 && time.Now().Before(end); p = d.get("/history") { // until both endless searches run
		time.Sleep(50 * time.Millisecond)
	}
	p.want(429, "Two searches are running")
	b.get("/history").want(200) // the searches run for two more seconds
	if p.header.Get("Retry-After") == "" {
		t.Error("the page that refuses a search has no Retry-After")
	}
	wait.Wait()
	d.get("/history").want(200)
}

// A person can run at most two exports at the same time. If a client stops reading, its
// exports time out.
func TestTwoExportsAtOnce(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, func(s *siteSettings) { s.stall = 3 * time.Second })
	insertMeetings(t, s, 3_300, 8_000)
	d, other := s.signIn(dana), s.signIn(alex)
	stalled := []*http.Response{d.startDownload("/history.csv"), d.startDownload("/history.csv")}
	p := d.get("/history.csv").want(429, "Two downloads are running")
	if p.header.Get("Retry-After") == "" {
		t.Error("the page that refuses an export has no Retry-After")
	}
	other.get("/history.csv?q=nothing").want(200)
	eventually(t, "both exports are broken off", func() bool { return strings.Count(s.Log.String(), "export broken off") == 2 })
	d.get("/history.csv?q=nothing").want(200)
	if _, err := io.ReadAll(stalled[0].Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the stalled export ends with %v, want an unexpected EOF", err)
	}
}

// A person can watch at most four imports at the same time. The response to a fifth
// request names that limit.
func TestFourStreamsAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t) // the import does not run, so its event stream stays open
	b := s.signIn(priya)
	path := b.checked(b.paste(rowsFor(s, 1)...).want(200), "start", nil).want(200).url.Path + "/events"
	for range 4 {
		watch, err := b.client.Get(b.url + path)
		if err != nil {
			t.Fatal(err)
		}
		defer watch.Body.Close()
		if _, err := io.ReadFull(watch.Body, make([]byte, len("data:"))); err != nil || watch.StatusCode != 200 {
			t.Fatalf("status %d, %v", watch.StatusCode, err)
		}
	}
	if p := b.get(path).want(429, "Four imports are open"); p.header.Get("Retry-After") != "30" {
		t.Errorf("Retry-After is %q", p.header.Get("Retry-After"))
	}
}

// The response to a HEAD request for an export has the file's headers. No meeting is read,
// so nothing is audited.
func TestHeadOfAnExport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.signIn(dana)
	inDatabase(t, s, `ALTER TABLE meetings RENAME TO renamed_meetings`)
	for _, path := range []string{"/history.csv", "/history.xlsx?q=printer"} {
		r, _ := http.NewRequest(http.MethodHead, s.url+path, nil)
		p := d.do(r).want(200)
		if !strings.HasPrefix(p.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: the headers are %v", path, p.header)
		}
	}
	if lines := audit(t, s); len(lines) != 0 {
		t.Errorf("the audit log has %q", lines)
	}
}

// While the maximum number of requests is running, the site answers further requests with
// 503 and Retry-After. Requests without a session can take up only half of the maximum, and
// those of one person or one address only a quarter. The health check always works.
func TestBusySite(t *testing.T) {
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t, withScopes(basicScope), func(s *siteSettings) {
		s.requests, s.trusted = 8, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	b, other, third := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	refused := func(p *page, status int, text string) {
		t.Helper()
		p.want(status, text)
		wantStrict(t, p)
		if p.header.Get("Retry-After") == "" {
			t.Error("the page has no Retry-After")
		}
	}
	from := func(address string) *page {
		r, _ := http.NewRequest(http.MethodGet, s.url+"/auth/signed-out", nil)
		r.Header.Set("X-Forwarded-For", address)
		return s.visitor("").do(r)
	}
	var wait sync.WaitGroup
	var uploads []io.Closer
	stall := func(b *browser, address string) {
		for range 2 {
			body, upload := io.Pipe()
			r, _ := http.NewRequest(http.MethodPost, s.url+"/meetings", body)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Forwarded-For", address)
			r.ContentLength = 2000
			wait.Go(func() {
				if response, err := b.client.Do(r); err == nil {
					response.Body.Close()
				}
			})
			t.Cleanup(func() { upload.Close() }) // the site closes only after its requests have ended
			if _, err := io.WriteString(upload, "subject=x"); err != nil {
				t.Fatal(err)
			}
			uploads = append(uploads, upload)
		}
	}
	stall(s.visitor(""), "192.0.2.1")
	eventually(t, "one address has taken its share", func() bool { return from("192.0.2.1").status == 429 })
	refused(from("192.0.2.1"), 429, "Too many requests came from your network")
	from("192.0.2.2").want(200)
	stall(s.visitor(""), "192.0.2.2")
	eventually(t, "strangers have taken their half", func() bool { return from("192.0.2.3").status == 503 })
	refused(from("192.0.2.3"), 503, "meetdesk is busy")
	b.get("/").want(200)
	eventually(t, "one person has taken their share", func() bool {
		stall(b, "192.0.2.4") // repeatedly, because the page request below may have taken the last place before the second upload
		return b.get("/").status == 429
	})
	refused(b.get("/"), 429, "You did this many times in a short time")
	stall(b, "192.0.2.4") // the site reads these requests before it refuses them
	other.get("/").want(200)
	stall(other, "192.0.2.4")
	eventually(t, "all are taken", func() bool { return third.get("/").status == 503 })
	refused(third.get("/"), 503, "meetdesk is busy")
	third.get("/healthz").want(200, "ok")
	for _, upload := range uploads {
		upload.Close()
	}
	wait.Wait()
	eventually(t, "the places are free again", func() bool { return b.get("/").status == 200 && from("192.0.2.1").status == 200 })
}

// Waiting requests without a session do not take capacity from people who are signed in. If
// a form does not arrive in time, its sender gets an error page even if the site is busy.
func TestStrangersWaitOutside(t *testing.T) {
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t, func(s *siteSettings) {
		s.requests, s.trusted = 4, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	b := s.signIn(priya)
	front := httptest.NewUnstartedServer(s.server)
	front.Config.ReadTimeout = 3 * time.Second
	front.Start()
	defer front.Close()
	var conns []net.Conn
	for i := range 12 {
		conn, err := net.Dial("tcp", front.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /meetings HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.%d\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000\r\n\r\nsubject=x", i)
		conns = append(conns, conn)
	}
	for began := time.Now(); time.Since(began) < 2*time.Second; {
		b.get("/").want(200)
	}
	statuses := make(map[int]int)
	for _, conn := range conns {
		conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		statuses[response.StatusCode]++
	}
	if statuses[408] != 2 || statuses[503] != 10 {
		t.Errorf("responses by status: %v, want 408 for two and 503 for the others", statuses)
	}
}
