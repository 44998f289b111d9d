package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/testenv"
)

// diskRow describes a request and the result expected while the desk cannot write.
type diskRow struct {
	name string
	// hold is the route whose response the emulator delays until writes fail. If hold is
	// empty, writes fail before the request is sent.
	hold string
	send func(*ground, map[string]*visitor) chan answer

	status   int
	says     string     // text that the page must contain
	joinLink bool       // whether the page must contain the meeting's join link
	keeps    url.Values // the user input that the form must still contain
	after    int        // the status if the request is repeated once writes succeed again
	asked    int        // the number of requests to Graph before writes succeed again
}

func post(who, path string, fields url.Values) func(*ground, map[string]*visitor) chan answer {
	return func(_ *ground, people map[string]*visitor) chan answer {
		return people[who].later(http.MethodPost, path, fields)
	}
}

func get(who, path string) func(*ground, map[string]*visitor) chan answer {
	return func(_ *ground, people map[string]*visitor) chan answer {
		return people[who].later(http.MethodGet, path, nil)
	}
}

func changed(field, value string) func(*ground, map[string]*visitor) chan answer {
	return func(g *ground, people map[string]*visitor) chan answer {
		fields := people[demo.Priya].changeForm(g.t, paths.Meeting(1))
		fields.Set(field, value)
		return people[demo.Priya].later(http.MethodPost, paths.Meeting(1)+"/update", fields)
	}
}

// Titles of the pages that say that an action or an audit entry cannot be saved.
const (
	cannotSave  = "meetdesk cannot save anything now"
	notRecorded = "This cannot be recorded now"
)

func diskRows() []diskRow {
	const patch = "PATCH /me/onlineMeetings/{id}"
	signIn := func(g *ground, _ map[string]*visitor) chan answer {
		return newVisitor(g.site).later(http.MethodGet, demo.SignInPath(demo.Priya), nil)
	}
	return []diskRow{
		{name: "sign in", send: signIn, status: 503, says: cannotSave, after: 200},
		{name: "create", send: post(demo.Priya, paths.Meetings, meetingForm("INC9")), status: 503, says: cannotSave, keeps: url.Values{meeting.FieldExternalID: {"INC9"}}, after: 303},
		{name: "create, after Microsoft answered", hold: createRoute, send: post(demo.Priya, paths.Meetings, meetingForm("INC10")), status: 500, says: "Done, but not recorded", joinLink: true, after: 303, asked: 1},
		{name: "change", send: changed(meeting.FieldSubject, "Another"), status: 503, says: cannotSave, keeps: url.Values{meeting.FieldSubject: {"Another"}}, after: 303},
		{name: "change, after Microsoft answered", hold: patch, send: changed(meeting.FieldSubject, "A third"), status: 500, says: "Done, but not recorded", joinLink: true, after: 303, asked: 2},
		{name: "option", send: changed(string(meeting.OptionLobby), "everyone"), status: 503, says: cannotSave, keeps: url.Values{string(meeting.OptionLobby): {"everyone"}}, after: 303},
		{name: "option, after Microsoft answered", hold: patch, send: changed(string(meeting.OptionLobby), "invited"), status: 500, says: "Done, but not recorded", joinLink: true, after: 303, asked: 2},
		{name: "refresh", send: post(demo.Priya, paths.Meeting(1)+"/refresh", nil), status: 503, says: cannotSave, after: 303},
		{name: "refresh, after Microsoft answered", hold: "GET /me/onlineMeetings/{id}", send: post(demo.Priya, paths.Meeting(1)+"/refresh", nil), status: 500, says: "Done, but not recorded", joinLink: true, after: 303, asked: 1},
		{name: "hand-over", send: post(demo.Tomas, paths.Meeting(1)+"/hand-over", url.Values{meeting.FieldExternalID: {"INC1"}}), status: 503, keeps: url.Values{meeting.FieldExternalID: {"INC1"}}, says: "não consegue salvar nada agora", after: 303},
		{name: "end access", send: post(demo.Priya, paths.Meeting(1)+"/end-access", url.Values{form.FieldPerson: {"2"}}), status: 503, says: cannotSave, after: 303},
		{name: "give access back", send: post(demo.Priya, paths.Meeting(1)+"/give-access", url.Values{form.FieldPerson: {"2"}}), status: 503, says: cannotSave, after: 303},
		{name: "upload a table", send: post(demo.Priya, paths.Imports, url.Values{"rows": {"Ticket\nINC12"}}), status: 503, says: cannotSave, keeps: url.Values{"rows": {"Ticket\nINC12"}}, after: 303},
		{name: "remove an upload", send: post(demo.Priya, paths.Import(1)+"/remove", nil), status: 503, says: cannotSave, after: 303},
		{name: "purge", send: post(demo.Alex, paths.Retention+"/purge", url.Values{"confirmed": {"1"}, "meetings_before": {"2001-01-01T00:00:00Z"}}), status: 503, says: cannotSave, after: 303},
		{name: "erasure", send: post(demo.Alex, paths.Retention+"/erase", url.Values{"address": {"zoe@fabrikam.example"}, "confirm": {"zoe@fabrikam.example"}}), status: 503, says: cannotSave, keeps: url.Values{"address": {"zoe@fabrikam.example"}}, after: 303},
		{name: "retention rule", send: post(demo.Alex, paths.Retention+"/rule", url.Values{"rule_meetings": {"60"}}), status: 503, says: cannotSave, keeps: url.Values{"rule_meetings": {"60"}}, after: 303},
		{name: "audit of an export", send: get(demo.Dana, paths.History+".csv"), status: 503, says: notRecorded, after: 200},
		{name: "audit of a check", send: post(demo.Alex, paths.Check, nil), status: 503, says: notRecorded, after: 303},
		{name: "audit of a workbook", send: get(demo.Dana, paths.HistoryXLSX), status: 503, says: notRecorded, after: 200},
		{name: "audit of a calendar file", send: get(demo.Dana, paths.MeetingCalendar(1)), status: 503, says: notRecorded, after: 200},
		{name: "audit of a QR code", send: get(demo.Dana, paths.MeetingQR(1)), status: 503, says: notRecorded, after: 200},
		{name: "guard card", send: post(demo.Tomas, paths.MeetingGuard, url.Values{meeting.FieldExternalID: {"INC2"}}), status: 503, says: "Não é possível registrar", after: 200},
		{name: "audit of a person to find in the audit", send: post(demo.Alex, paths.Audit, url.Values{"who": {demo.Tomas}}), status: 503, says: notRecorded, after: 303},
		{name: "audit of the audit as JSON", send: get(demo.Alex, paths.AuditJSONL), status: 503, says: notRecorded, after: 200},
		{name: "audit of a person", send: get(demo.Alex, paths.AdminPerson(2)), status: 503, says: notRecorded, after: 200},
		{name: "audit of the imports", send: get(demo.Alex, paths.AdminImports), status: 503, says: notRecorded, after: 200},
		{name: "audit of a person to erase", send: post(demo.Alex, paths.RetentionPerson, url.Values{"who": {demo.Tomas}}), status: 503, says: notRecorded, after: 200},
		{name: "note", send: post(demo.Priya, paths.Meeting(1)+"/note", url.Values{form.FieldNote: {"Called back"}}), status: 503, says: cannotSave, joinLink: true, keeps: url.Values{form.FieldNote: {"Called back"}}, after: 303},
		{name: "sent mark", send: post(demo.Priya, paths.Meeting(1)+"/sent", nil), status: 503, says: cannotSave, after: 303},
		{name: "take back a note", send: post(demo.Priya, paths.Meeting(1)+"/take-back", url.Values{form.FieldNoteID: {"1"}}), status: 503, says: cannotSave, after: 303},
		{name: "preset", send: post(demo.Alex, paths.Presets, url.Values{meeting.FieldPresetName: {"Review"}}), status: 503, says: cannotSave, keeps: url.Values{meeting.FieldPresetName: {"Review"}}, after: 303},
		{name: "audit of a look", send: get(demo.Dana, paths.Meeting(1)), status: 503, says: notRecorded, after: 200},
		{name: "language", send: post(demo.Priya, paths.Preferences, url.Values{"language": {"en"}}), status: 503, says: cannotSave, after: 303},
		{name: "draft of a form without a session", send: func(g *ground, _ map[string]*visitor) chan answer {
			return newVisitor(g.site).later(http.MethodPost, paths.Meetings, meetingForm("INC11"))
		}, status: 401, says: "Sign in", after: 401},
		{name: "read one's own meeting", send: get(demo.Priya, paths.Meeting(1)), status: 200, says: "INC1", joinLink: true, after: 200},
		{name: "search", send: get(demo.Priya, paths.History+"?q=laptop"), status: 200, says: "INC1", after: 200},
		{name: "remove", send: post(demo.Priya, paths.Meeting(1)+"/remove", nil), status: 503, says: cannotSave, after: 303},
		{name: "remove, after Microsoft answered", hold: "DELETE /me/onlineMeetings/{id}", send: post(demo.Priya, paths.Meeting(2)+"/remove", nil), status: 500, says: "Removed, but not recorded", after: 303, asked: 2},
		{name: "sign somebody out", send: post(demo.Alex, paths.AdminPerson(3)+"/sign-out", url.Values{"session": {"3"}}), status: 503, says: cannotSave, after: 303},
		{name: "sign out", send: post(demo.Tomas, paths.Logout, nil), status: 503, says: "não consegue salvar nada agora", after: 200},
	}
}

// TestFullDisk tries many kinds of writes on a full disk. The desk must send nothing to
// Microsoft that it has not recorded. If Microsoft has already created the meeting, the
// page must show its join link. Once there is space again, a repeated request must succeed.
func TestFullDisk(t *testing.T) {
	testenv.SkipIfShort(t)
	testBlockedWrites(t, smallDisk(t), fillDisk)
}

func TestReadOnlyDisk(t *testing.T) {
	testenv.SkipIfShort(t)
	testBlockedWrites(t, fixedDisk(t), freeze)
}

func testBlockedWrites(t *testing.T, dir string, block blockWrites) {
	g := newGroundIn(t, dir)
	desk := g.serve()
	people := make(map[string]*visitor)
	for _, upn := range []string{demo.Priya, demo.Tomas, demo.Dana, demo.Alex} {
		people[upn] = g.visitor(upn)
	}
	for _, a := range []answer{
		people[demo.Priya].send(http.MethodPost, paths.Meetings, meetingForm("INC1")),
		people[demo.Priya].send(http.MethodPost, paths.Meetings, meetingForm("INC2")),
		people[demo.Priya].send(http.MethodPost, paths.Meeting(1)+"/note", url.Values{form.FieldNote: {"A first call"}}),
	} {
		if a.status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.status, a.text)
		}
	}
	for _, row := range diskRows() {
		t.Run(row.name, func(t *testing.T) {
			g.t = t
			row.run(g, people, block)
		})
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the exit status is %d:\n%s", status, desk.errors)
	}
	defer g.serve().stop(terminate)
	unrecorded := people[demo.Priya].send(http.MethodGet, paths.Meeting(4), nil) // the meeting for INC10
	people[demo.Priya].send(http.MethodPost, unrecorded.retry, nil)
	if a := people[demo.Priya].send(http.MethodGet, paths.Meeting(4), nil); a.join == "" || a.retry != "" {
		t.Errorf("the meeting that could not be recorded is still unfinished:\n%s", a.text)
	}
	if n := g.emulator.MeetingCount(); n != 2 { // INC9 and INC10; the others were removed
		t.Errorf("Microsoft has %d meetings, want 2", n)
	}
	for _, wrong := range []string{"panic", "level=ERROR msg=\"leave"} {
		if strings.Contains(desk.errors.String(), wrong) {
			t.Errorf("the log has %q:\n%s", wrong, desk.errors)
		}
	}
}

func (row diskRow) run(g *ground, people map[string]*visitor, block blockWrites) {
	t := g.t
	before := g.sent()
	var answered chan answer
	var end func()
	if row.hold == "" {
		end = block(t, g.dir)
		answered = row.send(g, people)
	} else {
		release := g.hold(row.hold)
		answered = row.send(g, people)
		eventually(t, "Graph received the request", func() bool { return g.sent() == before+row.asked })
		end = block(t, g.dir)
		release()
	}
	a := row.wait(t, answered)
	if a.status != row.status || !strings.Contains(a.text, row.says) || row.joinLink != (a.join != "") {
		t.Errorf("status %d, join link %q, want %d with a link: %v, and %q:\n%s", a.status, a.join, row.status, row.joinLink, row.says, a.text)
	}
	if row.asked > 0 && strings.Contains(a.text, "Nothing was sent to Microsoft") {
		t.Errorf("%d requests reached Graph, but the page says:\n%s", row.asked, a.text)
	}
	row.wantRoute(t, a.asked)
	row.wantKept(t, a)
	if sent := g.sent() - before; sent != row.asked {
		t.Errorf("%d requests reached Graph, want %d", sent, row.asked)
	}
	end()
	if a := row.wait(t, row.send(g, people)); a.status != row.after {
		t.Errorf("afterwards: status %d %s, want %d:\n%s", a.status, a.to, row.after, a.text)
	}
}

func (row diskRow) wantKept(t *testing.T, a answer) {
	t.Helper()
	for field, typed := range row.keeps {
		if !slices.Equal(a.fields[field], typed) {
			t.Errorf("%s: the form has %s %q, want %q", row.name, field, a.fields[field], typed)
		}
	}
}

func (row diskRow) wait(t *testing.T, answered chan answer) answer {
	t.Helper()
	select {
	case a := <-answered:
		return a
	case <-time.After(2 * time.Minute):
		t.Fatal("no answer")
		return answer{}
	}
}
