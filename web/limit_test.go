package web_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetdesk/testenv"
	"meetdesk/web"
)

// Each route is in exactly one row of the limit table. Every row limits both persons and
// addresses, unless it only serves files. An office behind one address may do at least ten
// times as much as one person.
func TestEveryRouteHasALimit(t *testing.T) {
	t.Parallel()
	s := newSite(t, withLimits)
	rows := make(map[string]string)
	for _, l := range web.DefaultLimits() {
		person, address := l.Person, l.Address
		if l.Name != "files" && (person.Burst < 1 || person.Every <= 0 || address.Burst < 10*person.Burst || address.Every <= 0 || address.Every > person.Every/10 || address.Day != 0) {
			t.Errorf("the row %q has the rates %+v and %+v", l.Name, person, address)
		}
		for _, pattern := range l.Routes {
			rows[pattern] = l.Name
		}
	}
	for _, route := range s.server.Routes() {
		if rows[route.Pattern] == "" {
			t.Errorf("the route %q is not in the table of limits", route.Pattern)
		}
		delete(rows, route.Pattern)
	}
	for pattern := range rows {
		t.Errorf("the table of limits has %q, which is not a route", pattern)
	}
	config := s.server.Config
	for name, change := range map[string]func([]web.Limit) []web.Limit{
		"has no limit":   func(l []web.Limit) []web.Limit { return l[:len(l)-1] },
		"in two rows":    func(l []web.Limit) []web.Limit { return append(l, l[3]) },
		"is not a route": func(l []web.Limit) []web.Limit { return append(l, web.Limit{Routes: []string{"GET /nowhere"}}) },
	} {
		config.Limits = change(web.DefaultLimits())
		if _, err := web.New(config); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the site starts with a table in which a route %s (%v)", name, err)
		}
	}
}

// When a rate in any row is used up, further requests are refused until the announced time.
// Other people at other addresses are not affected.
func TestEachLimitRefuses(t *testing.T) {
	t.Parallel()
	for i, limit := range web.DefaultLimits() {
		if limit.Name == "files" {
			continue
		}
		for _, by := range []string{"person", "network"} {
			t.Run(limit.Name+" by "+by, func(t *testing.T) {
				t.Parallel()
				few, rate := web.NoLimits(), web.Rate{Burst: 2, Every: time.Hour}
				if by == "person" {
					few[i].Person = rate
				} else {
					few[i].Address = rate
				}
				wantRefusal(t, few, limit.Routes[0], by == "person")
			})
		}
	}
}

// wantRefusal checks that the third request to the route is refused until the announced
// time. The given limits must allow two requests an hour.
func wantRefusal(t *testing.T, limits []web.Limit, route string, byPerson bool) {
	t.Helper()
	s := newSite(t, func(s *siteSettings) {
		s.limits, s.trusted = limits, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	b, other := s.visitor(priya), s.visitor(tomas)
	s.SetAhead(61 * time.Minute) // the sign-in used up a request for a page
	send := func(b *browser, from string) *page {
		r := s.request(t, route, [2]int64{1, 1})
		r.Header.Set("X-Forwarded-For", from)
		return b.do(r)
	}
	want, refused, allowed := "Too many requests came from your network", other, b
	if byPerson {
		want, refused, allowed = "many t", b, other
	}
	for range 2 {
		if p := send(b, "192.0.2.1"); p.status == 429 {
			t.Fatalf("refused too early:\n%s", p.text())
		}
	}
	p := send(refused, "192.0.2.1").want(429, "Wait a moment", want)
	wantStrict(t, p)
	if wait, err := strconv.Atoi(p.header.Get("Retry-After")); err != nil || wait < 3000 || wait > 3600 {
		t.Errorf("Retry-After is %q, want about an hour", p.header.Get("Retry-After"))
	}
	if strings.HasPrefix(route, "POST ") && !regexp.MustCompile(`value="(https://teams.example/)?changed"|INC-access</textarea>`).MatchString(p.body) {
		t.Errorf("the page lost what was typed:\n%s", p.body)
	}
	elsewhere := "192.0.2.2"
	if byPerson {
		elsewhere = "192.0.2.1"
	}
	if p := send(allowed, elsewhere); p.status == 429 {
		t.Errorf("another person or address is refused:\n%s", p.text())
	}
	s.SetAhead(122 * time.Minute)
	if p := send(refused, "192.0.2.1"); p.status == 429 {
		t.Errorf("refused after the announced time:\n%s", p.text())
	}
}

// The limits for addresses also apply to requests without a session, even for URLs that do
// not exist.
func TestStrangersAreLimited(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"tickets": "/t/INC0012345", "pages": "/nowhere"} {
		limits := web.NoLimits()
		limits[slices.IndexFunc(limits, func(l web.Limit) bool { return l.Name == name })].Address = web.Rate{Burst: 2, Every: time.Hour}
		b := newSite(t, func(s *siteSettings) { s.limits = limits }).visitor("")
		for range 2 {
			if p := b.get(path); p.status == 429 {
				t.Errorf("%s is refused too early", path)
			}
		}
		if p := b.get(path).want(429, "Too many requests came from your network"); p.header.Get("Retry-After") == "" {
			t.Errorf("the refusal of %s has no Retry-After", path)
		}
	}
}

// A person can look up colleagues' meetings 200 times in a burst and then about 8 times an
// hour.
func TestNobodyGoesThroughAllTickets(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, withLimits)
	b, shown := s.signIn(priya), 0
	for minute := 0; minute < 11*60; minute += 2 { // the session ends after twelve hours
		s.SetAhead(time.Duration(minute) * time.Minute)
		for range 3 {
			if b.ask("/meetings/new/guard?external_id=INC0012345").status != 429 {
				shown++
			}
		}
	}
	if shown < 200 || shown > 200+200*11/24+1 {
		t.Errorf("%d look-ups in eleven hours, want 200 and about 8 an hour", shown)
	}
}

// X-Forwarded-For is ignored unless a trusted proxy sent it. It is read from right to
// left, up to the first untrusted address.
func TestClientAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		trusted []string
		headers []string // the X-Forwarded-For headers of the two requests
		same    bool     // whether both requests count as the same client
	}{
		{"no proxy is trusted", nil, []string{"192.0.2.1", "192.0.2.2"}, true},
		{"another proxy is trusted", []string{"10.0.0.0/8"}, []string{"192.0.2.1", "192.0.2.2"}, true},
		{"trusted", []string{"127.0.0.1/32"}, []string{"192.0.2.1", "192.0.2.2"}, false},
		{"made up before the proxy's own entry", []string{"127.0.0.1/32"}, []string{"192.0.2.1, 198.51.100.7", "192.0.2.2, 198.51.100.7"}, true},
		{"two proxies", []string{"127.0.0.1/32", "10.0.0.0/8"}, []string{"192.0.2.1, 10.1.1.1", "192.0.2.2, 10.1.1.2"}, false},
		{"not an address", []string{"127.0.0.1/32"}, []string{"x", "y"}, true},
		{"one IPv6 network", []string{"127.0.0.1/32"}, []string{"2001:db8::1", "2001:db8::ffff:1"}, true},
		{"two IPv6 networks", []string{"127.0.0.1/32"}, []string{"2001:db8::1", "2001:db8:0:1::1"}, false},
		{"IPv4 written as IPv6", []string{"127.0.0.1/32"}, []string{"192.0.2.1", "::ffff:192.0.2.1"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			limits := web.NoLimits()
			limits[1].Address = web.Rate{Burst: 1, Every: time.Hour}
			s := newSite(t, func(s *siteSettings) {
				s.limits = limits
				for _, p := range tt.trusted {
					s.trusted = append(s.trusted, netip.MustParsePrefix(p))
				}
			})
			var last *page
			for _, header := range tt.headers {
				r := s.request(t, "GET /auth/login", [2]int64{})
				r.Header.Set("X-Forwarded-For", header)
				last = s.visitor("").do(r)
			}
			if same := last.status == 429; same != tt.same {
				t.Errorf("the second request got status %d; want one address: %v", last.status, tt.same)
			}
		})
	}
}

// A request whose body arrives too slowly is answered with status 408 and is not logged as
// an error.
func TestStalledUpload(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	s := newSite(t)
	front := httptest.NewUnstartedServer(s.server)
	front.Config.ReadTimeout = 200 * time.Millisecond
	front.Start()
	defer front.Close()
	conn, err := net.Dial("tcp", front.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /meetings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000\r\n\r\nsubject=x")
	answer := make([]byte, 1<<10)
	n, _ := conn.Read(answer)
	if !strings.HasPrefix(string(answer[:n]), "HTTP/1.1 408 ") {
		t.Errorf("the answer is %q, want 408", answer[:n])
	}
	if log := s.Log.String(); strings.Contains(log, "level=ERROR") || !strings.Contains(log, "status=408") {
		t.Errorf("the log is\n%s", log)
	}
}

func TestLogTruncatesPaths(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path, _ := http.NewRequest(http.MethodGet, s.url+"/meetings/"+strings.Repeat("7", 8000), nil)
	method, _ := http.NewRequest(strings.Repeat("M", 8000), s.url+"/", nil)
	for want, r := range map[string]*http.Request{
		" path=/meetings/" + strings.Repeat("7", 190) + "… ": path,
		" method=" + strings.Repeat("M", 200) + "… ":         method,
	} {
		before := len(s.Log.String())
		s.visitor("").do(r)
		if added := s.Log.String()[before:]; !strings.Contains(added, want) || len(added) > 1500 {
			t.Errorf("the log has %d more bytes, want %q in them:\n%.500s", len(added), want, added)
		}
	}
}

// A request whose client disconnects is not logged as an error.
func TestVisitorDisconnects(t *testing.T) {
	t.Parallel()
	s := newSite(t, withScopes(basicScope))
	b := s.signIn(priya)
	s.graph.SetLatency(300 * time.Millisecond)
	b.client.Timeout = 50 * time.Millisecond
	if _, err := b.client.PostForm(b.url+"/people", url.Values{"q": {"dana"}}); err == nil {
		t.Fatal("the browser got an answer")
	}
	eventually(t, "the request is logged", func() bool { return strings.Contains(s.Log.String(), "path=/people ") })
	line := regexp.MustCompile(`(?m)^.*path=/people .*$`).FindString(s.Log.String())
	if !strings.Contains(line, "level=INFO") || !strings.Contains(line, "status=499") {
		t.Errorf("the log says\n%s", line)
	}
}

// Setting the clock back does not lock users out. Setting it forward replenishes exhausted
// allowances.
func TestLimitsAfterClockSteps(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, step := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		few := web.NoLimits()
		at := slices.IndexFunc(few, func(l web.Limit) bool { return l.Name == "creates" })
		few[at].Person = web.Rate{Burst: 1, Every: 10 * time.Minute, Day: 100}
		s := newSite(t, func(s *siteSettings) { s.limits = few })
		b := s.signIn(priya)
		b.post("/meetings", s.form("thread_id", "x")).want(422)
		b.post("/meetings", s.form("thread_id", "x")).want(429)
		s.SetAhead(step)
		if step > 0 {
			b = s.signIn(priya) // the session has ended
			b.post("/meetings", s.form("thread_id", "x")).want(422)
			continue
		}
		p := b.post("/meetings", s.form("thread_id", "x")).want(429)
		if wait, err := strconv.Atoi(p.header.Get("Retry-After")); err != nil || wait > 600 {
			t.Errorf("after a step of %v, Retry-After is %q", step, p.header.Get("Retry-After"))
		}
		s.SetAhead(step + 11*time.Minute)
		b.post("/meetings", s.form("thread_id", "x")).want(422)
	}
}
