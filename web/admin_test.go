package web_test

import (
	"net/http"
	"testing"
	"time"

	"meetdesk/emulator"
)

// The overview counts the meetings and failures of the last two weeks, and the people who
// are signed in.
func TestOverview(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, b := s.visitor(alex), s.visitor(priya)
	a.get("/admin").want(200, "No meeting was recorded in the last 14 days.", "Nothing failed.", "2 people", "set MEETDESK_BACKUP_DIR")
	b.post("/meetings", s.form()).want(303)
	s.graph.FailNext(createRoute, emulator.Failure{Status: http.StatusBadRequest, Code: "BadRequest"})
	b.post("/meetings", s.form("external_id", "INC2")).want(303)
	p := a.get("/admin").want(200)
	if bars := p.doc.Find(".chart rect").Length(); bars != 14 {
		t.Errorf("%d bars", bars)
	}
	if last := p.doc.Find("details tbody tr:last-child td").Text(); last != "2" {
		t.Errorf("today has %q meetings in the table", last)
	}
	if failures := p.doc.Find(`section[aria-labelledby="failures"] tbody tr`).Length(); failures != 1 {
		t.Errorf("%d reasons in:\n%s", failures, p.text())
	}
	s.SetAhead(20 * 24 * time.Hour)
	s.visitor(alex).get("/admin").want(200, "No meeting was recorded", "Nothing failed.", "1 person")
}
