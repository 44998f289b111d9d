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
	"meetdesk/views"
)

// While another program locks the database, reads succeed, and each form eventually
// reports that nothing can be saved. No form creates or changes a meeting. After the lock
// is released, the desk records the result of an import row that Microsoft answered during
// the lock.
func TestLockedDatabase(t *testing.T) {
	testenv.SkipUnlessLong(t)
	g := newGround(t)
	join := g.madeElsewhere("INC30")
	desk := g.serve()
	v, admin := g.visitor(demo.Priya), g.visitor(demo.Alex)
	people := map[string]*visitor{demo.Priya: v, demo.Alex: admin}
	// The creates of meetings 1 and 2 fail, so that they can be dismissed and retried.
	for _, ticket := range []string{"INC10", "INC11"} {
		g.emulator.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
		v.send(http.MethodPost, paths.Meetings, meetingForm(ticket))
	}
	for _, ticket := range []string{"INC20", "INC21"} {
		v.send(http.MethodPost, paths.Imports, url.Values{"rows": {"Ticket\tSubject\tDate\tStart\tEnd\n" + ticket + "\tFirst\t2031-05-05\t10:00\t10:30"}, meeting.FieldTimeZone: {"UTC"}})
	}
	release, before := g.hold(createRoute), g.sent()
	if a := <-press(demo.Priya, paths.Import(2), "/check", url.Values{views.FieldAct: {"start"}})(g, people); a.to != paths.Import(2) {
		t.Fatalf("the start of import 2: %d %s %s", a.status, a.to, a.text)
	}
	eventually(t, "Graph received the row of import 2", func() bool { return g.sent() == before+1 })
	db, err := sql.Open("sqlite", filepath.Join(g.dir, store.FileName)+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	release() // Graph answers, but the row's result cannot be recorded while the database is locked
	check := func(act string) func(*ground, map[string]*visitor) chan answer {
		return press(demo.Priya, paths.Import(1), "/check", url.Values{views.FieldAct: {act}, views.RowField(1, meeting.FieldSubject): {"Corrected"}})
	}
	rows := []diskRow{
		{name: "create", send: post(demo.Priya, paths.Meetings, meetingForm("INC1")), keeps: url.Values{meeting.FieldExternalID: {"INC1"}}},
		{name: "note", send: post(demo.Priya, paths.Meeting(1)+"/note", url.Values{form.FieldNote: {"Called back"}}), keeps: url.Values{form.FieldNote: {"Called back"}}},
		{name: "dismiss", send: post(demo.Priya, "/attempts/1/dismiss", nil)},
		{name: "retry", send: press(demo.Priya, paths.Meeting(2), "/retry", nil)},
		{name: "adopt", send: post(demo.Priya, paths.AdoptMeeting, url.Values{meeting.FieldJoinURL: {join}}), keeps: url.Values{meeting.FieldJoinURL: {join}}},
		{name: "correct an import", send: check("check")},
		{name: "start an import", send: check("start")},
		{name: "pause an import", send: post(demo.Priya, paths.Import(2)+"/pause", nil)},
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
	if n := g.sent() - before; n != 3 { // the row of import 2, and two look-ups by the adoption
		t.Errorf("%d requests reached Graph, want 3", n)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if end := v.finally(t, paths.Meetings, meetingForm("INC1")); !strings.HasPrefix(end, paths.Meetings+"/") {
		t.Errorf("afterwards, the form ended at %s", end)
	}
	eventually(t, "the row of import 2 is recorded", func() bool {
		return strings.Contains(v.send(http.MethodGet, paths.Import(2), nil).text, "1 of 1 processed")
	})
	if n := g.emulator.MeetingCount(); n != 3 { // INC30, INC21 and INC1
		t.Errorf("Microsoft has %d meetings, want 3", n)
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the desk ended with %d:\n%s", status, desk.errors)
	}
}
