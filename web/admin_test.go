package web_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/selfcheck"
	"meetdesk/store/postgrestest"
)

// The overview counts the meetings and failures from the last two weeks, and the people who
// are signed in.
func TestOverview(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, b := s.visitor(alex), s.visitor(priya)
	a.get("/admin").want(200, "No meeting was recorded in the last 14 days.", "Nothing failed.", "2 people", "Not compared with Microsoft’s since the start")
	b.post("/meetings", s.form()).want(303)
	s.graph.FailNext(createRoute, emulator.Failure{Status: http.StatusBadRequest, Code: "BadRequest"})
	b.post("/meetings", s.form("external_id", "INC2")).want(303)
	p := a.get("/admin").want(200, "Agrees with Microsoft’s")
	bars := p.doc.Find(`section[aria-labelledby="meetings"] .chart rect`).Map(func(_ int, bar *goquery.Selection) string { return bar.AttrOr("height", "") })
	if want := append(slices.Repeat([]string{"0"}, 13), "100"); !slices.Equal(bars, want) {
		t.Errorf("the bars have the heights %q, want %q", bars, want)
	}
	if last := p.doc.Find("details tbody tr:last-child td").Text(); last != "2" {
		t.Errorf("today has %q meetings in the table", last)
	}
	if failures := p.doc.Find(`section[aria-labelledby="failures"] tbody tr`).Length(); failures != 1 {
		t.Errorf("%d reasons in:\n%s", failures, p.text())
	}
	if bars := p.doc.Find(`section[aria-labelledby="failures"] tbody th svg rect[width="100"]`).Length(); bars != 1 {
		t.Errorf("%d bars for the most frequent reason", bars)
	}
	s.SetAhead(20 * 24 * time.Hour)
	s.visitor(alex).get("/admin").want(200, "No meeting was recorded", "Nothing failed.", "1 person")
}

// The overview counts the faults and warnings that the last check found, and lists them in
// full. It does not run a check.
func TestOverviewShowsLastCheck(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(settings *siteSettings) {
		settings.check = func(context.Context) []selfcheck.Line {
			t.Error("the overview runs a check")
			return nil
		}
	})
	a := s.visitor(alex)
	never := a.get("/admin").want(200, "Not checked since the start.")
	if never.doc.Find(`main a[href="/admin/check"]`).Length() < 2 {
		t.Error("no link to all results beside the tab")
	}
	if strings.Contains(never.text(), "Wrong:") {
		t.Errorf("numbers of faults before the first check:\n%s", never.text())
	}
	s.server.NoteCheck([]selfcheck.Line{
		{Name: "ticket", State: selfcheck.OK, Outcome: "any", Args: meeting.Args{"Pattern": "none"}},
		{Name: "backup", State: selfcheck.Warning, Outcome: "never", Args: meeting.Args{"Path": "/backups"}},
		{Name: "database", State: selfcheck.Wrong, Outcome: "damaged", Args: meeting.Args{"Path": "/meetdesk.db", "Error": "page 7"}},
		{Name: "folder", State: selfcheck.Unknown, Outcome: "other_user", Args: meeting.Args{"Path": "/data", "Owner": 1, "User": 2}},
	})
	p := a.get("/admin").want(200, "Wrong: 1. Warnings: 1. Not known: 1.", "Database: /meetdesk.db", "page 7", "restore a backup with meetdesk restore", "Daily backups: /backups")
	rows := p.doc.Find(`section[aria-labelledby="check"] tbody th`).Map(func(_ int, e *goquery.Selection) string { return e.Text() })
	if want := "Database: /meetdesk.db, Daily backups: /backups"; strings.Join(rows, ", ") != want {
		t.Errorf("the table has %q, want %q", rows, want)
	}
}

// The overview shows when the newest backup was made, or why that is not known.
func TestOverviewShowsLastBackup(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.visitor(alex)
	show := func(want string) {
		t.Helper()
		p := a.get("/admin").want(200, "Last backup")
		if got := strings.Join(strings.Fields(p.doc.Find(`dt:contains("Last backup") + dd`).Text()), " "); got != want {
			t.Errorf("the last backup is %q, want %q", got, want)
		}
	}
	if postgrestest.Wanted() {
		show("Not known: made by the PostgreSQL server, not by meetdesk")
		return
	}
	show("Not set up: set MEETDESK_BACKUP_DIR")
	last := func(at time.Time, err error) { s.server.LastBackup = func() (time.Time, error) { return at, err } }
	last(time.Time{}, errors.New("permission denied"))
	show("Not known: the backup folder cannot be read")
	last(time.Time{}, nil)
	show("None yet")
	at := s.Now().Add(-26*time.Hour - time.Minute)
	last(at, nil)
	show(at.Format("Mon 2 Jan 2006, 15:04") + " Too old")
	at = at.Add(2 * time.Minute)
	last(at, nil)
	show(at.Format("Mon 2 Jan 2006, 15:04"))
}
