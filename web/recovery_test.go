package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

func TestRecovery(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	t.Run("cancelled sign-in", func(t *testing.T) {
		s := newSite(t)
		b := s.browser()
		start := b.get("/auth/login").want(200)
		cancel := start.doc.Find(`button:contains("Cancel")`)
		form := cancel.Closest("form")
		values := url.Values{cancel.AttrOr("name", ""): {cancel.AttrOr("value", "")}}
		for _, input := range form.Find("input").EachIter() {
			values.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
		}
		action, err := start.url.Parse(form.AttrOr("action", ""))
		if err != nil {
			t.Fatal(err)
		}
		p := s.postTo(b, action, values).want(403)
		if p.doc.Find(`a[href^="/auth/login"]`).Length() == 0 {
			t.Errorf("the page has no link to sign in:\n%s", p.text())
		}
	})
	t.Run("refused meeting is corrected", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		s.graph.FailNext(createRoute, emulator.Failure{Status: 400, Code: "BadRequest"})
		p := b.post("/meetings", s.form()).want(200, "Edit and send again")
		form := fields(b.press(p, "Edit and send again").want(200))
		for name, want := range s.form() {
			if got := strings.TrimSpace(form.Get(name)); got != want[0] {
				t.Errorf("%s is %q, want %q as typed", name, got, want[0])
			}
		}
	})
	t.Run("form sent after the session ended", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		where := b.post("/meetings", s.form()).want(200).url.Path
		change := fields(b.get(where + "/edit").want(200))
		change.Set("subject", "Typed before lunch")
		s.SetAhead(13 * 60 * 60e9)
		for path, form := range map[string]url.Values{"/meetings": s.form("subject", "Typed before lunch"), where + "/update": change} {
			visitor := s.browser()
			p := s.pick(visitor, visitor.get(signInLink(visitor.post(path, form).want(401))), priya).want(200, "not sent")
			if got := fields(p).Get("subject"); got != "Typed before lunch" {
				t.Errorf("%s: the subject is %q after the sign-in", path, got)
			}
			if path != "/meetings" {
				visitor.post(path, fields(p)).want(200, "Typed before lunch", "Changed")
			}
		}
	})
	t.Run("empty times stay empty", func(t *testing.T) {
		s := newSite(t)
		s.signIn(priya).post("/meetings", s.form()).want(200) // stores a time zone, so that new forms propose times
		visitor := s.browser()
		held := visitor.post("/meetings", s.form("external_id", "NOW", "date", "", "start", "", "end", "")).want(401)
		p := s.pick(visitor, visitor.get(signInLink(held)), priya).want(200, "not sent")
		if got := fields(p); got.Get("date")+got.Get("start")+got.Get("end") != "" {
			t.Errorf("the form has %s %s to %s, want no times", got.Get("date"), got.Get("start"), got.Get("end"))
		}
	})
	t.Run("meeting without times", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		s.graph.FailNext(createRoute, emulator.Failure{Status: 201, Apply: true, ContentType: "application/json", Body: `{"id":"sparse"}`})
		where := b.post("/meetings", s.form()).want(200, "Created").url.Path
		if got := fields(b.get(where + "/edit").want(200)); got.Get("date")+got.Get("start")+got.Get("end") != "" {
			t.Errorf("the form proposes %s %s to %s, want no times", got.Get("date"), got.Get("start"), got.Get("end"))
		}
	})
	t.Run("found meeting without differences", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		b.post("/meetings", s.form()).want(200)
		b.post("/meetings", s.form("anyway", "1")).want(200, "Found", "nothing you entered differs from it")
	})
	t.Run("help desk does not see the organizer's comparison", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		b.post("/meetings", s.form()).want(200)
		where := b.post("/meetings", s.form("anyway", "1", "subject", "Second thoughts")).want(200, "Second thoughts").url.Path
		if p := s.signIn(dana).get(where).want(200); strings.Contains(p.text(), "Second thoughts") {
			t.Errorf("the help desk sees:\n%s", p.text())
		}
	})
}
