package attack_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/securecookie"

	"meetdesk/desk/desktest"
)

const sessionCookie = "meetdesk"

func (b *browser) cookie() string {
	b.t.Helper()
	for _, c := range b.client.Jar.Cookies(parse(b.t, b.url)) {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	b.t.Fatal("the browser has no session cookie")
	return ""
}

func (s *site) sends(header string) *page {
	b := s.browser().still()
	r := b.request(http.MethodGet, "/history", nil)
	r.Header.Set("Cookie", header)
	return b.do(r)
}

// toSignIn is the outcome when the desk redirects the browser to the sign-in page and one
// session exists.
var toSignIn = outcome{status: 303, sessions: 1}

// cookieRow is an attack with a hostile Cookie header while Priya has a session. The
// callback builds the header from the value of her session cookie.
func cookieRow(name, attacker, does string, want outcome, header func(s *site, valid string) string) attack {
	return attack{name: "session/" + name, attacker: attacker, does: does, want: want, run: func(s *site) *page {
		return s.sends(header(s, s.signIn(priya).cookie()))
	}}
}

func signed(s *site, key []byte, id string) string {
	derived, err := hkdf.Key(sha256.New, key, nil, "meetdesk cookie session", 64)
	if err != nil {
		s.t.Fatal(err)
	}
	value, err := securecookie.New(derived[:32], nil).Encode(sessionCookie, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return value
}

func sessionAttacks() []attack {
	name := sessionCookie + "="
	return []attack{
		cookieRow("cookie-changed", stranger, "changes one letter of a session cookie", toSignIn, func(_ *site, valid string) string {
			return name + valid[:40] + string(valid[40]^1) + valid[41:]
		}),
		cookieRow("cookie-empty", stranger, "sends an empty session cookie", toSignIn, func(*site, string) string { return name }),
		cookieRow("cookie-other-name", stranger, "sends a session cookie under the name of another cookie", toSignIn, func(_ *site, valid string) string { return "meetdesk-signin-1=" + valid }),
		cookieRow("cookie-other-key", stranger, "signs a session cookie with a key of their own", toSignIn, func(s *site, _ string) string {
			return name + signed(s, bytes.Repeat([]byte("k"), 32), "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		}),
		cookieRow("cookie-unknown-session", stranger, "sends a cookie that the desk signed for a session that does not exist", toSignIn, func(s *site, _ string) string {
			return name + signed(s, desktest.Keys[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		}),
		cookieRow("database-read", "somebody who has a copy of the database", "sends the hash of a session's ID as its cookie", toSignIn, func(s *site, _ string) string {
			hash := s.column(`SELECT hex(hash) FROM sessions`)
			raw, _ := hex.DecodeString(hash)
			return name + signed(s, []byte(strings.Repeat("\x00", 32)), string(raw)) + "; " + name + hash
		}),
		cookieRow("cookie-huge", stranger, "sends a session cookie of 60 KB", toSignIn, func(*site, string) string { return name + strings.Repeat("A", 60_000) }),
		cookieRow("cookies-many", stranger, "sends 2,000 cookies at once", toSignIn, func(*site, string) string { return strings.Repeat(name+"A; ", 2000) }),
		cookieRow("cookie-planted-first", sibling, "plants a second session cookie before the victim's: the victim is signed out, never somebody else", toSignIn, func(_ *site, valid string) string {
			return name + "planted; " + name + valid
		}),
		{name: "session/fixation", attacker: sibling, does: "plants the cookie of their own session before the victim signs in", run: func(s *site) *page {
			theirs := s.signIn(tomas)
			victim := s.browser()
			victim.client.Jar.SetCookies(parse(s.t, s.url), []*http.Cookie{{Name: sessionCookie, Value: theirs.cookie(), Path: "/"}})
			victim.get("/auth/login?login_hint=" + priya)
			if victim.cookie() == theirs.cookie() {
				s.t.Error("the session that was planted became the victim's")
			}
			return theirs.still().get("/history")
		}, want: toSignIn},
		{name: "session/after-sign-out", attacker: stranger, does: "uses the cookie of a session that was signed out", run: func(s *site) *page {
			b := s.signIn(priya)
			stolen := b.cookie()
			b.post("/auth/logout", nil)
			return s.sends(name + stolen)
		}, want: outcome{status: 303}},
		{name: "session/after-provider-sign-out", attacker: stranger, does: "uses the cookie of a session that ended at the provider", run: func(s *site) *page {
			stolen := s.signIn(priya).cookie()
			s.browser().get("/auth/frontchannel-logout?sid=" + s.column(`SELECT sid FROM sessions`))
			return s.sends(name + stolen)
		}, want: outcome{status: 303}},
		{name: "session/idle", attacker: stranger, does: "uses a session that was idle for more than four hours", run: func(s *site) *page {
			stolen := s.signIn(priya).cookie()
			s.SetAhead(4*time.Hour + time.Minute)
			return s.sends(name + stolen)
		}, want: toSignIn},
		{name: "session/kept-alive", attacker: stranger, does: "keeps a stolen session alive by using it every hour", run: func(s *site) *page {
			b := s.signIn(priya)
			for hour := 1; hour < 12; hour++ {
				s.SetAhead(time.Duration(hour) * time.Hour)
				b.get("/")
			}
			s.SetAhead(12*time.Hour + time.Minute)
			return b.still().get("/history")
		}, want: toSignIn},
		{name: "session/cookie-attributes", attacker: network, does: "reads the session cookie from a script, over http, or on another site", run: func(s *site) *page {
			b := s.browser()
			p := b.still().get(b.authorize(priya).RequestURI())
			header := strings.Join(p.header.Values("Set-Cookie"), "\n")
			for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"} {
				if !strings.Contains(header, want) {
					s.t.Errorf("the cookie lacks %s: %s", want, header)
				}
			}
			if strings.Contains(header, "Domain") {
				s.t.Errorf("the cookie has a domain, so other hosts get it: %s", header)
			}
			return p
		}, want: toSignIn},
	}
}
