package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/form"
)

// identityOn is what the forms of the page say for whom it was made.
func identityOn(p *page) string {
	p.t.Helper()
	value, ok := p.doc.Find(`form[action="/auth/logout"] [name="signed_in_as"]`).Attr("value")
	if !ok {
		p.t.Fatalf("%s: the form does not say for whom it is", p.url)
	}
	return value
}

// signInLink is the address for signing in that the page offers.
func signInLink(p *page) string {
	p.t.Helper()
	link := p.doc.Find(`main a[href^="/auth/login?"]`)
	if link.Length() != 1 {
		p.t.Fatalf("%s: %d links for signing in:\n%s", p.url, link.Length(), p.text())
	}
	return link.AttrOr("href", "")
}

// everything is all that acts of people leave behind.
func everything(t *testing.T, s *site) string {
	t.Helper()
	return readColumn(t, s, `SELECT (SELECT count(*) || ' attempts ' || coalesce(sum(state = 'dismissed' OR accepted), 0) FROM attempts) || (SELECT ' meetings ' || group_concat(state || subject) FROM meetings)
		|| (SELECT ' people ' || count(*) FROM meeting_people) || (SELECT ' users ' || group_concat(language || theme || time_zone) FROM users) || (SELECT ' sessions ' || count(*) FROM sessions)`)
}

// Every POST route of the site, also one that is added later, asks before it
// acts for somebody else than the page was made for.
func TestAPageOutlivesItsPerson(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	hers, his := s.signIn(priya), s.signIn(tomas)
	var ids [2]int64
	for _, b := range []*browser{hers, his} { // his is the second: he may do all of it
		b.post("/meetings", s.form("anyway", "1")).want(200, "Created")
		m := newest(t, s, "INC0012345")
		ids = [2]int64{m.ID, attempts(t, s, m.ID)[0].ID}
	}
	own := identityOn(his.get("/").want(200))
	theirs := identityOn(hers.get("/").want(200))
	id, _, _ := strings.Cut(own, ".")
	_, signed, _ := strings.Cut(theirs, ".")
	before, asked := everything(t, s), len(s.graph.Requests())
	for _, route := range s.server.Routes() {
		if !strings.HasPrefix(route.Pattern, "POST ") {
			continue
		}
		for name, sent := range map[string][]string{
			"a colleague's": {theirs}, "nobody's": {""}, "a number": {id}, "unsigned": {id + "."}, "signed for somebody else": {id + "." + signed},
			"cut": {own[:len(own)-1]}, "longer": {own + "A"}, "a space before": {" " + own}, "another's beside one's own": {own, theirs}, "garbage": {"\x01<script>"},
		} {
			r := s.request(t, route.Pattern, ids)
			addField(t, r, sent...)
			p := his.do(r)
			if p.status != http.StatusConflict || !strings.Contains(p.text(), "Tomás Oliveira is signed in now") {
				t.Errorf("%s, %s: status %d, want 409 and a question:\n%s", route.Pattern, name, p.status, p.text())
			}
			wantStrict(t, p)
			if name == "a colleague's" {
				p.want(409, "Priya Nair (priya@contoso.example)", "Sign in as Priya Nair")
			} else if strings.Contains(p.text(), "Priya") && name != "another's beside one's own" {
				t.Errorf("%s, %s: names Priya:\n%s", route.Pattern, name, p.text())
			}
		}
	}
	if now := everything(t, s); now != before || len(s.graph.Requests()) != asked {
		t.Errorf("something was done: Graph was asked %d times more\nbefore %s\nnow    %s", len(s.graph.Requests())-asked, before, now)
	}

	t.Run("one's own is no obstacle", func(t *testing.T) {
		for _, route := range s.server.Routes() {
			if strings.HasPrefix(route.Pattern, "POST ") {
				r := s.request(t, route.Pattern, ids)
				addField(t, r, own)
				if p := his.do(r); strings.Contains(p.text(), "is signed in now") {
					t.Errorf("%s: asks Tomás who he is:\n%s", route.Pattern, p.text())
				}
			}
		}
	})
}

// addField adds the identity to a form that is about to be sent.
func addField(t *testing.T, r *http.Request, values ...string) {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	all := string(body) + "&" + url.Values{form.FieldSignedInAs: values}.Encode()
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(all)), int64(len(all))
}

// The person who is asked continues as they are, or signs in as the other. Nothing typed
// is lost either way.
func TestGoingOnWithSomebodyElsesForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	form := fields(b.get("/meetings/new").want(200))
	for name, values := range s.form("subject", `Typed by "Priya" & <b>`, "attendees", "sam@contoso.example\r\nDana <dana@contoso.example>") {
		form[name] = values
	}
	b.signInAs(tomas)
	p := b.post("/meetings", form).want(409, "This form was opened by Priya Nair (priya@contoso.example). Since then Tomás Oliveira (tomas@contoso.example) has signed in, so nothing was sent.")
	on := formFields(p.doc.Find(`form[action="/meetings"]`))
	if on.Get("signed_in_as") == form.Get("signed_in_as") {
		t.Error("goes on as Priya")
	}
	on.Set("signed_in_as", form.Get("signed_in_as"))
	if want := strings.ReplaceAll(form.Encode(), "%0D%0A", "%0A"); on.Encode() != want { // HTML has one kind of line break
		t.Errorf("kept\n%s, of\n%s", on.Encode(), want)
	}

	t.Run("as the other", func(t *testing.T) {
		back := b.get(signInLink(p)).want(200, "This was not sent", "Priya Nair")
		if got := fields(back); got.Get("subject") != form.Get("subject") || got.Get("attendees") != "sam@contoso.example\nDana <dana@contoso.example>" || got.Get("time_zone") != "Europe/Lisbon" {
			t.Errorf("the form came back as %v", got)
		}
		b.post("/meetings", fields(back)).want(200, "Created", "Priya Nair")
	})
	t.Run("as one is", func(t *testing.T) {
		b.signInAs(tomas)
		p := b.post("/meetings", form).want(409)
		on := formFields(p.doc.Find(`form[action="/meetings"]`))
		on.Set("anyway", "1")
		b.post("/meetings", on).want(200, "Created", "Tomás Oliveira")
	})
	t.Run("signing out says whom", func(t *testing.T) {
		p := b.post("/auth/logout", url.Values{"signed_in_as": form["signed_in_as"]}).want(409, "Sign out Tomás Oliveira")
		b.post("/auth/logout", formFields(p.doc.Find(`main form[action="/auth/logout"]`))).want(200, "You are signed out")
	})
}

// What is too long for an address stays on the page until its person is back.
func TestALongFormOfSomebodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200, "Created").url.Path
	for path, filled := range map[string]url.Values{
		"/meetings":        fields(b.get("/meetings/new?" + s.form("external_id", "INC2").Encode())),
		where + "/update":  fields(b.get(where + "/edit")),
		"/meetings/adopt":  {"join_url": {"https://teams.example/" + strings.Repeat("x", 3000)}, "signed_in_as": {identityOn(b.get("/"))}},
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
		if beside := link.AttrOr("target", "") == "_blank"; beside != (long || path == "/meetings/adopt") {
			t.Errorf("%s: signs in beside: %v", path, beside)
		} else if !beside {
			continue
		}
		b.get(link.AttrOr("href", "")).want(200, "Priya Nair")
		form := p.doc.Find(`form[action="` + path + `"]`).Last()
		if got := formFields(form); got.Encode() != filled.Encode() {
			t.Errorf("%s: kept\n%.300s, of\n%.300s", path, got.Encode(), filled.Encode())
		} else if p := b.post(path, got); p.status == 409 {
			t.Errorf("%s: still not sent:\n%s", path, p.text())
		}
	}
}

// Pages with a form in their address, and what scripts ask for, are held to it too.
func TestAnAddressOfSomebodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t, withScopes("User.ReadBasic.All"))
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	hers := identityOn(b.get("/").want(200))
	b.signInAs(tomas)
	asked := len(s.graph.Requests())
	for _, path := range []string{"/meetings/guard?external_id=INC0012345", "/people?q=dana", "/meetings/summary?start=10:00", "/meetings/new?subject=x", "/meetings/adopt?join_url=x", "/history?q=x"} {
		b.get(path).want(200)
		b.get(path+"&signed_in_as="+hers).want(409, "This page was opened by Priya Nair", "Tomás Oliveira is signed in now")
		b.get(path + "&signed_in_as=").want(409)
	}
	for identity, status := range map[string]int{identityOn(b.get("/")): 200, hers: 204, "": 204, "x": 204} {
		b.get("/auth/session?signed_in_as=" + identity).want(status)
		s.browser().get("/auth/session?signed_in_as=" + identity).want(204)
	}
	if got := len(s.graph.Requests()) - asked; got != 1 {
		t.Errorf("Graph was asked %d times, want once, for his own", got)
	}
	on := b.get("/meetings/new?subject=a%26b&unsent=1&signed_in_as=" + hers).want(409).doc.Find(`main a[href^="/meetings/new?"]`)
	p := b.get(on.AttrOr("href", "")).want(200)
	if got := fields(p); got.Get("subject") != "a&b" || got.Get("signed_in_as") == hers {
		t.Errorf("goes on with %v", got)
	}
}

// The same person may sign in again as often as they like.
func TestAFormIsKeptAcrossSignIns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	form := fields(b.get("/meetings/new?" + s.form().Encode()))
	b.signInAs(priya)
	b.signInAs(tomas)
	b.signInAs(priya)
	b.post("/meetings", form).want(200, "Created", "Priya Nair")
}

// Every form of every page that the site really makes says for whom it is.
func TestRealPagesSayForWhomTheyAre(t *testing.T) {
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
		b.post("/meetings", s.form("external_id", "INC9")), b.post("/meetings", s.form("start", "x")), b.post("/meetings/3/update", s.form("start", "x")), b.get("/meetings/guard?external_id=INC9"),
	} {
		forms := p.doc.Find(`form[method="post"]`)
		if forms.Length() == 0 {
			t.Errorf("%s has no form", p.url)
		}
		for _, form := range forms.EachIter() {
			field := form.Find(`input[type="hidden"][name="signed_in_as"]`)
			if field.Length() != 1 || field.AttrOr("value", "") != own {
				t.Errorf("%s: the form for %s says %q", p.url, form.AttrOr("action", ""), field.AttrOr("value", ""))
			}
		}
	}
	if p := b.get("/"); strings.Contains(fmt.Sprint(p.doc.Find(`form[method="get"]`).Html()), "signed_in_as") {
		t.Error("the search box puts it into addresses")
	}
}
