package web_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestNewsIsShownOnce checks that an outcome is announced only once and only to the person
// who made the attempt.
func TestNewsIsShownOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.post("/meetings", s.form()).want(200, "Created")
	done := p.url.RequestURI()
	isOver := func(who *browser, path string) {
		t.Helper()
		p := who.get(path).want(200)
		if text := p.doc.Find(".banner").Text(); text != "" {
			t.Errorf("%s still has the news %q", path, text)
		}
		if !strings.Contains(p.doc.Find(".facts").Text(), "Created") {
			t.Errorf("%s does not say who created it", path)
		}
	}
	isOver(b, done)
	isOver(b, p.url.Path)
	b.post("/meetings/1/refresh", nil).want(200, "Refreshed: nothing has changed")
	isOver(b, done)            // not the newest attempt
	unread := s.visitor(priya) // does not follow redirects, so the outcome is not shown
	unread.post("/meetings/1/refresh", nil).want(303)
	isOver(s.signIn(dana), "/meetings/1?done=3")
	s.SetAhead(6 * time.Minute)
	isOver(b, "/meetings/1?done=3") // the attempt is too old
	s.SetAhead(0)
	b.get("/meetings/1?done=3").want(200, "Refreshed: nothing has changed")
}

func TestSentMark(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Nobody was told")
	p := b.post("/meetings/1/sent", url.Values{"sent_to": {"Dana <script>"}}).want(200, "Sent by Priya Nair", "Dana <script>")
	if strings.Contains(p.text(), "Nobody was told") {
		t.Error("it still says that nobody was told")
	}
	help := s.signIn(dana)
	if h := help.get("/meetings/1").want(200, "Sent by Priya Nair"); h.doc.Find(`form[action$="/take-back"]`).Length() != 0 {
		t.Error("the help desk may take back somebody else's mark")
	}
	back := p.doc.Find(`form[action$="/take-back"] [name=note_id]`).AttrOr("value", "")
	help.post("/meetings/1/take-back", url.Values{"note_id": {back}}).want(403)
	b.post("/meetings/1/take-back", url.Values{"note_id": {back}}).want(200, "Nobody was told")
}

func TestNoteOnMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	help := s.signIn(dana)
	help.post("/meetings/1/note", url.Values{"note_text": {"reported as not working"}}).want(200, "reported as not working", "Dana Whitfield")
	b.get("/meetings/1").want(200, "reported as not working", "Dana Whitfield")
	long := strings.Repeat("y", 501)
	p := help.post("/meetings/1/note", url.Values{"note_text": {long}}).want(422, "Shorten this to 500 characters.")
	if got := p.doc.Find("[name=note_text]").AttrOr("value", ""); got != long {
		t.Errorf("the form has lost the text: %q", got)
	}
	help.post("/meetings/1/note", url.Values{"note_text": {" "}}).want(422, "Write a note first.")
}

// After a change, the page shows the old and new values and a button that restores the old
// values.
func TestPutBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	b.change("/meetings/1", "Renamed")
	p := b.get("/meetings/1").want(200, "What changed")
	if text := p.doc.Find("#replaced table").Text(); !strings.Contains(text, "Printer on fire") || !strings.Contains(text, "Renamed") {
		t.Errorf("the table has %q", text)
	}
	back := p.doc.Find(`form[action="/meetings/1/put-back"]`)
	base := back.Find("[name=base_reply]").AttrOr("value", "")
	b.post("/meetings/1/put-back", url.Values{"base_reply": {base}}).want(200, "Changed")
	if m := newest(t, s, "INC0012345"); m.Subject != "Printer on fire" {
		t.Errorf("the subject is %q", m.Subject)
	}
	b.post("/meetings/1/refresh", nil).want(200)
	b.post("/meetings/1/put-back", url.Values{"base_reply": {base}}).want(409, "Not put back")
}
