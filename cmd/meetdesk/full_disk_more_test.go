package main

import (
	"database/sql"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/testenv"
	"meetdesk/views"
)

// press returns a function that opens the page and submits the form whose action ends
// with the given text. The values in changes replace those in the form.
func press(who, page, action string, changes url.Values) func(*ground, map[string]*visitor) chan answer {
	return func(g *ground, people map[string]*visitor) chan answer {
		to, fields := people[who].formOn(g.t, page, action)
		for name, values := range changes {
			fields[name] = values
		}
		return people[who].later(http.MethodPost, to, fields)
	}
}

// importDiskRows returns the requests for actions on import 1. Each request leaves the
// import in a state that allows the next action.
func importDiskRows() []diskRow {
	corrected := url.Values{views.RowField(1, meeting.FieldSubject): {"Corrected"}}
	check := func(act string) func(*ground, map[string]*visitor) chan answer {
		changes := maps.Clone(corrected)
		changes.Set(views.FieldAct, act)
		return press(demo.Priya, paths.Import(1), "/check", changes)
	}
	own := func(act string) func(*ground, map[string]*visitor) chan answer {
		return post(demo.Priya, paths.Import(1)+act, nil)
	}
	return []diskRow{
		{name: "correct a row", send: check("check"), status: 503, says: cannotSave, keeps: corrected, after: 303},
		{name: "start", send: check("start"), status: 503, says: cannotSave, keeps: corrected, after: 303},
		{name: "pause", send: own("/pause"), status: 503, says: cannotSave, after: 303},
		{name: "resume", send: own("/resume"), status: 503, says: cannotSave, after: 303},
		{name: "pause somebody else's", send: post(demo.Alex, paths.AdminPauseImport(1), nil), status: 503, says: cannotSave, after: 303},
		{name: "retry the rows", send: own("/retry"), status: 503, says: cannotSave, after: 303},
		{name: "pause again", send: own("/pause"), status: 503, says: cannotSave, after: 303},
		{name: "cancel somebody else's", send: post(demo.Alex, paths.AdminCancelImport(1), nil), status: 503, says: cannotSave, after: 303},
	}
}

// moreDiskRows returns the requests for testBlockedWritesLater. The parameter join is the
// join link of the meeting to adopt.
func moreDiskRows(join string) []diskRow {
	adopt := post(demo.Priya, paths.AdoptMeeting, url.Values{meeting.FieldJoinURL: {join}})
	preset := func(changes url.Values) func(*ground, map[string]*visitor) chan answer {
		return press(demo.Alex, paths.Preset(1), paths.Submit(paths.Preset(1)), changes)
	}
	return []diskRow{
		{name: "retry", send: press(demo.Priya, paths.Meeting(3), "/retry", nil), status: 503, says: cannotSave, after: 303},
		{name: "dismiss", send: press(demo.Priya, paths.Meeting(4), "/dismiss", nil), status: 503, says: cannotSave, after: 303},
		{name: "put back", send: press(demo.Priya, paths.Meeting(1), "/put-back", nil), status: 503, says: cannotSave, after: 303},
		{name: "adopt", send: adopt, status: 503, says: "Nothing was saved.", keeps: url.Values{meeting.FieldJoinURL: {join}}, after: 303, asked: 2},
		{name: "change a preset", send: preset(url.Values{meeting.FieldPresetName: {"Another name"}}), status: 503, says: cannotSave, keeps: url.Values{meeting.FieldPresetName: {"Another name"}}, after: 303},
		{name: "remove a preset", send: press(demo.Alex, paths.Preset(1), "/remove", nil), status: 503, says: cannotSave, after: 303},
		{name: "end one's other session", send: press(demo.Priya, paths.Sessions, paths.EndSession, nil), status: 503, says: cannotSave, after: 303},
		{name: "audit of a ticket", send: get(demo.Tomas, paths.Ticket("INC2")), status: 503, says: "Não é possível registrar", after: 200},
		{name: "audit of the audit", send: get(demo.Alex, paths.AuditCSV), status: 503, says: notRecorded, after: 200},
		{name: "export of a person", send: post(demo.Alex, paths.RetentionExport, url.Values{"address": {demo.Tomas}}), status: 503, says: notRecorded, after: 200},
		{name: "records of a person", send: get(demo.Alex, paths.PersonRecords(2)), status: 503, says: notRecorded, after: 200},
		{name: "sign out at the provider", send: frontChannel, status: 503, says: cannotSave, after: 200},
	}
}

// frontChannel sends the request with which the provider ends Tomás's session. The request
// has no cookies.
func frontChannel(g *ground, _ map[string]*visitor) chan answer {
	db, err := sql.Open("sqlite", filepath.Join(g.dir, store.FileName)+"?mode=ro")
	if err != nil {
		g.t.Fatal(err)
	}
	defer db.Close()
	var sid string
	if err := db.QueryRow(`SELECT sid FROM sessions JOIN users u ON u.id = user_id WHERE u.upn = $1`, demo.Tomas).Scan(&sid); err != nil {
		g.t.Fatal(err)
	}
	return newVisitor(g.site).later(http.MethodGet, paths.With(paths.FrontChannelLogout, url.Values{"sid": {sid}}), nil)
}

// madeElsewhere creates a meeting with another desk and returns the meeting's join link.
func (g *ground) madeElsewhere(ticket string) (join string) {
	g.t.Helper()
	elsewhere := g.serve("MEETDESK_DATA=" + g.t.TempDir())
	v := g.visitor(demo.Priya)
	if end := v.finally(g.t, paths.Meetings, meetingForm(ticket)); end != paths.Meeting(1) {
		g.t.Fatalf("the form ended at %s", end)
	}
	join = v.send(http.MethodGet, paths.Meeting(1), nil).join
	if status := elsewhere.stop(terminate); status != command.OK || join == "" {
		g.t.Fatalf("status %d, join link %q", status, join)
	}
	return join
}

// TestFullDiskLater is like TestFullDisk, but for requests that need existing meetings,
// presets or sessions.
func TestFullDiskLater(t *testing.T) {
	testenv.SkipIfShort(t)
	testBlockedWritesLater(t, smallDisk(t), fillDisk)
}

func TestReadOnlyDiskLater(t *testing.T) {
	testenv.SkipIfShort(t)
	testBlockedWritesLater(t, fixedDisk(t), freeze)
}

func testBlockedWritesLater(t *testing.T, dir string, block blockWrites) {
	g := newGroundIn(t, dir)
	join := g.madeElsewhere("INC30")
	desk := g.serve()
	people := make(map[string]*visitor)
	for _, upn := range []string{demo.Priya, demo.Tomas, demo.Alex, demo.Priya} { // Priya signs in twice
		people[upn] = g.visitor(upn)
	}
	for _, ticket := range []string{"INC1", "INC2", "INC3", "INC4"} {
		if ticket > "INC2" {
			g.emulator.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
		}
		if a := people[demo.Priya].send(http.MethodPost, paths.Meetings, meetingForm(ticket)); a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", ticket, a.status, a.text)
		}
	}
	<-changed(meeting.FieldSubject, "Another")(g, people)
	people[demo.Alex].send(http.MethodPost, paths.Presets, url.Values{meeting.FieldPresetName: {"Review"}})
	for _, row := range moreDiskRows(join) {
		t.Run(row.name, func(t *testing.T) {
			g.t = t
			row.run(g, people, block)
		})
	}
	g.t = t
	if a := people[demo.Tomas].send(http.MethodGet, paths.Sessions, nil); a.asked.URL.Path == paths.Sessions {
		t.Error("the sign-out at the provider ended no session")
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the exit status is %d:\n%s", status, desk.errors)
	}
	if n := g.emulator.MeetingCount(); n != 4 { // INC1, INC2, INC3 and INC30
		t.Errorf("Microsoft has %d meetings, want 4", n)
	}
}

// TestFullDiskDuringAnImport pauses, resumes and cancels an import on a full disk while
// its only row waits for Microsoft. The import must eventually record the meeting that
// Microsoft created.
func TestFullDiskDuringAnImport(t *testing.T) {
	testenv.SkipIfShort(t)
	testBlockedImport(t, smallDisk(t), fillDisk)
}

func TestReadOnlyDiskDuringAnImport(t *testing.T) {
	testenv.SkipIfShort(t)
	testBlockedImport(t, fixedDisk(t), freeze)
}

func testBlockedImport(t *testing.T, dir string, block blockWrites) {
	g := newGroundIn(t, dir)
	desk := g.serve()
	people := map[string]*visitor{demo.Priya: g.visitor(demo.Priya), demo.Alex: g.visitor(demo.Alex)}
	table := url.Values{"rows": {"Ticket\tSubject\tDate\tStart\tEnd\nINC20\tFirst\t2031-05-05\t10:00\t10:30"}, meeting.FieldTimeZone: {"UTC"}}
	if a := people[demo.Priya].send(http.MethodPost, paths.Imports, table); a.to != paths.Import(1) {
		t.Fatalf("the upload: %d %s %s", a.status, a.to, a.text)
	}
	release := g.hold(createRoute)
	for _, row := range importDiskRows() {
		t.Run(row.name, func(t *testing.T) {
			g.t = t
			row.run(g, people, block)
		})
		if row.name == "start" {
			eventually(t, "Graph received the row", func() bool { return g.sent() == 1 })
		}
	}
	release()
	g.t = t
	eventually(t, "the row is recorded", func() bool {
		a := people[demo.Priya].send(http.MethodGet, paths.Import(1), nil)
		return strings.Contains(a.text, "Cancelled") && strings.Contains(a.text, "1 of 1 processed")
	})
	if a := people[demo.Priya].send(http.MethodGet, paths.Meeting(1), nil); a.join == "" || !strings.Contains(a.text, "Corrected") {
		t.Errorf("the meeting's page: %d %s", a.status, a.text)
	}
	if n := g.emulator.MeetingCount(); n != 1 {
		t.Errorf("Microsoft has %d meetings, want 1", n)
	}
	testBlockedCancel(t, g, people, block)
	people[demo.Alex].send(http.MethodPost, paths.HandOverMeeting(1), url.Values{meeting.FieldExternalID: {"INC20"}})
	people[demo.Alex].send(http.MethodPost, paths.Presets, url.Values{meeting.FieldPresetName: {"Review"}})
	testReads(t, g, people, block)
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the exit status is %d:\n%s", status, desk.errors)
	}
}

func testBlockedCancel(t *testing.T, g *ground, people map[string]*visitor, block blockWrites) {
	table := url.Values{"rows": {"Ticket\tSubject\tDate\tStart\tEnd\nINC21\tSecond\t2031-05-06\t10:00\t10:30"}, meeting.FieldTimeZone: {"UTC"}}
	if a := people[demo.Priya].send(http.MethodPost, paths.Imports, table); a.to != paths.Import(2) {
		t.Fatalf("the upload: %d %s %s", a.status, a.to, a.text)
	}
	release, before := g.hold(createRoute), g.sent()
	<-press(demo.Priya, paths.Import(2), "/check", url.Values{views.FieldAct: {"start"}})(g, people)
	eventually(t, "Graph received the row", func() bool { return g.sent() == before+1 })
	row := diskRow{name: "cancel", send: post(demo.Priya, paths.CancelImport(2), nil), status: 503, says: cannotSave, after: 303}
	row.run(g, people, block)
	release()
	eventually(t, "the row is recorded", func() bool {
		a := people[demo.Priya].send(http.MethodGet, paths.Import(2), nil)
		return strings.Contains(a.text, "Cancelled") && strings.Contains(a.text, "1 of 1 processed")
	})
}
