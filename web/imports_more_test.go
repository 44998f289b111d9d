package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// TestSwitchKeepsPastedRows checks that a language switch keeps pasted rows and their time
// zone, even if the rows are too long for a cookie.
func TestSwitchKeepsPastedRows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, rows := range []string{"Ticket\tSubject\nINC1\t<b>Um & dois", "Ticket\n" + strings.Repeat("INC0000001\n", 1999)} {
		b.post("/preferences", url.Values{"language": {"en"}}).want(200)
		values := switchFields(b.get("/imports/new").want(200), "language", "pt-BR")
		values.Set("rows", rows)
		values.Set("time_zone", "Asia/Kolkata")
		p := b.post("/preferences", values).want(200, "Criar várias reuniões").wantLanguage("pt-BR")
		if got := formFields(p.doc.Find("form#form")); lines(got, "rows") != strings.TrimSpace(rows) || got.Get("time_zone") != "Asia/Kolkata" {
			t.Errorf("after the switch, the page has %.80q in %s", got.Get("rows"), got.Get("time_zone"))
		}
	}
}

// TestInvitationsOfAnImport checks that the printable page contains each invitation once,
// and that other users cannot view it.
func TestInvitationsOfAnImport(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.runImports()
	b := s.signIn(priya)
	p := b.checked(b.paste(append(rowsFor(s, 3), rowsFor(s, 1)[1])...).want(200), "start", nil).want(200)
	where := b.waitForImport(p.url.Path, meeting.ImportDone).url.Path + "/invitations"
	for _, path := range []string{where, where + "?pages=each"} {
		sheets := b.get(path).want(200, "3 invitations").doc.Find("article")
		for i := range 3 {
			if text := sheets.Eq(i).Text(); !strings.Contains(text, fmt.Sprintf("Ticket number: BULK%04d", i)) || !strings.Contains(text, "Passcode") {
				t.Errorf("%s: sheet %d is %q", path, i+1, text)
			}
		}
		if n := sheets.Length(); n != 3 {
			t.Errorf("%s has %d sheets", path, n)
		}
	}
	for _, upn := range []string{tomas, dana, alex} {
		s.signIn(upn).get(where).want(404)
	}
	b.get(b.paste("Ticket", "INC1").url.Path + "/invitations").want(404)
}

// TestImportListsHavePages checks that the pages list each import once. The administrators'
// first page also lists the open imports that are older than its other imports.
func TestImportListsHavePages(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, admin := s.signIn(priya), s.signIn(alex)
	for range 103 {
		s.addImport(priya)
	}
	execute(t, s, `UPDATE imports SET state = 'paused' WHERE id IN (1, 2, 103)`)
	for list, b := range map[string]*browser{"/imports": b, "/admin/imports": admin} {
		rows, pages := 0, 0
		for next := list; next != ""; pages++ {
			p := b.get(next).want(200)
			rows += p.doc.Find("main tbody tr").Length()
			next = p.doc.Find(`main a[href*="?before="]`).AttrOr("href", "")
		}
		if rows != 103 || pages != 3 {
			t.Errorf("%s has %d imports on %d pages, want 103 on 3", list, rows, pages)
		}
	}
}

// TestLongImport checks that the page of a long import lists only some rows and says so. The
// downloaded result contains all rows.
func TestLongImport(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	const rows = 450
	s := newSite(t)
	b := s.signIn(priya)
	p := b.checked(b.paste(rowsFor(s, rows)...).want(200), "start", nil).want(200)
	execute(t, s, `UPDATE import_rows SET state = 'failed', reason = 'reason.forbidden' WHERE position % 2 = 0`)
	p = b.get(p.url.Path).want(200, "Rows that failed", "50 further rows are not listed. The result file has all rows.")
	if n := p.doc.Find("main tbody tr").Length(); n != 400 {
		t.Errorf("the page lists %d rows, want 200 that failed and 200 others", n)
	}
	if n := strings.Count(b.get(p.url.Path+"/result.csv").want(200).body, "BULK"); n != rows {
		t.Errorf("the result has %d rows, want %d", n, rows)
	}
}

// TestResultAfterRetention checks that outcomes stay in their column after retention has
// removed other cells of the row.
func TestResultAfterRetention(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.runImports()
	b := s.signIn(priya)
	p := b.checked(b.paste("Ticket\tDate\tStart\tMinutes\tStudent", "BULK1\t"+day(s, 1)+"\t10:00\t30\t0007", "BULK2\t"+day(s, 1)+"\t10:00\t30\t0008").want(200), "start", nil).want(200)
	p = b.waitForImport(p.url.Path, meeting.ImportDone)
	execute(t, s, `DELETE FROM import_extras WHERE position = 1`)
	file := b.get(p.url.Path + "/result.csv").want(200).body
	lines := strings.Split(strings.TrimSpace(file), "\r\n")
	for i, student := range []string{"", "0008"} {
		cells := strings.Split(lines[1+i], ";")
		if len(cells) == 1 {
			cells = strings.Split(lines[1+i], ",")
		}
		at := slices.Index(cells, "Created")
		if at < 1 || strings.Trim(cells[at-1], `"'`) != student {
			t.Errorf("row %d of the result is %q, want %q before the outcome", i+1, lines[1+i], student)
		}
	}
}

// watched starts an import but does not process its rows. It returns the owner's browser,
// the import's path, and the response that streams its events.
func watched(t *testing.T) (b *browser, path string, events *http.Response) {
	s := newSite(t)
	b = s.signIn(priya)
	b.client.Timeout = 40 * time.Second
	path = b.checked(b.paste(rowsFor(s, 1)...).want(200), "start", nil).want(200).url.Path
	events, err := b.client.Get(b.url + path + "/events")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { events.Body.Close() })
	return b, path, events
}

// The event stream of an import shows within seconds that the import was paused.
func TestEventsFollowTheImport(t *testing.T) {
	t.Parallel()
	b, path, events := watched(t)
	b.post(path+"/pause", nil).want(200)
	if text, err := io.ReadAll(events.Body); err != nil || !strings.Contains(string(text), `data-state="paused"`) {
		t.Errorf("%v; the events are\n%s", err, text)
	}
}

// After a pause or a cancellation, the event stream continues until all rows that were
// already sent have ended. Browsers without JavaScript keep reloading the page until then.
// Afterwards, the page shows the final state and counts.
func TestEventsWaitForRowsInFlight(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for act, want := range map[string]string{"Pause": "Completed", "Cancel the import": "Cancelled"} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			b := s.signIn(priya)
			hold := make(chan struct{})
			s.graph.FailNext(createRoute, emulator.Failure{Hold: hold, Apply: true})
			path := b.checked(b.paste(rowsFor(s, 1)...).want(200), "start", nil).want(200).url.Path
			s.runImports()
			for n := ""; n != "1"; time.Sleep(10 * time.Millisecond) {
				n = readColumn(t, s, `SELECT count(*) FROM import_rows WHERE state = 'running'`)
			}
			p := b.press(b.get(path), act).want(200, "1 row was already sent to Microsoft.", "Remaining1")
			if n := p.doc.Find(`noscript meta[http-equiv="refresh"], script[src*="import"]`).Length(); n == 0 {
				t.Error("the page does not update itself")
			}
			events, err := b.client.Get(b.url + path + "/events")
			if err != nil {
				t.Fatal(err)
			}
			defer events.Body.Close()
			time.AfterFunc(1500*time.Millisecond, func() { close(hold) })
			text, err := io.ReadAll(events.Body)
			if last := string(text[max(0, bytes.LastIndex(text, []byte("data: <section"))):]); err != nil || strings.Contains(last, "already sent") || !strings.Contains(last, "1 of 1 processed") {
				t.Errorf("%v; the last event is\n%s", err, last)
			}
			p = b.get(path).want(200, want, "Created1", "Remaining0")
			if n := p.doc.Find(`noscript meta, script[src*="import"]`).Length(); n != 0 {
				t.Error("the page still updates itself")
			}
		})
	}
}

// An event stream ends after a while, even if the import is still running.
func TestEventsEnd(t *testing.T) {
	t.Parallel()
	testenv.SkipUnlessLong(t)
	_, _, events := watched(t)
	began := time.Now()
	_, err := io.ReadAll(events.Body)
	if took := time.Since(began); err != nil || took < 20*time.Second {
		t.Errorf("%v after %v, want the end after about 25 seconds", err, took)
	}
}
