package web_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/testenv"
)

// TestFormsWithoutSession checks that the response to a form sent without a session shows
// the form again. Some browsers would block a redirect to another site.
func TestFormsWithoutSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200, "Created")
	m := newest(t, s, "INC0012345")
	ids := [2]int64{m.ID, attempts(t, s, m.ID)[0].ID}
	before, requests := everything(t, s), len(s.graph.Requests())
	for _, route := range s.server.Routes() {
		if !strings.HasPrefix(route.Pattern, "POST ") {
			continue
		}
		visitor := s.visitor("")
		r := s.request(t, route.Pattern, ids)
		addField(t, r, "whose")
		path := r.URL.Path
		p := visitor.do(r)
		wantStrict(t, p)
		if path == "/auth/logout" {
			p.want(200, "You are signed out")
			continue
		}
		p.want(401, "You are signed out", "nothing was done", "What you typed is kept")
		signInLink(p)
		got := formFields(p.doc.Find(`form[action="` + path + `"]`))
		sent := s.form("subject", "changed", "external_id", "INC-access", "anyway", "1", "signed_in_as", "whose")
		if strings.HasSuffix(path, "/imports") {
			sent.Set("rows", "Ticket\nINC-access")
		}
		if strings.HasSuffix(path, "/adopt") {
			sent.Set("join_url", "https://teams.example/changed")
		}
		if strings.HasSuffix(path, "-access") {
			sent.Set("person", "0")
		}
		if strings.HasSuffix(path, "/hand-over") {
			sent.Set("external_id", "INC0012345")
		}
		if got.Encode() != sent.Encode() {
			t.Errorf("%s: the form has\n%s, want\n%s", route.Pattern, got.Encode(), sent.Encode())
		}
	}
	if after := everything(t, s); after != before || len(s.graph.Requests()) != requests {
		t.Errorf("a form without a session had an effect\nbefore %s\nafter  %s", before, after)
	}
}

// TestSendFormAfterSignIn checks that a form submitted after the session has ended can be
// submitted again after a new sign-in, either through the page's link or in another
// window.
func TestSendFormAfterSignIn(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200, "Created").url.Path
	edit := fields(b.get(where + "/edit").want(200))
	edit.Set("subject", "Changed & <kept>")
	adopt := url.Values{"join_url": {"https://teams.example/nothing"}, "signed_in_as": edit["signed_in_as"]}
	create := s.form("external_id", "INC7", "subject", "Typed")
	create["signed_in_as"] = edit["signed_in_as"]
	long := s.form("external_id", "INC8", "attendees", manyPeople(300))
	long["signed_in_as"] = edit["signed_in_as"]
	for _, tt := range []struct {
		name, path string
		form       url.Values
		back       string // the page after the sign-in; "" if the form is too long for a URL
		field      string // a field whose value this page must preserve
		sent       string // text on the page after the form is sent
	}{
		{"update", where + "/update", edit, where + "/edit", "subject", "Changed & <kept>"},
		{"create", "/meetings", create, "/meetings/new", "subject", "Created"},
		{"adopt", "/meetings/adopt", adopt, "/meetings/adopt", "join_url", "could not be found"},
		{"long list of people", "/meetings", long, "", "", "Created"},
		{"refresh", where + "/refresh", fieldsOf(b.get(where), "/refresh"), where, "", "Printer"},
		{"preference", "/preferences", url.Values{"theme": {"dark"}, "return_to": {"/history?q=x"}}, "/history", "", "History"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			visitor := s.browser()
			p := visitor.post(tt.path, tt.form).want(401)
			if tt.back != "" {
				back := s.pick(visitor, visitor.get(signInLink(p)), priya).want(200)
				if back.url.Path != tt.back {
					t.Errorf("the sign-in led to %s, want %s", back.url, tt.back)
				}
				if tt.field != "" {
					field := back.doc.Find(`[name="` + tt.field + `"]`)
					if got := field.AttrOr("value", field.Text()); got != tt.form.Get(tt.field) {
						t.Errorf("%s is %q after the sign-in, want it as typed", tt.field, got)
					}
				}
			} else {
				p.want(401, "keep this one open", "another window")
				visitor.signInAs(priya)
			}
			if p := visitor.post(tt.path, formFields(p.doc.Find(`form[action="`+tt.path+`"]`))); p.status == 401 || p.status == 409 {
				t.Errorf("the form sent from its page got status %d\n%s", p.status, p.text())
			}
		})
	}

	t.Run("somebody else signs in", func(t *testing.T) {
		visitor := s.browser()
		p := visitor.post("/meetings", create).want(401)
		question := s.pick(visitor, visitor.get(signInLink(p)), tomas).want(409, "opened by Priya Nair", "Tomás Oliveira is signed in now", "Sign in as Priya Nair")
		kept := visitor.get(question.doc.Find(`main a[href^="/meetings/new?"]`).AttrOr("href", "")).want(200, "This was not sent")
		if got := fields(kept).Get("subject"); got != "Typed" {
			t.Errorf("the subject is %q, want the one that was typed", got)
		}
		back := visitor.get(signInLink(question)).want(200, "This was not sent", "Priya Nair")
		if got := fields(back).Get("subject"); got != "Typed" {
			t.Errorf("the subject is %q, want the one that was typed", got)
		}
		visitor.signInAs(tomas)
		visitor.post("/meetings", formFields(p.doc.Find(`form[action="/meetings"]`))).want(409, "opened by Priya Nair")
	})
}

// TestFormsStayOnSite checks that no response to a form redirects to another site or to a
// sign-in step.
func TestFormsStayOnSite(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.visitor(priya)
	wantLocal := func(p *page) {
		t.Helper()
		if to := p.header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/auth/")) {
			t.Errorf("%s redirects to %s", p.url, to)
		}
	}
	wantLocal(b.post("/meetings", s.form()))
	m := newest(t, s, "INC0012345")
	ids := [2]int64{m.ID, attempts(t, s, m.ID)[0].ID}
	for _, to := range []string{"/auth/login", "/auth/login?return_to=/", "/x/../auth/login", "/%61uth/login", "/auth/callback", "https://evil.example/", "/./auth//login"} {
		wantLocal(b.post("/preferences", url.Values{"theme": {"dark"}, "return_to": {to}}))
	}
	for _, route := range s.server.Routes() {
		for _, who := range []*browser{s.visitor(""), b} {
			if strings.HasPrefix(route.Pattern, "POST ") {
				wantLocal(who.do(s.request(t, route.Pattern, ids)))
			}
		}
	}

	t.Run("search after the session ended", func(t *testing.T) {
		for _, tt := range []struct {
			name   string
			header http.Header
			status int
		}{
			{"from a page of the site", http.Header{"Sec-Fetch-Site": {"same-origin"}, "Sec-Fetch-Dest": {"document"}}, 401},
			{"old browser", http.Header{"Referer": {s.url + "/history"}}, 401},
			{"typed address", http.Header{"Sec-Fetch-Site": {"none"}, "Sec-Fetch-Dest": {"document"}}, 303},
			{"from the ticket system", http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Dest": {"document"}, "Referer": {"https://tickets.example.org/"}}, 303},
			{"by a script", http.Header{"Sec-Fetch-Site": {"same-origin"}, "Sec-Fetch-Dest": {"empty"}}, 303},
			{"by a program", nil, 303},
		} {
			for path, want := range map[string]string{"/history?q=laptop": "/history?q=laptop", "/": "/", "/t/INC0012345": "/meetings/1", "/meetings/1/edit": "/meetings/1/edit"} {
				r, err := http.NewRequest(http.MethodGet, s.url+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				if tt.header != nil {
					r.Header = tt.header.Clone()
				}
				p := s.visitor("").do(r).want(tt.status)
				refresh, _ := strings.CutPrefix(p.doc.Find(`meta[http-equiv="refresh"]`).AttrOr("content", ""), "0; url=")
				to := map[int]string{401: refresh, 303: p.header.Get("Location")}[tt.status]
				if !strings.HasPrefix(to, "/auth/login?return_to=") || strings.Contains(to, "laptop") {
					t.Errorf("%s, %s: leads to %q, want the sign-in, without the search text", tt.name, path, to)
				} else if out := s.browser(); to != "" {
					got := s.pick(out, out.get(to), priya)
					if got.url.RequestURI() != want {
						t.Errorf("%s, %s: the sign-in leads to %s", tt.name, path, got.url)
					}
				}
			}
		}
	})
}

// TestPagesAreNotCached checks that pages tell browsers not to cache them. Otherwise the
// Back button would show them after a sign-out.
func TestPagesAreNotCached(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(dana).post("/meetings", s.form()).want(200)
	b := s.signIn(priya)
	form := s.form("subject", "A secret")
	hers := identityOn(b.get("/"))
	for name, p := range map[string]*page{
		"guard": b.post("/meetings", form).want(409), "form with a problem": b.post("/meetings", s.form("subject", "A secret", "start", "x")).want(422),
		"start in the past": b.post("/meetings", s.form("subject", "A secret", "date", "2020-01-02")).want(422),
		"form":              b.get("/meetings/new?subject=secret").want(200), "adopt": b.post("/meetings/adopt", url.Values{"join_url": {"secret"}}).want(422),
		"search": b.get("/history?q=secret").want(200), "form without a session": s.browser().post("/meetings", form).want(401),
		"somebody else's form": s.signIn(tomas).post("/meetings", url.Values{"subject": {"A secret"}, "signed_in_as": {hers}}).want(409),
		"guard card":           b.ask("/meetings/new/guard?external_id=INC0012345").want(200), "people": b.ask("/people?q="), "session": b.get("/auth/session"),
	} {
		if got := p.header.Values("Cache-Control"); len(got) != 1 || got[0] != "no-store" {
			t.Errorf("%s: Cache-Control %q, want no-store", name, got)
		}
	}
}

// TestFormWithoutSessionIsCheap checks that the desk limits the size of forms that are
// sent without a session.
func TestFormWithoutSessionIsCheap(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	visitor := s.browser()
	name := strings.Repeat("ทดสอบชื่อ", 4)
	var people strings.Builder
	for i := range 500 {
		fmt.Fprintf(&people, "%s <person%d@contoso.example> coorganizer\n", name, i)
	}
	visitor.post("/meetings", s.form("attendees", people.String())).want(401, "What you typed is kept")
	for _, path := range []string{"/meetings", "/meetings/1/update", "/meetings/adopt", "/preferences", "/auth/logout", "/attempts/1/retry"} {
		for _, text := range []string{strings.Repeat("a,", 60<<10), strings.Repeat("<", 80<<10), strings.Repeat("\n", 80<<10), strings.Repeat("&", 80<<10)} {
			if p := visitor.post(path, url.Values{"attendees": {text}, "join_url": {text[:100]}}); p.status != 401 && path != "/auth/logout" {
				t.Errorf("%s: status %d, want 401", path, p.status)
			}
		}
		visitor.post(path, url.Values{"attendees": {strings.Repeat("x", 300<<10)}}).want(413, "256 KB", "another tab")
	}
	visitor.post("/meetings", manyFields(1501)).want(400, "could not be read")
	s.signIn(priya).post("/meetings", s.form("subject", strings.Repeat("x", 300<<10))).want(422, "255")
}

func manyFields(n int) url.Values {
	v := make(url.Values)
	for i := range n {
		v.Set(fmt.Sprint("field", i), "x")
	}
	return v
}

// TestClientDisconnects checks that the request ends when a client disconnects while
// sending a form.
func TestClientDisconnects(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/meetings", "/meetings/1/update", "/meetings/adopt"} {
		conn, err := net.Dial("tcp", mustURL(t, strings.Replace(s.url, "localhost", "127.0.0.1", 1)).Host)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000\r\n\r\nattendees=%s", path, strings.Repeat("a,", 500))
		conn.Close()
		line := "path=" + path + " "
		for end := time.Now().Add(time.Minute); !strings.Contains(s.Log.String(), line); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: the request has not ended:\n%s", path, s.Log.String())
			}
		}
	}
	if strings.Contains(s.Log.String(), "level=ERROR") {
		t.Errorf("the log has an error:\n%s", s.Log.String())
	}
}
