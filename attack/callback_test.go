package attack_test

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// authorize signs in to the provider as upn and returns the callback URL without
// requesting it.
func (b *browser) authorize(upn string) *url.URL {
	b.t.Helper()
	var back *url.URL
	client := *b.client
	client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/auth/callback" {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}
	(&browser{site: b.site, client: &client}).get("/auth/login?login_hint=" + url.QueryEscape(upn))
	if back == nil {
		b.t.Fatal("the provider did not send the browser back")
	}
	return back
}

// with returns the path and query of u, with the query parameters in changes replaced. A
// parameter without values is removed.
func with(u *url.URL, changes url.Values) string {
	query := u.Query()
	for name, values := range changes {
		if query[name] = values; len(values) == 0 {
			delete(query, name)
		}
	}
	return u.Path + "?" + query.Encode()
}

// unusable is the outcome of a callback that the desk rejects before it calls the
// provider.
var unusable = outcome{status: 401, page: "This sign-in cannot be used", audit: "refused 0 signin.state GET /auth/callback"}

// forgedCallback is an attack in which the victim's browser opens a callback URL that the
// attacker prepared. The desk must not redeem the code.
func forgedCallback(name, does string, prepare func(theirs, ours *url.URL) string) attack {
	return attack{name: "callback/" + name, attacker: otherSite, does: does, want: unusable, run: func(s *site) *page {
		theirs := s.browser().authorize(tomas)
		victim := s.browser()
		ours := victim.authorize(priya)
		before := s.Redeemed.Load()
		p := victim.get(prepare(theirs, ours))
		if s.Redeemed.Load() != before {
			s.t.Error("the desk redeemed the attacker's code")
		}
		return p
	}}
}

// ownCallback is an attack that changes parameters of Priya's own callback before it
// reaches the desk.
func ownCallback(name, attacker, does string, want outcome, changes url.Values) attack {
	return attack{name: "callback/" + name, attacker: attacker, does: does, want: want, run: func(s *site) *page {
		b := s.browser()
		return b.get(with(b.authorize(priya), changes))
	}}
}

func callbackAttacks() []attack {
	refused := outcome{status: 403, page: "did not let you sign in"}
	mixUp := outcome{status: 403, page: "did not come from the provider", log: "iss", audit: "- refused 0 signin.issuer"}
	long := strings.Repeat("A", 5000)
	return []attack{
		forgedCallback("login-csrf", "signs the victim in as the attacker, with the attacker's callback", func(theirs, _ *url.URL) string { return theirs.RequestURI() }),
		forgedCallback("state-missing", "opens a callback without a state", func(theirs, _ *url.URL) string { return with(theirs, url.Values{"state": nil}) }),
		forgedCallback("state-invented", "opens a callback with an invented state", func(theirs, _ *url.URL) string {
			return with(theirs, url.Values{"state": {strings.Repeat("A", 120)}})
		}),
		forgedCallback("state-long", "opens a callback with a state of 5 KB", func(theirs, _ *url.URL) string { return with(theirs, url.Values{"state": {long}}) }),
		forgedCallback("state-changed", "changes one letter of a state", func(_, ours *url.URL) string {
			state := ours.Query().Get("state")
			return with(ours, url.Values{"state": {state[:50] + string(state[50]^1) + state[51:]}})
		}),
		forgedCallback("state-twice", "sends the attacker's state before the victim's", func(theirs, ours *url.URL) string {
			return with(theirs, url.Values{"state": {theirs.Query().Get("state"), ours.Query().Get("state")}})
		}),
		injectedCode(), replayedCallback(), expiredCallback(), otherBrowser(), plantedSignInCookies(),
		ownCallback("code-invented", stranger, "sends a code that the provider never issued", refused, url.Values{"code": {"invented"}}),
		ownCallback("code-missing", stranger, "removes the code from a callback", outcome{status: 403, page: "without a sign-in code"}, url.Values{"code": nil}),
		ownCallback("code-hostile", stranger, "sends a code that would add parameters to the request for tokens", refused, url.Values{"code": {"x&grant_type=client_credentials\r\nX-Evil: 1"}}),
		ownCallback("mix-up", network, "sends the response of another provider (mix-up, RFC 9207)", mixUp, url.Values{"iss": {"https://elsewhere.example"}}),
		ownCallback("mix-up-twice", network, "names two providers, of which one is right", mixUp, url.Values{"iss": {"https://elsewhere.example", "http://127.0.0.1"}}),
		announcedIssuer(),
		ownCallback("error-html", stranger, "sends an error with a script", refused, url.Values{"code": nil, "error": {"<script>alert(1)</script>"}, "error_description": {"<script>"}}),
		ownCallback("error-huge", stranger, "sends an error with a description of 30 KB", refused, url.Values{"code": nil, "error": {long}, "error_description": {strings.Repeat("\u202e", 10_000)}}),
		ownCallback("error-and-code", stranger, "sends an error next to a valid code", outcome{status: 403, page: "You chose not to sign in"}, url.Values{"error": {"access_denied"}}),
		{name: "callback/form-post", attacker: otherSite, does: "sends the callback as a form", want: outcome{status: 403, page: "from another", audit: "- refused 0 crosssite.refused"}, run: func(s *site) *page {
			b := s.browser()
			back := b.authorize(priya)
			r := b.request(http.MethodPost, "/auth/callback", strings.NewReader(back.RawQuery))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return b.do(r)
		}},
		logoutFrame("frontchannel-other-issuer", "ends somebody's session in the name of another provider", func(sid string) string { return "sid=" + sid + "&iss=https://elsewhere.example" }),
		logoutFrame("frontchannel-wildcard", "ends everybody's sessions with a wildcard", func(string) string { return "sid=%25" }),
		logoutFrame("frontchannel-without-sid", "ends everybody's sessions without naming one", func(string) string { return "sid=&sid=%00" }),
		logoutFrame("frontchannel-prefix", "ends sessions by the beginning of their ID", func(sid string) string { return "sid=" + sid[:len(sid)-1] }),
	}
}

// injectedCode is an attack that puts the attacker's own authorization code into the
// victim's callback. The victim's PKCE verifier does not match that code.
func injectedCode() attack {
	return attack{name: "callback/code-of-another-sign-in", attacker: network, does: "puts the code of their own sign-in into the victim's callback",
		want: outcome{status: 403, page: "did not let you sign in"}, run: func(s *site) *page {
			code := s.browser().authorize(tomas).Query().Get("code")
			victim := s.browser()
			return victim.get(with(victim.authorize(priya), url.Values{"code": {code}}))
		}}
}

func replayedCallback() attack {
	return attack{name: "callback/replayed", attacker: stranger, does: "opens the victim's callback again, in the same browser after a sign-out", want: unusable, run: func(s *site) *page {
		b := s.browser()
		back := b.authorize(priya)
		b.get(back.RequestURI())
		b.post("/auth/logout", nil)
		return b.get(back.RequestURI())
	}}
}

func expiredCallback() attack {
	return attack{name: "callback/expired", attacker: stranger, does: "opens a callback 16 minutes after the sign-in began", want: unusable, run: func(s *site) *page {
		b := s.browser()
		back := b.authorize(priya)
		s.SetAhead(16 * time.Minute)
		return b.get(back.RequestURI())
	}}
}

func otherBrowser() attack {
	return attack{name: "callback/stolen", attacker: stranger, does: "opens the victim's callback first, in another browser", want: unusable, run: func(s *site) *page {
		back := s.browser().authorize(priya)
		return s.browser().get(back.RequestURI())
	}}
}

// plantedSignInCookies is an attack in which another host in the domain sets fake sign-in
// cookies. e2e.TestPlantedCookies covers genuine cookies from the attacker's own sign-in.
func plantedSignInCookies() attack {
	return attack{name: "callback/planted-cookies", attacker: sibling, does: "fills the browser with invented sign-in cookies and opens the attacker's callback", want: unusable, run: func(s *site) *page {
		theirs := s.browser().authorize(tomas)
		victim := s.browser()
		var planted []*http.Cookie
		for _, slot := range []string{"0", "1", "2", "39", "40", "-1", "x", "99999999999999999999"} {
			planted = append(planted, &http.Cookie{Name: "meetdesk-signin-" + slot, Value: strings.Repeat("A", 20), Path: "/"})
		}
		victim.client.Jar.SetCookies(parse(s.t, s.url), planted)
		return victim.get(theirs.RequestURI())
	}}
}

// announcedIssuer is an attack that removes the issuer from a callback. The provider has
// announced that every callback contains it (RFC 9207).
func announcedIssuer() attack {
	return attack{name: "callback/mix-up-unnamed", attacker: network, does: "removes the issuer that the provider announces (RFC 9207)", run: func(s *site) *page {
		s.discover(func(d object) { d["authorization_response_iss_parameter_supported"] = true })
		b := s.browser()
		return b.get(with(b.authorize(priya), url.Values{"iss": nil}))
	}, want: outcome{status: 403, page: "did not come from the provider"}}
}

// logoutFrame is an attack in which another site's page opens the desk's front-channel
// logout URL. Priya must stay signed in.
func logoutFrame(name, does string, query func(sid string) string) attack {
	return attack{name: "callback/" + name, attacker: otherSite, does: does, run: func(s *site) *page {
		b := s.signIn(priya)
		s.browser().get("/auth/frontchannel-logout?" + query(url.QueryEscape(s.column(`SELECT sid FROM sessions`))))
		return b.get("/")
	}, want: outcome{status: 200, page: "Priya Nair", sessions: 1}}
}

// outside contains return URLs that the desk must replace with its home page. Some are not
// absolute paths, others lead to another site in some browsers, and a few open the sign-in
// or sign-out page.
var outside = map[string]string{
	"https":               "https://evil.example/",
	"scheme-relative":     "//evil.example/",
	"backslash":           `/\evil.example/`,
	"backslashes":         `\\evil.example/`,
	"tab":                 "/\t/evil.example/",
	"newline":             "/\r\nLocation: https://evil.example/",
	"javascript":          "javascript:alert(1)//",
	"data":                "data:text/html,<script>alert(1)</script>",
	"userinfo":            "https://localhost@evil.example/",
	"triple-slash":        "///evil.example/",
	"nul":                 "/\x00//evil.example/",
	"fullwidth-slash":     "／／evil.example/",
	"sign-out":            "/auth/logout",
	"login-again":         "/auth/login?return_to=https://evil.example/",
	"login-dot-segments":  "/x/../auth/login?return_to=/auth/login",
	"opaque":              "http:evil.example",
	"leading-space":       " https://evil.example/",
	"port-without-scheme": ":80//evil.example/",
	"relative":            "evil.example",
}

// inside contains return URLs that look hostile but stay on the desk.
var inside = map[string]string{
	"encoded-slash":     "/%2fevil.example/",
	"encoded-backslash": "/%5cevil.example/",
	"dot-segments":      "/..//evil.example/",
	"dot-slash":         "/.//evil.example/",
	"path-dot-segments": "/history/..//evil.example/..",
	"fragment":          "/#//evil.example/",
}

func returning(name, to string, want outcome, check func(s *site, p *page)) attack {
	return attack{name: "redirect/" + name, attacker: otherSite, does: "links to the sign-in with the address " + strings.Map(printable, to) + " to return to", run: func(s *site) *page {
		p := s.browser().get("/auth/login?" + url.Values{"login_hint": {priya}, "return_to": {to}}.Encode())
		check(s, p)
		return p
	}, want: want}
}

// redirectAttacks returns attacks with hostile return URLs and attacks with unclean paths.
// The desk redirects an unclean path to its cleaned form.
func redirectAttacks() (rows []attack) {
	for name, to := range outside {
		rows = append(rows, returning(name, to, outcome{status: 200, sessions: 1}, func(s *site, p *page) {
			if p.url.String() != s.url+"/" {
				s.t.Errorf("the sign-in led to %s, want the home page", p.url)
			}
		}))
	}
	for name, to := range inside {
		rows = append(rows, returning(name, to, outcome{sessions: 1}, func(s *site, p *page) {
			if p.url.Host != parse(s.t, s.url).Host {
				s.t.Errorf("the sign-in led to %s", p.url)
			}
		}))
	}
	for name, path := range map[string]string{
		"path-scheme-relative": "//evil.example/", "path-backslash": `/%5cevil.example/`, "path-dot-segments-slash": "//evil.example/..", "path-encoded": "/%2f%2fevil.example", "path-ticket": "/t/%2f%2fevil.example%2f..",
	} {
		rows = append(rows, attack{name: "redirect/" + name, attacker: otherSite, does: "links to the path " + path + " of the desk, which is cleaned by a redirect",
			run: func(s *site) *page { return s.signIn(priya).get(path) }, want: outcome{sessions: 1}})
	}
	return rows
}

// printable returns r, or a dot if r is a control character. Descriptions must not contain
// control characters.
func printable(r rune) rune {
	if r < ' ' {
		return '·'
	}
	return r
}
