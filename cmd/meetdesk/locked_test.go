package main

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/testenv"
)

// If another program locks the database for more than five seconds, the page says that
// nothing could be saved, and nothing is sent. Reading still works.
func TestLockedDatabase(t *testing.T) {
	testenv.SkipUnlessLong(t)
	g := newGround(t)
	desk := g.serve()
	v := g.visitor(demo.Priya)
	db, err := sql.Open("sqlite", filepath.Join(g.dir, store.FileName)+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	row := diskRow{name: "create", send: post(demo.Priya, paths.Meetings, meetingForm("INC1"))}
	people := map[string]*visitor{demo.Priya: v}
	answered := row.send(g, people)
	if a := v.send(http.MethodGet, paths.History, nil); a.status != http.StatusOK {
		t.Errorf("the history: %d %s", a.status, a.text)
	}
	a := row.wait(t, answered)
	for waiting := a.to; a.status == http.StatusSeeOther || a.status == http.StatusOK; time.Sleep(100 * time.Millisecond) {
		a = v.send(http.MethodGet, waiting, nil) // repeated until the desk stops waiting for the lock
	}
	if a.status != http.StatusServiceUnavailable || !strings.Contains(a.text, cannotSave) || g.sent() > 0 {
		t.Errorf("with the database locked: %d %s; %d requests reached Graph", a.status, a.text, g.sent())
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if end := v.finally(t, paths.Meetings, meetingForm("INC1")); end != paths.Meeting(1) {
		t.Errorf("afterwards, the form ended at %s", end)
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the desk ended with %d:\n%s", status, desk.errors)
	}
}
