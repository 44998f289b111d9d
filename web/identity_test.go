package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/form"
	"meetdesk/testenv"
)

func identityOn(p *page) string {
	p.t.Helper()
	value, ok := p.doc.Find(`form[action="/auth/logout"] [name="signed_in_as"]`).Attr("value")
	if !ok {
		p.t.Fatalf("%s: the form has no identity", p.url)
	}
	return value
}

func signInLink(p *page) string {
	p.t.Helper()
	link := p.doc.Find(`main a[href^="/auth/login?"]`)
	if link.Length() != 1 {
		p.t.Fatalf("%s: %d links to sign in, want 1:\n%s", p.url, link.Length(), p.text())
	}
	return link.AttrOr("href", "")
}

// everything summarizes the attempts, meetings, users and sessions in the database.
func everything(t *testing.T, s *site) string {
	t.Helper()
	return readColumn(t, s, `SELECT (SELECT count(*) || ' attempts ' || count(CASE WHEN state = 'dismissed' OR accepted THEN 1 END) FROM attempts) || (SELECT ' meetings ' || string_agg(state || subject, ',' ORDER BY id) FROM meetings)
		|| (SELECT ' people ' || count(*) FROM meeting_people) || (SELECT ' users ' || string_agg(language || theme || time_zone, ',' ORDER BY id) FROM users) || (SELECT ' sessions ' || count(*) FROM sessions)`)
}

// TestFormOfSomebodyElse checks that every POST route asks for confirmation before it
// processes a form whose identity is invalid or another user's.
func TestFormOfSomebodyElse(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	hers, his := s.signIn(priya), s.signIn(tomas)
	var ids [2]int64
	// The requests are for the second meeting. Tomás organizes it, so the desk does not
	// refuse his requests for lack of access.
	for _, b := range []*browser{hers, his} {
		b.post("/meetings", s.form("anyway", "1")).want(200, "Created")
		m := newest(t, s, "INC0012345")
		ids = [2]int64{m.ID, attempts(t, s, m.ID)[0].ID}
	}
	own := identityOn(his.get("/").want(200))
	theirs := identityOn(hers.get("/").want(200))
	id, _, _ := strings.Cut(own, ".")
	_, signed, _ := strings.Cut(theirs, ".")
	before, requests := everything(t, s), len(s.graph.Requests())
	for _, route := range s.server.Routes() {
		if !strings.HasPrefix(route.Pattern, "POST ") {
			continue
		}
		for name, sent := range map[string][]string{
			"colleague's": {theirs}, "empty": {""}, "number": {id}, "unsigned": {id + "."}, "signed for somebody else": {id + "." + signed},
			"truncated": {own[:len(own)-1]}, "longer": {own + "A"}, "leading space": {" " + own}, "own and colleague's": {own, theirs}, "garbage": {"\x01<script>"},
		} {
			r := s.request(t, route.Pattern, ids)
			addField(t, r, sent...)
			p := his.do(r)
			if p.status != http.StatusConflict || !strings.Contains(p.text(), "Tomás Oliveira is signed in now") {
				t.Errorf("%s, %s: status %d, want 409 and a question:\n%s", route.Pattern, name, p.status, p.text())
			}
			wantStrict(t, p)
			if name == "colleague's" {
				p.want(409, "Priya Nair (priya@contoso.example)", "Sign in as Priya Nair")
			} else if strings.Contains(p.text(), "Priya") && name != "own and colleague's" {
				t.Errorf("%s, %s: the page names Priya:\n%s", route.Pattern, name, p.text())
			}
		}
	}
	if after := everything(t, s); after != before || len(s.graph.Requests()) != requests {
		t.Errorf("Graph got %d more requests, want none\nbefore %s\nafter  %s", len(s.graph.Requests())-requests, before, after)
	}

	t.Run("own identity", func(t *testing.T) {
		for _, route := range s.server.Routes() {
			if strings.HasPrefix(route.Pattern, "POST ") {
				r := s.request(t, route.Pattern, ids)
				addField(t, r, own)
				if p := his.do(r); strings.Contains(p.text(), "is signed in now") {
					t.Errorf("%s: Tomás is asked although the page was made for him:\n%s", route.Pattern, p.text())
				}
			}
		}
	})
}

// addField adds identities to the form in the request's body.
func addField(t *testing.T, r *http.Request, values ...string) {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	all := string(body) + "&" + url.Values{form.FieldSignedInAs: values}.Encode()
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(all)), int64(len(all))
}

// TestContinueSomebodyElsesForm covers a form that Priya opened but that is submitted
// after Tomás has signed in. Either of them can continue with it without losing any input.
func TestContinueSomebodyElsesForm(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	form := fields(b.get("/meetings/new").want(200))
	for name, values := range s.form("subject", `Typed by "Priya" & <b>`, "attendees", "sam@contoso.example\r\nDana <dana@contoso.example>") {
		form[name] = values
	}
	b.signInAs(tomas)
	p := b.post("/meetings", form).want(409, "This form was opened by Priya Nair (priya@contoso.example). Since then Tomás Oliveira (tomas@contoso.example) has signed in, so nothing was sent.")
	kept := formFields(p.doc.Find(`form[action="/meetings"]`))
	if kept.Get("signed_in_as") == form.Get("signed_in_as") {
		t.Error("the form to continue is Priya's")
	}
	kept.Set("signed_in_as", form.Get("signed_in_as"))
	if want := strings.ReplaceAll(form.Encode(), "%0D%0A", "%0A"); kept.Encode() != want { // HTML normalizes line breaks
		t.Errorf("the form has\n%s, want\n%s", kept.Encode(), want)
	}

	t.Run("as the other person", func(t *testing.T) {
		back := b.get(signInLink(p)).want(200, "This was not sent", "Priya Nair")
		if got := fields(back); got.Get("subject") != form.Get("subject") || got.Get("attendees") != "sam@contoso.example\nDana <dana@contoso.example>" || got.Get("time_zone") != "Europe/Lisbon" {
			t.Errorf("the form has %v, want what was typed", got)
		}
		b.post("/meetings", fields(back)).want(200, "Created", "Priya Nair")
	})
	t.Run("as oneself", func(t *testing.T) {
		b.signInAs(tomas)
		p := b.post("/meetings", form).want(409)
		kept := formFields(p.doc.Find(`form[action="/meetings"]`))
		kept.Set("anyway", "1")
		b.post("/meetings", kept).want(200, "Created", "Tomás Oliveira")
	})
	t.Run("sign-out", func(t *testing.T) {
		p := b.post("/auth/logout", url.Values{"signed_in_as": form["signed_in_as"]}).want(409, "Sign out Tomás Oliveira")
		b.post("/auth/logout", formFields(p.doc.Find(`main form[action="/auth/logout"]`))).want(200, "You are signed out")
	})
}

// TestLongFormOfSomebodyElse checks that a form too long for a cookie stays on the page
// until the person who opened it has signed in again.
func TestLongFormOfSomebodyElse(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200, "Created").url.Path
	for path, filled := range map[string]url.Values{
		"/meetings":        fields(b.get("/meetings/new?" + s.form("external_id", "INC2").Encode())),
		where + "/update":  fields(b.get(where + "/edit")),
		"/meetings/adopt":  {"join_url": {"https://teams.example/" + random(3000)}, "signed_in_as": {identityOn(b.get("/"))}},
		where + "/remove":  fieldsOf(b.get(where+"/remove"), "/remove"),
		"/preferences":     {"theme": {"dark"}, "return_to": {"/history"}, "signed_in_as": {identityOn(b.get("/"))}},
		where + "/refresh": fieldsOf(b.get(where), "/refresh"),
	} {
		long := path == "/meetings" || strings.HasSuffix(path, "/update")
		if long {
			filled.Set("attendees", manyPeople(100))
		}
		b.signInAs(tomas)
		p := b.post(path, filled).want(409)
		link := p.doc.Find(`main a[href^="/auth/login?"]`)
		if newTab := link.AttrOr("target", "") == "_blank"; newTab != (long || path == "/meetings/adopt") {
			t.Errorf("%s: the sign-in opens in a new tab: %v", path, newTab)
		} else if !newTab {
			continue
		}
		b.get(link.AttrOr("href", "")).want(200, "Priya Nair")
		form := p.doc.Find(`form[action="` + path + `"]`).Last()
		if got := formFields(form); got.Encode() != filled.Encode() {
			t.Errorf("%s: the form has\n%.300s, want\n%.300s", path, got.Encode(), filled.Encode())
		} else if p := b.post(path, got); p.status == 409 {
			t.Errorf("%s: the form was not accepted:\n%s", path, p.text())
		}
	}
}

// TestAddressOfSomebodyElse checks the identities in links to filled-in forms and in the
// URLs that scripts request.
func TestAddressOfSomebodyElse(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withScopes("User.ReadBasic.All"))
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	hers := identityOn(b.get("/").want(200))
	b.signInAs(tomas)
	requests := len(s.graph.Requests())
	for _, path := range []string{"/meetings/new/guard?external_id=INC0012345", "/people?q=dana", "/meetings/new/summary?start=10:00", "/meetings/new?subject=x", "/meetings/adopt?join_url=x", "/history?q=x"} {
		b.ask(path).want(200)
		b.ask(path+"&signed_in_as="+hers).want(409, "opened by Priya Nair", "Tomás Oliveira")
		b.ask(path + "&signed_in_as=").want(409)
	}
	for identity, status := range map[string]int{identityOn(b.get("/")): 200, hers: 204, "": 204, "x": 204} {
		b.get("/auth/session?signed_in_as=" + identity).want(status)
		s.browser().get("/auth/session?signed_in_as=" + identity).want(204)
	}
	if got := len(s.graph.Requests()) - requests; got != 1 {
		t.Errorf("Graph got %d requests, want 1 for Tomás", got)
	}
	link := b.get("/meetings/new?subject=a%26b&signed_in_as=" + hers).want(409).doc.Find(`main a[href^="/meetings/new?"]`)
	p := b.get(link.AttrOr("href", "")).want(200)
	if got := fields(p); got.Get("subject") != "a&b" || got.Get("signed_in_as") == hers {
		t.Errorf("the form has %v, want the subject and another identity", got)
	}
}

// TestFormAfterNewSignIn checks that a form stays valid if the same person signs in again.
func TestFormAfterNewSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	form := fields(b.get("/meetings/new?" + s.form().Encode()))
	b.signInAs(priya)
	b.signInAs(tomas)
	b.signInAs(priya)
	b.post("/meetings", form).want(200, "Created", "Priya Nair")
}

// TestFormsHaveIdentity checks that the POST forms on the site's real pages contain the
// person's identity, and that the search box does not.
func TestFormsHaveIdentity(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	d := s.signIn(dana)
	d.post("/meetings", s.form()).want(200)
	d.post("/meetings", s.form("external_id", "INC9")).want(200)
	b := s.signIn(priya)
	b.post("/meetings", s.form("anyway", "1")).want(200, "Created")
	b.post("/meetings", s.form("anyway", "1", "subject", "Another")).want(200, "Found")
	own := identityOn(b.get("/"))
	for _, p := range []*page{
		b.get("/"), b.get("/history"), b.get("/meetings/new"), b.get("/meetings/3"), b.get("/meetings/3/edit"), b.get("/meetings/3/remove"), b.get("/meetings/adopt"), b.get("/nowhere"),
		b.post("/meetings", s.form("external_id", "INC9")), b.post("/meetings", s.form("start", "x")), b.post("/meetings/3/update", s.form("start", "x")), b.ask("/meetings/new/guard?external_id=INC9"),
	} {
		forms := p.doc.Find(`form[method="post"]`)
		if forms.Length() == 0 {
			t.Errorf("%s has no form", p.url)
		}
		for _, form := range forms.EachIter() {
			field := form.Find(`input[type="hidden"][name="signed_in_as"]`)
			if field.Length() != 1 || field.AttrOr("value", "") != own {
				t.Errorf("%s: the form for %s has the identity %q", p.url, form.AttrOr("action", ""), field.AttrOr("value", ""))
			}
		}
	}
	if p := b.get("/"); strings.Contains(fmt.Sprint(p.doc.Find(`form[method="get"]`).Html()), "signed_in_as") {
		t.Error("the search box adds the identity to URLs")
	}
}
