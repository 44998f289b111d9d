package attack_test

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

func splitDots(token string) []string { return strings.Split(token, ".") }

// forged is an attack with a forged ID token. The error page must name claim, the part of
// the token that is wrong.
func forged(name, attacker, does, claim string, change func(f *forgery)) attack {
	return attack{
		name: "id-token/" + name, attacker: attacker, does: does,
		run:  func(s *site) *page { s.forge(change); return s.browser().get("/auth/login?login_hint=" + priya) },
		want: outcome{status: 403, page: "“" + claim + "”", log: "ID token: " + claim, audit: "- refused 0 signin."},
	}
}

// claim returns a function that sets one claim of a token, or removes it if value is nil.
func claim(name string, value any) func(*forgery) {
	return func(f *forgery) { f.claims[name] = value }
}

func admitted(a attack, page string) attack {
	a.want = outcome{status: 200, page: page, audit: "priya@contoso.example sign_in 0 staff", sessions: 1}
	return a
}

func inSeconds(d time.Duration) int64 { return time.Now().Add(d).Unix() }

func idTokenAttacks() []attack {
	return append(append(algorithmAttacks(), keyAttacks()...), append(claimAttacks(), identityAttacks()...)...)
}

func algorithmAttacks() []attack {
	alg := func(name string, key any) func(*forgery) {
		return func(f *forgery) { f.header["alg"], f.key = name, key }
	}
	public, _ := x509.MarshalPKIXPublicKey(emutest.Key().Public())
	asPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	asJWK, _ := json.Marshal(jose.JSONWebKey{Key: emutest.Key().Public()})
	return []attack{
		forged("alg-none", network, "sends the ID token without a signature, with the algorithm none", "alg", alg("none", nil)),
		forged("alg-none-mixed-case", network, "writes the algorithm as nOnE", "alg", alg("nOnE", nil)),
		forged("alg-empty", network, "leaves the algorithm empty", "alg", alg("", nil)),
		forged("alg-hs256-public-key-pem", network, "signs with HS256 and the provider's public key as PEM", "alg", alg("HS256", asPEM)),
		forged("alg-hs256-public-key-der", network, "signs with HS256 and the provider's public key as DER", "alg", alg("HS256", public)),
		forged("alg-hs256-public-key-jwk", network, "signs with HS256 and the provider's public key as JWK", "alg", alg("HS256", asJWK)),
		forged("alg-hs256-client-secret", account, "signs with HS256 and the desk's client secret", "alg", alg("HS256", []byte(emutest.Secret))),
		forged("alg-hs512-empty-key", network, "signs with HS512 and an empty key", "alg", alg("HS512", []byte{})),
		forged("alg-not-offered", provider, "signs with an algorithm that discovery does not offer", "alg", alg("PS256", emutest.Key())),
		forged("alg-name-in-capitals", network, "writes the name of the algorithm's header in capitals", "alg", func(f *forgery) {
			f.header["ALG"] = f.header["alg"]
			delete(f.header, "alg")
		}),
	}
}

func keyAttacks() []attack {
	stolen := func(change func(f *forgery)) func(*forgery) {
		return func(f *forgery) { f.key = strangerKey(); change(f) }
	}
	return []attack{
		forged("key-other", network, "signs with a key of its own under the provider's key ID", "signature", stolen(func(*forgery) {})),
		forged("key-other-kid", network, "signs with a key of its own and another key ID", "signature", stolen(func(f *forgery) { f.header["kid"] = "mine" })),
		forged("key-kid-path", network, "uses a path as the key ID", "signature", stolen(func(f *forgery) { f.header["kid"] = "../../../../dev/null" })),
		forged("key-kid-sql", network, "uses SQL as the key ID", "signature", stolen(func(f *forgery) { f.header["kid"] = "x' UNION SELECT 'k' --" })),
		forged("key-embedded-jwk", network, "embeds its own key in the header as jwk", "signature", stolen(func(f *forgery) {
			f.header["jwk"] = jose.JSONWebKey{Key: strangerKey().Public(), Algorithm: "RS256", Use: "sig"}
		})),
		ownKeys("jku", "names its own key set in the header as jku"),
		ownKeys("x5u", "names its own certificate in the header as x5u"),
		forged("signature-removed", network, "removes the signature of a valid token", "signature", func(f *forgery) {
			segments := splitDots(f.reply["id_token"].(string))
			f.whole = segments[0] + "." + segments[1] + "."
		}),
		forged("signature-of-another-token", network, "changes the claims but keeps the signature", "signature", func(f *forgery) {
			segments := splitDots(f.reply["id_token"].(string))
			f.claims["roles"] = []string{"Meetdesk.Admin"}
			payload, _ := json.Marshal(f.claims)
			f.whole = segments[0] + "." + encode(payload) + "." + segments[2]
		}),
		forged("signature-twice", network, "sends five segments, as in an encrypted token", "id_token", func(f *forgery) { f.whole = f.reply["id_token"].(string) + ".AA.AA" }),
		forged("crit-unknown", network, "marks an unknown header as critical", "signature", func(f *forgery) { f.header["crit"], f.header["exp2"] = []string{"exp2"}, 1 }),
		forged("payload-not-encoded", network, "switches off the encoding of the payload (RFC 7797)", "signature", func(f *forgery) { f.header["crit"], f.header["b64"] = []string{"b64"}, false }),
	}
}

// ownKeys is an attack with a token whose header contains the URL of the attacker's keys.
// The desk must never request that URL.
func ownKeys(header, does string) attack {
	var asked atomic.Int32
	a := forged("key-"+header, network, does, "signature", func(f *forgery) { f.key = strangerKey() })
	a.run = func(s *site) *page {
		mine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			writeJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: strangerKey().Public(), KeyID: "mine"}}})
		}))
		s.t.Cleanup(mine.Close)
		s.forge(func(f *forgery) { f.key, f.header["kid"], f.header[header] = strangerKey(), "mine", mine.URL })
		p := s.browser().get("/auth/login?login_hint=" + priya)
		if asked.Load() != 0 {
			s.t.Error("the desk requested the attacker's keys")
		}
		return p
	}
	return a
}

func claimAttacks() []attack {
	const elsewhere = "https://elsewhere.example"
	return []attack{
		forged("iss-other", network, "sends a token of another issuer", "iss", claim("iss", elsewhere)),
		forged("iss-slash", network, "appends a slash to the issuer", "iss", func(f *forgery) { f.claims["iss"] = f.claims["iss"].(string) + "/" }),
		forged("iss-missing", network, "removes the issuer from the token", "iss", claim("iss", nil)),
		forged("iss-list", network, "sends a list of issuers, of which one is right", "iss", func(f *forgery) { f.claims["iss"] = []any{f.claims["iss"], elsewhere} }),
		forged("aud-other", account, "sends a token that was issued to another application", "aud", claim("aud", "another")),
		forged("aud-graph", account, "sends a token whose audience is Graph, as an access token has", "aud", claim("aud", "https://graph.microsoft.com")),
		forged("aud-missing", network, "removes the audience from the token", "aud", claim("aud", nil)),
		forged("aud-prefix", network, "sends an audience that only begins with the desk's client ID", "aud", claim("aud", emulator.DefaultClientID+"x")),
		forged("azp-missing", network, "adds an audience without an authorized party", "azp", func(f *forgery) {
			f.claims["aud"], f.claims["azp"] = []string{emulator.DefaultClientID, "another"}, nil
		}),
		forged("azp-other", network, "names another authorized party", "azp", claim("azp", "another")),
		forged("azp-list", network, "sends a list of authorized parties", "azp", claim("azp", []string{emulator.DefaultClientID})),
		forged("nonce-missing", network, "removes the nonce from the token", "nonce", claim("nonce", nil)),
		forged("nonce-other", network, "sends the nonce of another sign-in", "nonce", claim("nonce", "another")),
		forged("exp-past", account, "sends a token that has expired", "exp", claim("exp", inSeconds(-time.Minute))),
		forged("exp-missing", network, "removes the expiry from the token", "exp", claim("exp", nil)),
		forged("exp-negative", network, "sends a negative expiry", "exp", claim("exp", -1)),
		forged("exp-infinite", network, "sends an expiry that overflows", "exp", func(f *forgery) { f.claims["exp"] = json.Number("1e400") }),
		forged("nbf-future", network, "sends a token that is not valid yet", "nbf", claim("nbf", inSeconds(time.Hour))),
		forged("iat-future", network, "sends a token from the future", "iat", claim("iat", inSeconds(time.Hour))),
		forged("iat-missing", network, "removes the time of issue", "iat", claim("iat", nil)),
		forged("claims-deep", provider, "nests the claims a hundred thousand levels deep", "id_token", func(f *forgery) {
			f.payload = strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
		}),
		forged("claims-list", network, "sends a list instead of claims", "id_token", func(f *forgery) { f.payload = `["x"]` }),
		forged("claims-invalid-utf8", network, "sends claims that are not UTF-8", "id_token", func(f *forgery) { f.payload = "{\"name\":\"\xff\"" }),
		forged("iss-huge", provider, "sends an issuer of 700 KB, which the log must not keep", "iss", claim("iss", strings.Repeat("x", 700_000))),
		forged("aud-huge", provider, "sends an audience of 700 KB, which the log must not keep", "aud", claim("aud", strings.Repeat("x", 700_000))),
		forged("alg-huge", provider, "sends an algorithm of 700 KB, which the log must not keep", "alg", func(f *forgery) { f.header["alg"] = strings.Repeat("x", 700_000) }),
		forged("exp-huge", provider, "sends an expiry with 700,000 digits, which the log must not keep", "exp", func(f *forgery) { f.claims["exp"] = json.Number(strings.Repeat("9", 700_000)) }),
	}
}

func identityAttacks() []attack {
	const signedIn = "Find a meeting"
	who := func(a attack, page, log string) attack {
		a.want.page, a.want.log = page, log
		return a
	}
	twice := func(name, first, second string) func(*forgery) {
		return func(f *forgery) {
			f.claims[name] = nil
			delete(f.claims, name)
			text, _ := json.Marshal(f.claims)
			f.payload = fmt.Sprintf(`{"%s":%s,%s,"%s":%s}`, name, first, text[1:len(text)-1], name, second)
		}
	}
	return []attack{
		who(forged("tid-other", account, "signs in with an account of another organization", "tid", claim("tid", "11111111-2222-4333-8444-555555555555")), "belongs to another organization", "11111111-2222"),
		who(forged("tid-personal", account, "signs in with a personal account", "tid", claim("tid", emulator.PersonalTenant)), "personal Microsoft account", "tid"),
		forged("tid-missing", network, "removes the organization from the token", "tid", claim("tid", nil)),
		forged("oid-missing", network, "removes the person's ID", "oid", claim("oid", nil)),
		forged("oid-number", network, "sends a number as the person's ID", "oid", claim("oid", 7)),
		forged("oid-huge", provider, "sends an ID of 700 KB, which would be a key of the database", "oid", claim("oid", strings.Repeat("x", 700_000))),
		forged("oid-control", provider, "sends an ID with a NUL and a change of direction", "oid", claim("oid", "a\x00\u202eb")),
		who(forged("guest", account, "signs in as a guest of the organization", "", claim("acct", 1)), "guest in this organization", "tid"),
		who(forged("guest-idp", account, "hides that the account is a guest's, but another provider vouched for it", "", claim("idp", "https://sts.windows.net/11111111-2222-4333-8444-555555555555/")), "guest in this organization", "tid"),
		admitted(forged("roles-in-capitals", account, "adds a claim ROLES with the role of an administrator", "", claim("ROLES", []string{"Meetdesk.Admin"})), signedIn),
		admitted(forged("roles-twice", provider, "sends the roles twice: the last ones count, as for every reader (RFC 7519)", "", twice("roles", `["Meetdesk.Admin"]`, `["Meetdesk.Staff"]`)), signedIn),
		admitted(forged("name-bidi", account, "sets a display name that reverses the text around it", "", claim("name", "Priya \u202etxt.exe\u2066")), "Priya"),
		admitted(forged("name-nul", account, "sets a display name with a NUL and an escape", "", claim("name", "Pri\x00ya\x1b[31m")), "Pri ya"),
		admitted(forged("name-html", account, "sets a display name with a script", "", claim("name", `"><script>alert(1)</script>`)), "<script>alert(1)</script>"),
		admitted(forged("name-huge", account, "sets a display name of 500 KB", "", claim("name", strings.Repeat("x", 500_000))), "xxx"),
		forged("sid-huge", provider, "sends a session ID of 500 KB, which the session would keep", "sid", claim("sid", strings.Repeat("x", 500_000))),
		admitted(forged("language-hostile", account, "sends a preferred language that is a path", "", claim("xms_pl", "../../../etc/passwd")), signedIn),
	}
}
