package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/testenv"
)

// endlessAttendees makes queries that read attendees run until they are stopped. A search
// for words reads attendees. A list without search words does not.
const endlessAttendees = `ALTER TABLE attendees RENAME TO renamed_attendees;
	CREATE VIEW attendees AS SELECT * FROM renamed_attendees
	WHERE (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n) > 0`

// Sixty searches that one person abandons do not delay another person's history.
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
			if response, err := d.client.Do(r); err == nil {
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

// A person can run at most two searches at the same time. A search that takes too long ends,
// and the page says so.
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
	time.Sleep(time.Second) // the searches run for five seconds
	wait.Go(func() { b.get("/history").want(200) })
	p := d.get("/history").want(429, "Two searches are running")
	if p.header.Get("Retry-After") == "" {
		t.Error("the page that refuses a search has no Retry-After")
	}
	wait.Wait()
	d.get("/history").want(200)
}

// A person can run at most two exports at the same time. If a client stops reading, its
// exports end after a while.
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

// A person can watch at most four imports at the same time. The response to a fifth request
// names that limit, because the site itself is not busy.
func TestFourStreamsAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t) // nothing runs the import, so its events do not end
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

// If the maximum number of requests is running, the site answers further ones with 503 and
// Retry-After. Requests without a session can take up only half of the maximum. The health
// check always works.
func TestBusySite(t *testing.T) {
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t, withScopes(basicScope), func(s *siteSettings) { s.requests = 4 })
	b, strangers := s.signIn(priya), s.visitor("")
	busy := func(p *page) {
		t.Helper()
		p.want(503, "meetdesk is busy")
		wantStrict(t, p)
		if p.header.Get("Retry-After") == "" {
			t.Error("the page has no Retry-After")
		}
	}
	var wait sync.WaitGroup
	stall := func(cookies http.CookieJar) io.Closer {
		body, upload := io.Pipe()
		r, _ := http.NewRequest(http.MethodPost, s.url+"/meetings", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		wait.Go(func() {
			if response, err := (&http.Client{Jar: cookies}).Do(r); err == nil {
				response.Body.Close()
			}
		})
		t.Cleanup(func() { upload.Close() }) // the site closes only after its requests have ended
		if _, err := io.WriteString(upload, "subject=x"); err != nil {
			t.Fatal(err)
		}
		return upload
	}
	var uploads []io.Closer
	for range 2 {
		uploads = append(uploads, stall(nil))
	}
	eventually(t, "strangers have taken their half", func() bool { return strangers.get("/auth/signed-out").status == 503 })
	busy(strangers.get("/auth/signed-out"))
	b.get("/").want(200)
	for range 2 {
		uploads = append(uploads, stall(b.client.Jar))
	}
	eventually(t, "all are taken", func() bool { return b.get("/").status == 503 })
	busy(b.get("/"))
	strangers.get("/healthz").want(200, "ok")
	for _, upload := range uploads {
		upload.Close()
	}
	wait.Wait()
	b.get("/").want(200)
}
