package main

import (
	"bufio"
	"database/sql"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/testenv"
	"meetdesk/views"
)

// A shutdown waits until the result of a pending import row is recorded. It closes event
// streams without waiting for the browsers.
func TestShutdownDuringAnImport(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	g := newGround(t)
	desk := g.serve()
	v := g.visitor(demo.Priya)
	v.send(http.MethodPost, paths.Imports, url.Values{"rows": {"Ticket\tSubject\tDate\tStart\tEnd\nINC1\tFirst\t2031-05-05\t10:00\t10:30"}, meeting.FieldTimeZone: {"UTC"}})
	release := g.hold(createRoute)
	<-press(demo.Priya, paths.Import(1), "/check", url.Values{views.FieldAct: {"start"}})(g, map[string]*visitor{demo.Priya: v})
	eventually(t, "Graph received the row", func() bool { return g.sent() == 1 })
	stream, err := v.Client.Get(g.site.String() + paths.Import(1) + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	events := bufio.NewReader(stream.Body)
	if _, err := events.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := desk.cmd.Process.Signal(terminate); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, events); err != nil {
		t.Errorf("the stream ended with %v", err)
	}
	release()
	if status := desk.status(); status != command.OK || strings.Contains(desk.errors.String(), "broken off") || strings.Contains(desk.errors.String(), "level=ERROR") {
		t.Errorf("status %d:\n%s", status, desk.errors)
	}
	db, err := sql.Open("sqlite", filepath.Join(g.dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var state string
	if err := db.QueryRow(`SELECT state FROM import_rows`).Scan(&state); err != nil || state != string(meeting.RowCreated) {
		t.Errorf("the row is %q, %v", state, err)
	}
}
