package main

import (
	"database/sql"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/form"
	"meetdesk/meeting"
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
	v, admin := g.visitor(demo.Priya), g.visitor(demo.Alex)
	g.emulator.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	v.send(http.MethodPost, paths.Meetings, meetingForm("INC0")) // meeting 1, whose attempt can be dismissed
	before := g.sent()
	db, err := sql.Open("sqlite", filepath.Join(g.dir, store.FileName)+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]*visitor{demo.Priya: v, demo.Alex: admin}
	rows := []diskRow{
		{name: "create", send: post(demo.Priya, paths.Meetings, meetingForm("INC1")), keeps: url.Values{meeting.FieldExternalID: {"INC1"}}},
		{name: "note", send: post(demo.Priya, paths.Meeting(1)+"/note", url.Values{form.FieldNote: {"Called back"}}), keeps: url.Values{form.FieldNote: {"Called back"}}},
		{name: "dismiss", send: post(demo.Priya, "/attempts/1/dismiss", nil)},
		{name: "preset", send: post(demo.Alex, paths.Presets, url.Values{meeting.FieldPresetName: {"Review"}}), keeps: url.Values{meeting.FieldPresetName: {"Review"}}},
		{name: "table", send: post(demo.Priya, paths.Imports, url.Values{"rows": {"Ticket\nINC12"}}), keeps: url.Values{"rows": {"Ticket\nINC12"}}},
	}
	var answers []chan answer
	for _, row := range rows {
		answers = append(answers, row.send(g, people))
	}
	if a := v.send(http.MethodGet, paths.History, nil); a.status != http.StatusOK {
		t.Errorf("the history: %d %s", a.status, a.text)
	}
	for i, row := range rows {
		a := row.wait(t, answers[i])
		for waiting := a.to; a.status == http.StatusSeeOther || a.status == http.StatusOK; time.Sleep(100 * time.Millisecond) {
			a = v.send(http.MethodGet, waiting, nil) // repeated until the desk stops waiting for the lock
		}
		if a.status != http.StatusServiceUnavailable || !strings.Contains(a.text, cannotSave) {
			t.Errorf("%s, with the database locked: %d %s", row.name, a.status, a.text)
		}
		row.wantKept(t, a)
	}
	if n := g.sent(); n != before {
		t.Errorf("%d requests reached Graph", n-before)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if end := v.finally(t, paths.Meetings, meetingForm("INC1")); end != paths.Meeting(2) {
		t.Errorf("afterwards, the form ended at %s", end)
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the desk ended with %d:\n%s", status, desk.errors)
	}
}
