package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
)

// What a clerk meets on a bad day, and how she gets on from there.
func TestGettingOn(t *testing.T) {
	t.Parallel()
	t.Run("a sign-in that was cancelled can be begun again", func(t *testing.T) {
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
			t.Errorf("no way to sign in:\n%s", p.text())
		}
	})
	t.Run("a refused meeting can be mended and sent again", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		s.graph.FailNext(createRoute, emulator.Failure{Status: 400, Code: "BadRequest"})
		p := b.post("/meetings", s.form()).want(200, "Edit and send again")
		form := fields(b.get(p.doc.Find(`a:contains("Edit and send again")`).AttrOr("href", "")).want(200))
		for name, want := range s.form() {
			if got := strings.TrimSpace(form.Get(name)); got != want[0] {
				t.Errorf("%s is %q again, want %q", name, got, want[0])
			}
		}
	})
	t.Run("a form or a change after the session ended comes back, and says that nothing was done", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		where := b.post("/meetings", s.form()).want(200).url.Path
		change := fields(b.get(where + "/edit").want(200))
		change.Set("subject", "Typed before lunch")
		s.SetAhead(13 * 60 * 60e9)
		for path, form := range map[string]url.Values{"/meetings": s.form("subject", "Typed before lunch"), where + "/update": change} {
			nobody := s.browser()
			p := s.pick(nobody, nobody.get(signInLink(nobody.post(path, form).want(401))), priya).want(200, "not sent")
			if got := fields(p).Get("subject"); got != "Typed before lunch" {
				t.Errorf("%s came back with %q", path, got)
			}
			if path != "/meetings" {
				nobody.post(path, fields(p)).want(200, "Typed before lunch", "Changed")
			}
		}
	})
	t.Run("times that were left blank come back blank", func(t *testing.T) {
		s := newSite(t)
		s.signIn(priya).post("/meetings", s.form()).want(200) // remembers a zone, so that a new form proposes times
		nobody := s.browser()
		held := nobody.post("/meetings", s.form("external_id", "NOW", "date", "", "start", "", "end", "")).want(401)
		p := s.pick(nobody, nobody.get(signInLink(held)), priya).want(200, "not sent")
		if got := fields(p); got.Get("date")+got.Get("start")+got.Get("end") != "" {
			t.Errorf("the form came back with %s %s to %s", got.Get("date"), got.Get("start"), got.Get("end"))
		}
	})
	t.Run("a meeting without times can be given some", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		s.graph.FailNext(createRoute, emulator.Failure{Status: 201, Apply: true, ContentType: "application/json", Body: `{"id":"sparse"}`})
		where := b.post("/meetings", s.form()).want(200, "Created").url.Path
		if got := fields(b.get(where + "/edit").want(200)); got.Get("date")+got.Get("start")+got.Get("end") != "" {
			t.Errorf("the form proposes %s %s to %s", got.Get("date"), got.Get("start"), got.Get("end"))
		}
	})
	t.Run("a meeting found just as it was asked for leaves nothing to do", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		b.post("/meetings", s.form()).want(200)
		b.post("/meetings", s.form("anyway", "1")).want(200, "Found", "nothing you entered differs from it")
	})
	t.Run("the help desk is not shown what the organizer has to settle", func(t *testing.T) {
		s := newSite(t)
		b := s.signIn(priya)
		b.post("/meetings", s.form()).want(200)
		where := b.post("/meetings", s.form("anyway", "1", "subject", "Second thoughts")).want(200, "Second thoughts").url.Path
		if p := s.signIn(dana).get(where).want(200); strings.Contains(p.text(), "Second thoughts") {
			t.Errorf("the help desk reads:\n%s", p.text())
		}
	})
}
