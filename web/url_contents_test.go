package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// mayContain lists the URLs that may contain subjects, names, addresses or join links, with the
// reason for each.
var mayContain = []struct{ url, because string }{
	{`^/(history(\.csv|\.xlsx)?|meetings/\d+)\?.*\bq=`, "a person typed this search: a list can be kept as a bookmark, sent to a colleague and opened again with the Back button"},
	{`^/(meetings/new|t/[^?]+)\?`, "somebody else's program wrote this deep link, and docs/deep-links.md says that it has what its parameters have"},
	{`^http://[^/]+/[^/]+/oauth2/v2\.0/authorize\?`, "OpenID Connect has the account's name in login_hint; this is the provider's URL"},
	{`^mailto:`, "opens the person's mail program, with the invitation"},
	{`^https://(outlook\.office\.com|calendar\.google\.com)/calendar/`, "fills in an entry in the person's calendar"},
	{`^https://teams\.microsoft\.com/l/(chat|call)/`, "starts a chat or a call with the organizer"},
	{`^https://teams\.microsoft\.com/(l/meetup-join|meet)/`, "is the join link itself"},
	{`^https://teams\.microsoft\.com/meetingOptions/`, "is Microsoft's own page for the meeting"},
}

// urlWatch collects the URLs on the site's pages and in its redirects. It reports URLs that
// contain a subject, a name, an address or a join link.
type urlWatch struct {
	t       *testing.T
	host    string // the host of the site
	secrets *regexp.Regexp
	seen    map[string]bool
	mu      sync.Mutex
	next    http.RoundTripper
}

// check reports the URL unless it is harmless or in mayContain.
func (u *urlWatch) check(where, address string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.seen[address] = true
	plain := address
	for range 3 {
		if once, err := url.QueryUnescape(plain); err == nil {
			plain = once
		}
	}
	allowed := slices.ContainsFunc(mayContain, func(m struct{ url, because string }) bool { return regexp.MustCompile(m.url).MatchString(address) })
	if u.secrets.MatchString(plain) && !allowed {
		u.t.Errorf("%s: the URL %s contains %q", where, address, u.secrets.FindString(plain))
	}
}

func (u *urlWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := u.next.RoundTrip(r)
	if err == nil {
		if to := resp.Header.Get("Location"); to != "" && r.URL.Host == u.host {
			u.check("redirect after "+r.Method+" "+r.URL.Path, to)
		}
	}
	return resp, err
}

func (u *urlWatch) page(p *page) *page {
	for _, name := range []string{"href", "src", "action", "formaction", "data-from", "data-guard", "data-preset"} {
		for _, el := range p.doc.Find("[" + name + "]").EachIter() {
			u.check(p.url.Path+", "+name, el.AttrOr(name, ""))
		}
	}
	refresh := p.doc.Find(`meta[http-equiv="refresh"]`).AttrOr("content", "")
	if _, to, ok := strings.Cut(refresh, "url="); ok {
		u.check(p.url.Path+", refresh", to)
	}
	return p
}

// crawl follows the site's links, starting from the home page and the given pages. It visits
// at most 120 pages and does not follow links under /auth/.
func (u *urlWatch) crawl(b *browser, from ...string) {
	queue, done := append(from, "/"), make(map[string]bool)
	for len(queue) > 0 && len(done) < 120 {
		at := queue[0]
		queue = queue[1:]
		if done[at] {
			continue
		}
		done[at] = true
		for _, a := range u.page(b.get(at)).doc.Find("a[href]").EachIter() {
			if to := a.AttrOr("href", ""); strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/auth/") {
				queue = append(queue, to)
			}
		}
	}
}

// TestNoSecretsInURLs crawls the site. URLs on pages, in redirects and in the log must not
// contain a subject, a person's name or address, or a join link, unless mayContain lists
// the URL.
func TestNoSecretsInURLs(t *testing.T) {
	testenv.SkipUnderRace(t)
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t, withOrganizers(tomas))
	watch := &urlWatch{t: t, host: mustURL(t, s.url).Host, secrets: regexp.MustCompile(`(?i)zanzibar|meetup-join|@(contoso|fabrikam)\.example`), seen: make(map[string]bool)}
	in := func(upn string) *browser {
		b := s.browser()
		watch.next = b.client.Transport
		b.client.Transport = watch
		b.get("/auth/login?login_hint=" + url.QueryEscape(upn))
		return b
	}
	typed := s.form("subject", "Zanzibar", "attendees", "Zoe Zanzibar <zoe@fabrikam.example>")
	with := func(changes ...string) url.Values {
		f := url.Values{}
		for name, values := range typed {
			f[name] = values
		}
		for i := 0; i+1 < len(changes); i += 2 {
			f.Set(changes[i], changes[i+1])
		}
		return f
	}
	b, o, d := in(priya), in(tomas), in(dana)
	where := watch.page(b.post("/meetings", typed).want(200, "Created")).url.Path
	join := newest(t, s, "INC0012345").JoinURL
	_, elsewhere := atGraph(t, s, priya, "ELSEWHERE", "Zanzibar elsewhere")
	s.graph.FailNext(createRoute, emulator.Failure{Status: 400, Code: "BadRequest"})
	failed := watch.page(b.post("/meetings", with("external_id", "INC2")).want(200, "Edit and send again"))
	watch.page(b.press(failed, "Edit and send again").want(200))
	watch.page(b.press(b.get(where), "Another meeting").want(200))

	t.Run("forms", func(t *testing.T) {
		identity := identityOn(b.get("/"))
		for path, form := range map[string]url.Values{
			"/meetings": with("start", "x", "signed_in_as", identity), where + "/update": with("start", "x", "signed_in_as", identity), "/meetings/adopt": {"join_url": {join + "x"}, "signed_in_as": {identity}},
			where + "/note": {"note_text": {"Zoe called about Zanzibar " + strings.Repeat("x", 2000)}, "signed_in_as": {identity}}, where + "/sent": {"sent_to": {"zoe@fabrikam.example"}, "signed_in_as": {identity}},
		} {
			watch.page(b.post(path, form))
			watch.page(o.post(path, form)) // Tomás submits a form that was made for Priya
			out := s.browser()
			out.client.Transport = watch
			p := watch.page(out.post(path, form).want(401))
			watch.page(s.pick(out, watch.page(out.get(signInLink(p))), priya))
		}
	})
	t.Run("switches", func(t *testing.T) {
		for _, on := range []string{"/meetings/new", "/meetings/adopt", where + "/edit", "/admin/presets/new"} {
			form := with("form_on", on, "theme", "dark", "join_url", join, "name", "Zanzibar")
			watch.page(b.post("/preferences", form))
			form.Set("attendees", "Zoe Zanzibar <zoe@fabrikam.example>\n"+manyPeople(200)) // too long for a cookie
			watch.page(b.post("/preferences", form))
		}
		watch.page(b.post("/preferences", url.Values{"theme": {"light"}, "return_to": {"/history?q=zanzibar"}}))
	})
	t.Run("guard", func(t *testing.T) {
		watch.page(o.post("/meetings", typed).want(409))
		watch.page(b.post("/meetings", typed).want(409))
		edit := with("edit", "1")
		watch.page(o.post("/meetings", edit).want(200))
		watch.page(o.get("/t/INC0012345?subject=Zanzibar&attendee=zoe%40fabrikam.example").want(200))
		watch.page(o.press(o.get("/t/INC0012345?subject=Zanzibar"), "Create mine").want(200))
		watch.page(o.get("/t/INC77?subject=Zanzibar").want(200))
	})
	t.Run("search", func(t *testing.T) {
		for _, q := range []string{"zanzibar", "zoe@fabrikam.example", join, elsewhere, "no such zanzibar"} {
			for _, who := range []*browser{b, d} {
				watch.page(who.get("/history?" + urlQuery("q", q)))
			}
		}
		watch.page(b.press(b.get("/history?"+urlQuery("q", elsewhere)), "It is mine").want(200))
		watch.page(d.get("/history?whose="+priya).want(200, "Priya Nair"))
	})
	t.Run("sign-in", func(t *testing.T) {
		for _, to := range []string{"/history?q=zanzibar", "/meetings/new?subject=Zanzibar", "/t/INC77?attendee=zoe%40fabrikam.example"} {
			for _, site := range []string{"none", "same-origin"} {
				out := s.browser()
				out.client.Transport = watch
				r, err := http.NewRequest(http.MethodGet, s.url+to, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Header = http.Header{"Sec-Fetch-Site": {site}, "Sec-Fetch-Dest": {"document"}}
				watch.page(out.do(r))
			}
		}
	})
	o.post(where+"/hand-over", url.Values{"external_id": {"INC0012345"}}).want(200)
	for _, who := range []*browser{b, o, d, in(alex)} {
		watch.crawl(who, where, where+"/edit", where+"/remove", "/history", "/t/INC0012345", "/meetings/adopt", "/history?q=zanzibar&list=1")
	}
	for _, path := range regexp.MustCompile(`path=("[^"]*"|\S+)`).FindAllString(s.Log.String(), -1) {
		watch.check("the log", strings.Trim(strings.TrimPrefix(path, "path="), `"`))
	}
	for _, m := range mayContain {
		if used := regexp.MustCompile(m.url); m.because == "" || !slices.ContainsFunc(urls(watch.seen), used.MatchString) {
			t.Errorf("no URL matches the exception %s", m.url)
		}
	}
	if len(watch.seen) < 100 {
		t.Errorf("only %d URLs were seen", len(watch.seen))
	}
}

func urls(seen map[string]bool) (list []string) {
	for u := range seen {
		list = append(list, u)
	}
	return list
}
