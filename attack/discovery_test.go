package attack_test

import (
	"io"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"meetdesk/emulator/emutest"
)

var unreachable = outcome{status: 503, page: "cannot be reached"}

func metadata(name, attacker, does string, want outcome, change func(s *site, d object)) attack {
	return attack{name: "discovery/" + name, attacker: attacker, does: does, want: want, run: func(s *site) *page {
		s.discover(func(d object) { change(s, d) })
		return s.browser().get("/auth/login?login_hint=" + priya)
	}}
}

// onPath is an attack in which the provider's endpoint whose path ends in suffix sends a
// hostile response.
func onPath(name, attacker, does, suffix string, want outcome, answer http.HandlerFunc) attack {
	return attack{name: name, attacker: attacker, does: does, want: want, run: func(s *site) *page {
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if strings.HasSuffix(r.URL.Path, suffix) {
				answer(w, r)
				return true
			}
			return false
		})
		return s.browser().get("/auth/login?login_hint=" + priya)
	}}
}

func discoveryAttacks() []attack {
	set := func(name string, value any) func(*site, object) {
		return func(_ *site, d object) { d[name] = value }
	}
	const configuration = "/openid-configuration"
	rows := []attack{
		metadata("issuer-other", network, "names another issuer in the metadata", unreachable, set("issuer", "https://elsewhere.example")),
		metadata("issuer-template", network, "names a template as the issuer, as the shared endpoints of Entra do", unreachable, set("issuer", "https://login.example/{tenantid}/v2.0")),
		metadata("issuer-slash", network, "appends a slash to the issuer", unreachable, func(_ *site, d object) { d["issuer"] = d["issuer"].(string) + "/" }),
		metadata("issuer-in-capitals", network, "adds the issuer in capitals only", unreachable, func(_ *site, d object) { d["ISSUER"] = d["issuer"]; delete(d, "issuer") }),
		metadata("token-endpoint-http", network, "names a token endpoint without TLS", unreachable, set("token_endpoint", "http://login.example/token")),
		metadata("authorize-http", network, "names a sign-in page without TLS", unreachable, set("authorization_endpoint", "http://login.example/authorize")),
		metadata("authorize-javascript", network, "names a script as the sign-in page", unreachable, set("authorization_endpoint", "javascript:alert(1)")),
		metadata("authorize-relative", network, "names a relative sign-in page", unreachable, set("authorization_endpoint", "//login.example/authorize")),
		metadata("authorize-loopback-lookalike", network, "names a host that only begins like this machine", unreachable, set("authorization_endpoint", "http://localhost.login.example/authorize")),
		metadata("keys-http", network, "names keys without TLS", unreachable, set("jwks_uri", "http://login.example/keys")),
		metadata("keys-file", network, "names a file as the keys", unreachable, set("jwks_uri", "file:///etc/passwd")),
		metadata("keys-metadata-address", network, "names the metadata address of a cloud as the keys", unreachable, set("jwks_uri", "http://169.254.169.254/latest/meta-data/")),
		metadata("endpoint-list", provider, "sends a list of token endpoints", unreachable, set("token_endpoint", []string{"https://login.example/token"})),
		signOutTo("end-session-http", "names a sign-out page without TLS", "http://login.example/logout"),
		signOutTo("end-session-javascript", "names a script as the sign-out page", "javascript:alert(1)"),
		metadata("algorithms-none", network, "offers only tokens that are unsigned or signed with the client secret", outcome{status: 200, page: "Find a meeting", sessions: 1}, set("id_token_signing_alg_values_supported", []string{"none", "HS256"})),
		redirected("discovery/redirect", "redirects the request for its metadata to another host", configuration),
		redirected("keys/redirect", "redirects the request for its keys to another host", "/keys"),
	}
	for _, at := range []struct{ area, suffix string }{{"discovery", configuration}, {"keys", "/keys"}} {
		rows = append(rows,
			bombed(at.area, at.suffix),
			onPath(at.area+"/html", provider, "sends a long page with a script", at.suffix, unreachable, func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, strings.Repeat("<script>alert(1)</script>", 10_000))
			}),
			onPath(at.area+"/json-deep", provider, "sends JSON that is a hundred thousand levels deep", at.suffix, unreachable, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, strings.Repeat(`{"issuer":`, 90_000))
			}),
			onPath(at.area+"/error-hostile", provider, "fails with a long page that reverses the text around it", at.suffix, unreachable, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusBadGateway)
				io.WriteString(w, strings.Repeat("\u202e\x00", 100_000))
			}),
		)
	}
	return append(rows, keySetAttacks()...)
}

// signOutTo is an attack in which the provider's metadata contains a hostile sign-out
// URL. The browser must stay on the desk.
func signOutTo(name, does, address string) attack {
	return attack{name: "discovery/" + name, attacker: network, does: does, run: func(s *site) *page {
		s.discover(func(d object) { d["end_session_endpoint"] = address })
		return s.signIn(priya).post("/auth/logout", nil)
	}, want: outcome{status: 200, page: "You are signed out"}}
}

// redirected is an attack in which one of the provider's URLs redirects to the
// attacker's server.
func redirected(name, does, suffix string) attack {
	return attack{name: name, attacker: network, does: does, want: unreachable, run: func(s *site) *page {
		other := newElsewhere(s, nil)
		s.tamper(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if strings.HasSuffix(r.URL.Path, suffix) {
				http.Redirect(w, r, other.URL+r.URL.Path, http.StatusFound)
				return true
			}
			return false
		})
		p := s.browser().get("/auth/login?login_hint=" + priya)
		other.wantUntouched(s)
		return p
	}}
}

// keySet is an attack in which the provider publishes a hostile key set and sends a
// forged ID token.
func keySet(name, does, shown string, keys any, change func(f *forgery)) attack {
	return attack{name: "keys/" + name, attacker: provider, does: does, run: func(s *site) *page {
		s.forge(change)
		forge := *s.last.Load()
		s.tamper(func(w http.ResponseWriter, r *http.Request, emulator http.Handler) bool {
			if strings.HasSuffix(r.URL.Path, "/keys") {
				writeJSON(w, keys)
			} else {
				forge(w, r, emulator)
			}
			return true
		})
		return s.browser().get("/auth/login?login_hint=" + priya)
	}, want: outcome{status: 403, page: shown, log: "ID token", audit: "- refused 0 signin.token"}}
}

func keySetAttacks() []attack {
	many := jose.JSONWebKeySet{}
	for range 2000 {
		many.Keys = append(many.Keys, jose.JSONWebKey{Key: emutest.Key().Public(), KeyID: "other", Algorithm: "RS256", Use: "sig"})
	}
	symmetric := object{"keys": []object{{"kty": "oct", "kid": "mine", "alg": "HS256", "k": encode([]byte("a key that is not secret at all"))}}}
	stolen := func(f *forgery) { f.key, f.header["kid"] = strangerKey(), "mine" }
	return []attack{
		keySet("symmetric", "publishes a symmetric key and signs with it", "“alg”", symmetric, func(f *forgery) {
			f.header["alg"], f.header["kid"], f.key = "HS256", "mine", []byte("a key that is not secret at all")
		}),
		keySet("two-thousand", "publishes two thousand keys that do not fit", "“signature”", many, stolen),
		keySet("empty", "publishes no keys at all", "“signature”", object{"keys": []any{}}, stolen),
		keySet("for-encryption", "publishes the key of the signature for encryption only", "“signature”", jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: strangerKey().Public(), KeyID: "another", Use: "enc"}}}, stolen),
	}
}
