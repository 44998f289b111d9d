package main

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

const noDatabase = "meetdesk could not reach its database."

func (g *ground) onPostgres(address string) {
	g.settings = slices.DeleteFunc(g.settings, func(s string) bool { return strings.HasPrefix(s, "MEETDESK_DATA=") })
	g.settings = append(g.settings, "MEETDESK_DATABASE="+address)
}

// statusOf requests a page without signing in. It returns the status and the body of the
// response, or 0 and the error text.
func (g *ground) statusOf(path string) (int, string) {
	r, err := http.Get(g.site.String() + path)
	if err != nil {
		return 0, err.Error()
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, err.Error()
	}
	return r.StatusCode, string(body)
}

func goneRows() []diskRow {
	const patch = "PATCH /me/onlineMeetings/{id}"
	return []diskRow{
		{name: "create, after Microsoft answered", hold: createRoute, send: post(demo.Priya, paths.Meetings, meetingForm("INC10")), status: 500, says: "Done, but not recorded", joinLink: true, after: 303, asked: 1},
		{name: "change, after Microsoft answered", hold: patch, send: changed(meeting.FieldSubject, "A third"), status: 500, says: "Done, but not recorded", joinLink: true, after: 303, asked: 2},
		{name: "remove, after Microsoft answered", hold: "DELETE /me/onlineMeetings/{id}", send: post(demo.Priya, paths.Meeting(2)+"/remove", nil), status: 500, says: "Removed, but not recorded", after: 303, asked: 2},
	}
}

// unavailableRows returns requests that reach the desk while the database server is down.
func unavailableRows() []diskRow {
	return []diskRow{
		{name: "home", send: get(demo.Priya, paths.Home)},
		{name: "one's own meeting", send: get(demo.Priya, paths.Meeting(1))},
		{name: "search", send: get(demo.Priya, paths.History+"?q=laptop")},
		{name: "create", send: post(demo.Priya, paths.Meetings, meetingForm("INC9"))},
		{name: "note", send: post(demo.Priya, paths.Meeting(1)+"/note", url.Values{form.FieldNote: {"Called back"}})},
		{name: "sign in", send: func(g *ground, _ map[string]*visitor) chan answer {
			return newVisitor(g.site).later(http.MethodGet, demo.SignInPath(demo.Dana), nil)
		}},
	}
}

// While the database server is down, each page reports the failure, and the desk sends
// nothing to Microsoft. If Microsoft has already created the meeting, the page shows its
// join link. Once the server is back, the desk works again without a restart.
func TestDatabaseServerGone(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	server := postgrestest.NewServer(t)
	g := newGround(t)
	g.onPostgres(server.Address)
	desk := g.serve()
	people := map[string]*visitor{demo.Priya: g.visitor(demo.Priya)}
	for _, ticket := range []string{"INC1", "INC2"} {
		if a := people[demo.Priya].send(http.MethodPost, paths.Meetings, meetingForm(ticket)); a.status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.status, a.text)
		}
	}
	d := databaseGone{t, g, server, people}
	for _, row := range goneRows() {
		d.duringRequest(row)
	}
	d.wantUnavailable()
	d.wantSettled()
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the exit status is %d:\n%s", status, desk.errors)
	}
	if strings.Contains(desk.errors.String(), "panic") {
		t.Errorf("the log has a panic:\n%s", desk.errors)
	}
}

// databaseGone crashes and restarts the database server of a desk.
type databaseGone struct {
	*testing.T
	g      *ground
	server *postgrestest.Server
	people map[string]*visitor
}

func (d databaseGone) crash() {
	d.Helper()
	if err := d.server.Crash(d.Context()); err != nil {
		d.Fatal(err)
	}
}

func (d databaseGone) restart() {
	d.Helper()
	if err := d.server.Restart(d.Context()); err != nil {
		d.Fatal(err)
	}
	eventually(d.T, "the desk is ready again", func() bool {
		status, _ := d.g.statusOf(paths.Ready)
		return status == http.StatusOK
	})
}

// duringRequest crashes the database server while the request waits for Microsoft. It
// repeats the request once the server is back.
func (d databaseGone) duringRequest(row diskRow) {
	d.Helper()
	before, release := d.g.sent(), d.g.hold(row.hold)
	answered := row.send(d.g, d.people)
	eventually(d.T, row.name+": Graph received the request", func() bool { return d.g.sent() == before+row.asked })
	d.crash()
	release()
	a := row.wait(d.T, answered)
	if a.status != row.status || !strings.Contains(a.text, row.says) || row.joinLink != (a.join != "") {
		d.Errorf("%s: status %d, join link %q, want %d with a link: %v, and %q:\n%s", row.name, a.status, a.join, row.status, row.joinLink, row.says, a.text)
	}
	d.restart()
	if a := row.wait(d.T, row.send(d.g, d.people)); a.status != row.after {
		d.Errorf("%s: after the return: status %d %s, want %d:\n%s", row.name, a.status, a.to, row.after, a.text)
	}
}

func (d databaseGone) wantUnavailable() {
	d.Helper()
	d.crash()
	before := d.g.sent()
	for _, row := range unavailableRows() {
		a := row.wait(d.T, row.send(d.g, d.people))
		if a.status != http.StatusServiceUnavailable || !strings.Contains(a.text, noDatabase) {
			d.Errorf("%s: %d, want 503 and %q:\n%s", row.name, a.status, noDatabase, a.text)
		}
	}
	if sent := d.g.sent() - before; sent != 0 {
		d.Errorf("%d requests reached Graph without a database", sent)
	}
	eventually(d.T, "/readyz fails because of the database", func() bool {
		status, says := d.g.statusOf(paths.Ready)
		return status == http.StatusServiceUnavailable && strings.Contains(says, "database failed")
	})
	if status, says := d.g.statusOf(paths.Health); status != http.StatusOK {
		d.Errorf("/healthz: %d %s", status, says)
	}
	d.restart()
	for _, row := range unavailableRows() {
		if a := row.wait(d.T, row.send(d.g, d.people)); a.status != http.StatusOK && a.status != http.StatusSeeOther {
			d.Errorf("%s, after the return: %d\n%s", row.name, a.status, a.text)
		}
	}
}

// wantSettled completes the unrecorded create. It then checks the meeting pages and the
// number of meetings at Microsoft.
func (d databaseGone) wantSettled() {
	d.Helper()
	priya := d.people[demo.Priya]
	// The page offers a retry only if the attempt is too old to still be running.
	d.server.Exec(d, `UPDATE attempts SET updated_at = updated_at - 60000 WHERE state = 'pending'`)
	unrecorded := priya.send(http.MethodGet, paths.Meeting(3), nil) // the meeting for INC10
	if unrecorded.retry != "" {
		priya.send(http.MethodPost, unrecorded.retry, nil)
	}
	for path, says := range map[string]string{paths.Meeting(1): "A third", paths.Meeting(3): "INC10"} {
		if a := priya.send(http.MethodGet, path, nil); a.join == "" || a.retry != "" || !strings.Contains(a.text, says) {
			d.Errorf("%s is not settled, or does not have %q:\n%s", path, says, a.text)
		}
	}
	if n := d.g.emulator.MeetingCount(); n != 3 { // INC1, INC10 and INC9; INC2 was removed
		d.Errorf("Microsoft has %d meetings, want 3", n)
	}
}
