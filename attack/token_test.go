package attack_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"meetdesk/emulator/emutest"
)

// bomb sends a valid, compressed JSON object with 64 MB of spaces before its closing brace.
func bomb(w http.ResponseWriter, object string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	zip := gzip.NewWriter(w)
	defer zip.Close()
	pad(zip, object, 64)
}

// pad writes a JSON object with the given number of megabytes of spaces before its
// closing brace.
func pad(w io.Writer, object string, megabytes int) {
	_, _ = io.WriteString(w, strings.TrimSuffix(strings.TrimSpace(object), "}"))
	for range megabytes {
		if _, err := io.WriteString(w, strings.Repeat(" ", 1<<20)); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, "}")
}

// bombed is an attack in which a response from the provider is padded with 64 MB of spaces
// and compressed to 64 KB.
func bombed(area, suffix string) attack {
	return attack{name: area + "/gzip-bomb", attacker: provider, does: "sends a compressed response of 64 MB", want: unreachable, run: func(s *site) *page {
		s.tamper(func(w http.ResponseWriter, r *http.Request, emulator http.Handler) bool {
			if !strings.HasSuffix(r.URL.Path, suffix) {
				return false
			}
			usual := httptest.NewRecorder()
			emulator.ServeHTTP(usual, r)
			bomb(w, usual.Body.String())
			return true
		})
		return s.browser().get("/auth/login?login_hint=" + priya)
	}}
}

// elsewhere is the attacker's server. It counts requests and stores the last one.
type elsewhere struct {
	*httptest.Server
	requests atomic.Int32
	header   http.Header
	form     string
}

func newElsewhere(s *site, answer http.HandlerFunc) *elsewhere {
	e := new(elsewhere)
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.requests.Add(1)
		body, _ := io.ReadAll(r.Body)
		e.header, e.form = r.Header, string(body)
		if answer != nil {
			answer(w, r)
		}
	}))
	s.t.Cleanup(e.Close)
	return e
}

func (e *elsewhere) wantUntouched(s *site) {
	s.t.Helper()
	if e.requests.Load() != 0 {
		s.t.Errorf("the attacker's server got a request with the headers %v and the body %q", e.header, e.form)
	}
}

// onToken is an attack in which the token endpoint sends a hostile response when Priya
// signs in.
func onToken(name, does string, want outcome, answer func(s *site, w http.ResponseWriter, r *http.Request)) attack {
	return attack{name: "token/" + name, attacker: provider, does: does, want: want, run: func(s *site) *page {
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if isTokenRequest(r) {
				answer(s, w, r)
			}
			return isTokenRequest(r)
		})
		return s.browser().get("/auth/login?login_hint=" + priya)
	}}
}

// withReply is an attack in which the token endpoint sends a modified response. If Priya
// can still sign in, she creates a meeting.
func withReply(name, does string, want outcome, change func(reply object)) attack {
	return attack{name: "token/" + name, attacker: provider, does: does, want: want, run: func(s *site) *page {
		s.forge(func(f *forgery) { change(f.reply) })
		b := s.browser()
		if p := b.get("/auth/login?login_hint=" + priya); p.status != 200 {
			return p
		}
		return b.post("/meetings", s.form())
	}}
}

func tokenAttacks() []attack {
	unavailable := outcome{status: 503, page: "cannot be reached"}
	refused := outcome{status: 403, page: "did not let you sign in", audit: "- refused 0 signin.refused GET /auth/callback"}
	return []attack{
		refreshAs("refresh-other-person", "answers a refresh with the tokens of a colleague", func(f *forgery) { f.claims["oid"] = tomasID }),
		refreshAs("refresh-other-tenant", "answers a refresh with the tokens of another organization", func(f *forgery) { f.claims["tid"] = "11111111-2222-4333-8444-555555555555" }),
		refreshAs("refresh-unsigned", "answers a refresh with an unsigned ID token of a colleague", func(f *forgery) { f.header["alg"], f.key, f.claims["oid"] = "none", nil, tomasID }),
		userinfo(),
		pkce("pkce-plain", "announces only the method plain for the proof of possession (PKCE)", []string{"plain"}),
		pkce("pkce-missing", "announces no method for the proof of possession (PKCE)", nil),
		redirectedToken("redirect-307", http.StatusTemporaryRedirect),
		redirectedToken("redirect-308", http.StatusPermanentRedirect),
		redirectedToken("redirect-302", http.StatusFound),
		bombed("token", "/token"),
		onToken("html", "sends a page instead of tokens", unavailable, func(_ *site, w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "<script>alert(1)</script>")
		}),
		onToken("error-echoes-request", "echoes the whole request, with the client secret and the code, in its error", refused, func(s *site, w http.ResponseWriter, r *http.Request) {
			r.ParseForm()
			s.mu.Lock()
			s.secrets = append(s.secrets, r.PostForm.Get("code"), r.PostForm.Get("code_verifier"))
			s.mu.Unlock()
			w.WriteHeader(http.StatusBadRequest)
			writeJSON(w, object{"error": "invalid_grant", "error_description": r.PostForm.Encode(), "error_uri": r.PostForm.Encode(), "correlation_id": r.PostForm.Encode()})
		}),
		onToken("error-is-secret", "sends the client secret as the name of the error", refused, func(s *site, w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			writeJSON(w, object{"error": emutest.Secret + "!", "correlation_id": "\u202e"})
		}),
		onToken("error-html", "sends a script as the name of the error", refused, func(_ *site, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			writeJSON(w, object{"error": "<script>alert(1)</script>"})
		}),
		onToken("error-codes-huge", "sends a hundred thousand error codes, which the log must not keep", refused, func(_ *site, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			writeJSON(w, object{"error": "invalid_grant", "error_codes": slices.Repeat([]int{50173}, 100_000)})
		}),
		onToken("json-deep", "sends JSON that is a hundred thousand levels deep", unavailable, func(_ *site, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, strings.Repeat("[", 100_000))
		}),
		withReply("id-token-missing", "sends no ID token with the other tokens", outcome{status: 403, page: "“id_token”"}, func(reply object) { delete(reply, "id_token") }),
		withReply("scope-missing", "grants less than the desk asked for", outcome{status: 403, page: "OnlineMeetings.ReadWrite"}, func(reply object) { reply["scope"] = "openid profile" }),
		withReply("access-token-newline", "sends an access token that would add a header to the calls", outcome{status: 200, page: "Failed", sessions: 1, meetings: 1}, func(reply object) {
			reply["access_token"] = "a\r\nX-Evil: 1"
		}),
	}
}

// refreshAs is an attack in which the provider forges the ID token when Priya's tokens
// are refreshed. The desk must end her session and create no meeting.
func refreshAs(name, does string, change func(f *forgery)) attack {
	return attack{name: "token/" + name, attacker: provider, does: does, run: func(s *site) *page {
		b := s.signIn(priya)
		s.forge(change)
		s.SetAhead(80 * time.Minute)
		return b.post("/meetings", s.form())
	}, want: outcome{status: 401, page: "You are signed out"}}
}

// userinfo is an attack in which the provider's userinfo endpoint names another person.
// The desk reads only ID tokens, so it must not call that endpoint.
func userinfo() attack {
	return attack{name: "token/userinfo-substitution", attacker: provider, does: "offers user information that names a colleague", run: func(s *site) *page {
		other := newElsewhere(s, func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, object{"sub": "x", "oid": tomasID, "name": "Tomás Oliveira", "roles": []string{"Meetdesk.Admin"}})
		})
		s.discover(func(d object) { d["userinfo_endpoint"] = other.URL })
		p := s.signIn(priya).get("/")
		other.wantUntouched(s)
		return p
	}, want: outcome{status: 200, page: "Priya Nair", absent: "Tomás", sessions: 1}}
}

// pkce is an attack in which the provider announces the given PKCE methods. The desk must
// use S256 regardless.
func pkce(name, does string, methods any) attack {
	return attack{name: "token/" + name, attacker: network, does: does, run: func(s *site) *page {
		s.discover(func(d object) { d["code_challenge_methods_supported"] = methods })
		p := s.browser().still().get("/auth/login?login_hint=" + priya)
		query := parse(s.t, p.header.Get("Location")).Query()
		if query.Get("code_challenge_method") != "S256" || len(query.Get("code_challenge")) != 43 || query.Has("code_verifier") {
			s.t.Errorf("the desk sends the browser to the provider with %v", query)
		}
		return p
	}, want: outcome{status: 303}}
}

// redirectedToken is an attack in which the token endpoint redirects a request to the
// attacker's server. The request contains the client secret and the code.
func redirectedToken(name string, status int) attack {
	return attack{name: "token/" + name, attacker: provider, does: "redirects the request for tokens, with the client secret, to another host", run: func(s *site) *page {
		other := newElsewhere(s, nil)
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if isTokenRequest(r) {
				http.Redirect(w, r, other.URL, status)
			}
			return isTokenRequest(r)
		})
		p := s.browser().get("/auth/login?login_hint=" + priya)
		other.wantUntouched(s)
		return p
	}, want: outcome{status: 503, page: "cannot be reached"}}
}

// discover calls change on the provider's metadata in all later responses.
func (s *site) discover(change func(document object)) {
	s.tamper(func(w http.ResponseWriter, r *http.Request, emulator http.Handler) bool {
		if !isDiscovery(r.URL) {
			return false
		}
		answer := httptest.NewRecorder()
		emulator.ServeHTTP(answer, r)
		var document object
		if err := json.Unmarshal(answer.Body.Bytes(), &document); err != nil {
			s.t.Error(err)
		}
		change(document)
		writeJSON(w, document)
		return true
	})
}

func isDiscovery(u *url.URL) bool { return strings.HasSuffix(u.Path, "/openid-configuration") }
