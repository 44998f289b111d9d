package main

import (
	"context"
	"database/sql"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/testenv"
)

// TestFullDiskAside tests writes to a full disk that do not come from a form: queued audit
// entries, renewed tokens and background work.
func TestFullDiskAside(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testBlockedAside(t, smallDisk(t), fillDisk)
}

func TestReadOnlyDiskAside(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testBlockedAside(t, fixedDisk(t), freeze)
}

func testBlockedAside(t *testing.T, dir string, block blockWrites) {
	g := newGroundIn(t, dir)
	desk := g.serve("MEETDESK_SCOPES=openid profile email offline_access User.Read User.ReadBasic.All OnlineMeetings.ReadWrite")
	people := map[string]*visitor{demo.Priya: g.visitor(demo.Priya), demo.Dana: g.visitor(demo.Dana), demo.Alex: g.visitor(demo.Alex)}
	if a := people[demo.Priya].send(http.MethodPost, paths.Meetings, meetingForm("INC1")); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.text)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	t.Run("queued audit", func(t *testing.T) { testQueuedAudit(t, g, db, people, block) })
	t.Run("token renewal", func(t *testing.T) { testBlockedRenewal(t, g, people, block) })
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the exit status is %d:\n%s", status, desk.errors)
	}
	t.Run("background", func(t *testing.T) { testBlockedBackground(t, g, db, block) })
}

// testQueuedAudit opens lists whose audit entries are queued. Once an entry cannot be
// written, the desk must show no more lists. The entries for the lists that it has already
// shown must not be lost.
func testQueuedAudit(t *testing.T, g *ground, db *sql.DB, people map[string]*visitor, block blockWrites) {
	count := func() (n int) {
		if err := db.QueryRow(`SELECT count(*) FROM audit WHERE action IN ('history.read', 'directory.read', 'audit.read', 'people.read')`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	list := func() answer {
		return people[demo.Dana].send(http.MethodGet, paths.With(paths.History, url.Values{"whose": {"all"}}), nil)
	}
	others := map[string]func() answer{
		"directory": func() answer {
			return people[demo.Priya].send(http.MethodPost, paths.People, url.Values{"q": {"tomas"}})
		},
		"audit":  func() answer { return people[demo.Alex].send(http.MethodGet, paths.Audit, nil) },
		"people": func() answer { return people[demo.Alex].send(http.MethodGet, paths.AdminPeople, nil) },
	}
	eventually(t, "the look-up for the form is recorded", func() bool { return count() == 1 })
	shown, before := 0, count()
	end := block(t, g.dir)
	eventually(t, "the list is refused", func() bool {
		time.Sleep(200 * time.Millisecond) // stays below the rate limit for lists
		a := list()
		if a.status == http.StatusOK {
			shown++
		} else if a.status != http.StatusServiceUnavailable {
			t.Errorf("%d %s", a.status, a.text)
		}
		return a.status != http.StatusOK
	})
	for name, ask := range others {
		if a := ask(); a.status != http.StatusServiceUnavailable || !strings.Contains(a.text, notRecorded) || shown == 0 {
			t.Errorf("after %d lists, the %s: %d %s", shown, name, a.status, a.text)
		}
	}
	if n := count(); n != before {
		t.Errorf("%d entries were written to the full disk", n-before)
	}
	end()
	if a := list(); a.status != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.status, a.text)
	}
	for name, ask := range others {
		if a := ask(); a.status != http.StatusOK {
			t.Errorf("afterwards, the %s: %d %s", name, a.status, a.text)
		}
	}
	wrote := 0
	for deadline := time.Now().Add(5 * time.Second); wrote != shown+1+len(others) && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		wrote = count() - before
	}
	if wrote != shown+1+len(others) {
		t.Errorf("%d entries for %d lists before the refusal, and %d others", wrote, shown, 1+len(others))
	}
}

// testBlockedRenewal makes Microsoft reject the access token while the disk is full. The
// desk keeps the new tokens until it can save them, because the provider may no longer
// accept the old ones. The meeting must still be created, and the person must stay
// signed in.
func testBlockedRenewal(t *testing.T, g *ground, people map[string]*visitor, block blockWrites) {
	hold, before := make(chan struct{}), g.creates()
	g.emulator.FailNext(createRoute, emulator.Failure{Status: http.StatusUnauthorized, Hold: hold})
	answered := people[demo.Priya].later(http.MethodPost, paths.Meetings, meetingForm("INC7"))
	eventually(t, "Graph received the request", func() bool { return g.creates() == before+1 })
	end := block(t, g.dir)
	close(hold)
	time.Sleep(time.Second) // long enough for the renewal
	if sent := g.creates() - before; sent != 1 {
		t.Errorf("%d requests reached Graph, want only the one that was held", sent)
	}
	end()
	a := diskRow{}.wait(t, answered)
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.text)
	}
	eventually(t, "the meeting is recorded", func() bool {
		return people[demo.Priya].send(http.MethodGet, paths.Meeting(2), nil).join != ""
	})
	// Microsoft rejects the token once more, so the saved refresh token must work.
	g.emulator.FailNext(createRoute, emulator.Failure{Status: http.StatusUnauthorized})
	if end := people[demo.Priya].finally(t, paths.Meetings, meetingForm("INC8")); end != paths.Meeting(3) {
		t.Errorf("after another renewal, the form ended at %s", end)
	}
}

// creates returns the number of createOrGet requests that have reached Graph.
func (g *ground) creates() (n int) {
	for _, r := range g.emulator.Requests() {
		if strings.HasSuffix(r.Path, "/createOrGet") {
			n++
		}
	}
	return n
}

// testBlockedBackground runs a purge, an erasure and an index update on a full disk. They
// must change nothing until there is space again, and must then be completed.
func testBlockedBackground(t *testing.T, g *ground, db *sql.DB, block blockWrites) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := store.Open(ctx, store.Options{Dir: g.dir, Keys: [][]byte{make([]byte, 32)}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	if _, err := db.Exec(`UPDATE meetings SET end_at = 1, updated_at = 1 WHERE id = 1; INSERT INTO index_queue VALUES (0, $1)`, int64(math.MaxInt64)); err != nil {
		t.Fatal(err)
	}
	if err := s.StartPurge(ctx, 1, meeting.Purge{MeetingsBefore: time.UnixMilli(1000)}); err != nil {
		t.Fatal(err)
	}
	if err := s.StartErase(ctx, 1, store.EraseRequest{Address: "dana@contoso.example"}, func(int64) string { return "Somebody" }); err != nil {
		t.Fatal(err)
	}
	end := block(t, g.dir)
	var failures [2]atomic.Int32
	running.Go(func() { s.KeepRetention(ctx, func(error) { failures[0].Add(1) }) })
	running.Go(func() { s.KeepIndex(ctx, 50*time.Millisecond, func(error) { failures[1].Add(1) }) })
	eventually(t, "both report the full disk", func() bool { return failures[0].Load() > 0 && failures[1].Load() > 1 })
	if n := failures[0].Load() + failures[1].Load(); n > 1000 {
		t.Errorf("%d failures: they try without a pause", n)
	}
	state := func() (meetings, queued, attends int) {
		const q = `SELECT (SELECT count(*) FROM meetings), (SELECT count(*) FROM index_queue), (SELECT count(*) FROM attendees WHERE upn = 'dana@contoso.example')`
		if err := db.QueryRow(q).Scan(&meetings, &queued, &attends); err != nil {
			t.Fatal(err)
		}
		return meetings, queued, attends
	}
	if meetings, queued, attends := state(); meetings != 3 || queued != 1 || attends == 0 {
		t.Errorf("on the full disk: %d meetings, %d in the queue, %d rows of the person", meetings, queued, attends)
	}
	end()
	running.Go(func() { // the first KeepRetention waits for a minute after a failure
		s.KeepRetention(ctx, func(err error) {
			if ctx.Err() == nil {
				t.Error(err)
			}
		})
	})
	eventually(t, "everything is done", func() bool {
		meetings, queued, attends := state()
		return meetings == 2 && queued == 0 && attends == 0
	})
}
