package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"meetdesk/meeting"
)

const (
	fuzzIssuer = "https://login.example/t/v2.0"
	fuzzSecret = "the-client-secret"
)

var fuzzNow = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// fuzzedProvider returns a provider whose server answers each request with the document
// for its path.
func fuzzedProvider(documents map[string]string) *Provider {
	return New(Config{
		Issuer: fuzzIssuer, ClientID: "client", Credential: Credential{Secret: fuzzSecret}, TenantID: "t", Now: func() time.Time { return fuzzNow },
		RoleStaff: "Meetdesk.Staff", RoleHelpDesk: "Meetdesk.HelpDesk", RoleAdmin: "Meetdesk.Admin",
		HTTP: &http.Client{Transport: served(documents)},
	})
}

type served map[string]string

func (s served) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusOK, s[r.URL.Path]
	if body == "" {
		status = http.StatusNotFound
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

const (
	metadataPath = "/t/v2.0/.well-known/openid-configuration"
	metadata     = `{"issuer":"` + fuzzIssuer + `","authorization_endpoint":"https://login.example/a","token_endpoint":"https://login.example/t",` +
		`"jwks_uri":"https://login.example/k","id_token_signing_alg_values_supported":["EdDSA"]}`
)

func signer(f *testing.F) (sign func(payload string) string, keys string) {
	f.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader) // much faster than RSA
	if err != nil {
		f.Fatal(err)
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: public, KeyID: "k", Algorithm: "EdDSA", Use: "sig"}}})
	if err != nil {
		f.Fatal(err)
	}
	return func(payload string) string {
		signed, err := s.Sign([]byte(payload))
		if err != nil {
			f.Fatal(err)
		}
		token, err := signed.CompactSerialize()
		if err != nil {
			f.Fatal(err)
		}
		return token
	}, string(set)
}

const goodClaims = `{"iss":"` + fuzzIssuer + `","aud":"client","exp":1795867200,"iat":1795867100,"tid":"t","oid":"o","name":"Priya Nair","preferred_username":"priya@contoso.example","roles":["Meetdesk.Staff"]}`

// wantClean checks that err is short, has a key, and contains neither the client secret
// nor a banned string of 20 bytes or more.
func wantClean(t *testing.T, err error, banned ...string) {
	t.Helper()
	if err == nil {
		return
	}
	text := err.Error()
	banned = slices.DeleteFunc(banned, func(s string) bool { return len(s) < 20 }) // the fuzzer may try "a" as a token
	for _, secret := range append(banned, fuzzSecret) {
		if strings.Contains(text, secret) {
			t.Errorf("the error contains %q: %q", secret, text)
		}
	}
	var e *meeting.Error
	if len(text) > 2000 || !errors.As(err, &e) || e.Key == "" {
		t.Errorf("%d bytes: %q", len(text), text)
	}
}

// FuzzClaims checks that an accepted token names the issuer, the tenant and a person, has
// not expired, and grants only the roles that it names.
func FuzzClaims(f *testing.F) {
	for _, claims := range []string{
		goodClaims, strings.Replace(goodClaims, `"aud":"client"`, `"aud":["client","other"],"azp":"client"`, 1), strings.Replace(goodClaims, `"iss"`, `"ISS":"x","iss"`, 1),
		strings.Replace(goodClaims, `"exp":1795867200`, `"exp":"1e99"`, 1), strings.Replace(goodClaims, `1795867200`, `"1795867200"`, 1), strings.Replace(goodClaims, `1795867200`, `"1795867199"`, 1),
		strings.Replace(goodClaims, `["Meetdesk.Staff"]`, `"Meetdesk.Admin"`, 1), strings.Replace(goodClaims, `"tid":"t"`, `"tid":"T","acct":1`, 1),
		strings.Replace(goodClaims, `Priya Nair`, `\u202ePriya\u0000`, 1), strings.Replace(goodClaims, `"oid":"o"`, `"oid":"o","oid":"p"`, 1), "{}", "[]", `{"iss":7}`,
	} {
		f.Add(claims)
	}
	sign, keys := signer(f)
	p := fuzzedProvider(map[string]string{metadataPath: metadata, "/k": keys})
	found, err := p.discover(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		token := sign(payload)
		c, err := p.readIDToken(t.Context(), found, token)
		if err == nil {
			err = p.admit(c)
		}
		if err != nil {
			wantClean(t, err, token)
			return
		}
		var plain map[string]any
		if err := json.Unmarshal([]byte(payload), &plain); err != nil {
			t.Fatalf("%q is accepted: %v", payload, err)
		}
		exp, _ := plain["exp"].(float64)
		if text, isText := plain["exp"].(string); isText { // some providers write the number in quotes
			exp, _ = strconv.ParseFloat(text, 64)
		}
		tid, _ := plain["tid"].(string)
		if plain["iss"] != fuzzIssuer || !strings.EqualFold(tid, "t") || plain["oid"] != c.ObjectID || c.ObjectID == "" || exp < float64(fuzzNow.Unix()) {
			t.Errorf("%q is accepted", payload)
		}
		identity := p.identity(c)
		for _, text := range []string{identity.Name, identity.UPN} {
			if strings.ContainsFunc(text, meeting.IsControl) || len([]rune(text)) > maxName {
				t.Errorf("%q has the name %+q", payload, text)
			}
		}
		for role, name := range map[meeting.Role]string{meeting.Staff: "Meetdesk.Staff", meeting.HelpDesk: "Meetdesk.HelpDesk", meeting.Admin: "Meetdesk.Admin"} {
			list, _ := plain["roles"].([]any)
			if identity.Role == role && plain["roles"] != name && !slices.Contains(list, any(name)) {
				t.Errorf("%q has the role %v", payload, role)
			}
		}
	})
}

// FuzzIDToken asserts that an accepted token names the same person, tenant and roles as the
// provider's own token. An error must never contain the token.
func FuzzIDToken(f *testing.F) {
	sign, keys := signer(f)
	p := fuzzedProvider(map[string]string{metadataPath: metadata, "/k": keys})
	found, err := p.discover(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	good := sign(goodClaims)
	want, err := p.readIDToken(f.Context(), found, good)
	if err != nil {
		f.Fatal(err)
	}
	header, rest, _ := strings.Cut(good, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	for _, token := range []string{good, "eyJhbGciOiJub25lIn0." + payload + ".", header + "." + payload + ".", header + ".." + signature, good + "." + good, "a.b.c", `{"payload":"` + payload + `"}`, header + ".e30." + signature, ""} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		c, err := p.readIDToken(t.Context(), found, token)
		if err == nil && !slices.Equal([]string{c.ObjectID, c.TenantID, c.Name, c.summary()}, []string{want.ObjectID, want.TenantID, want.Name, want.summary()}) {
			t.Errorf("%q is accepted as %+v", token, c)
		}
		wantClean(t, err, token)
	})
}

// FuzzKeys publishes arbitrary key sets. It asserts that a token is accepted only if the
// key set contains the key that signed the token.
func FuzzKeys(f *testing.F) {
	sign, keys := signer(f)
	_, others := signer(f)
	good := sign(goodClaims)
	for _, set := range []string{keys, others, `{"keys":[]}`, `{"keys":[{"kty":"oct","k":"AA","kid":"k"}]}`, `{"keys":[{"kty":"RSA","n":"AQAB","e":"AA","kid":"k"}]}`, "", "<html>", `{"KEYS":[]}`, strings.Replace(keys, `"use":"sig"`, `"use":"enc"`, 1)} {
		f.Add(set)
	}
	var key struct{ Keys []struct{ X string } }
	if err := json.Unmarshal([]byte(keys), &key); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, set string) {
		p := fuzzedProvider(map[string]string{metadataPath: metadata, "/k": set})
		found, err := p.discover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.readIDToken(t.Context(), found, good)
		if err == nil && !strings.Contains(strings.ReplaceAll(set, `\u002d`, "-"), key.Keys[0].X[:20]) && !strings.Contains(set, `\`) {
			t.Errorf("%q verifies a token of another key", set)
		}
		wantClean(t, err, good)
	})
}

// FuzzDiscovery checks that metadata is accepted only if it names the configured issuer, all
// endpoints use https or a loopback address, and no algorithm is symmetric.
func FuzzDiscovery(f *testing.F) {
	for _, document := range []string{
		metadata, strings.ReplaceAll(metadata, "https://login.example/t\"", "http://login.example/t\""), strings.Replace(metadata, `"EdDSA"`, `"none","HS256"`, 1), strings.Replace(metadata, `"issuer"`, `"ISSUER"`, 1),
		strings.Replace(metadata, `{`, `{"meetdesk_emulator":true,`, 1), strings.Replace(metadata, "https://login.example/a", "http://127.0.0.1:1/a", 1), strings.Replace(metadata, "https://login.example/k", "https://", 1), "{}", "", "[",
	} {
		f.Add(document)
	}
	f.Fuzz(func(t *testing.T, document string) {
		p := fuzzedProvider(map[string]string{metadataPath: document})
		found, err := p.fetch(t.Context())
		if err != nil {
			wantClean(t, err)
			return
		}
		for _, endpoint := range []string{found.Authorize, found.Token, found.Keys} {
			u, err := url.Parse(endpoint)
			if err != nil || u.Scheme != "https" && !slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname()) && !strings.HasPrefix(u.Hostname(), "127.") && !strings.HasPrefix(u.Hostname(), "::ffff:") {
				t.Errorf("%q is accepted with the endpoint %q", document, endpoint)
			}
		}
		if found.Issuer != fuzzIssuer || found.Emulator || slices.ContainsFunc(found.Algorithms, func(a string) bool { return strings.HasPrefix(a, "HS") || a == "none" }) || len(found.Algorithms) == 0 {
			t.Errorf("%q is accepted: %+v", document, found.document)
		}
	})
}

// FuzzFailure asserts that the desk's error after a failure contains none of the provider's
// free text. It also asserts that the error code shown on the page is short.
func FuzzFailure(f *testing.F) {
	f.Add("access_denied", "AADSTS65004: declined by priya@contoso.example", `{"error":"invalid_grant","error_codes":[50076],"correlation_id":"7eb8263f-d0e0-4149-bb1c-1f0476083c56","error_description":"eyJ0eXAiOiJKV1Qi"}`, "120")
	f.Add("eyJ0eXAiOiJKV1Qi.x", "AADSTS99999999999999999999", `{"error":"eyJ0eXAiOiJKV1Qi"}`, "")
	f.Add("", "", "<html>", "Sat, 28 Nov 2026 12:00:00 GMT")
	f.Fuzz(func(t *testing.T, name, description, body, retryAfter string) {
		const planted = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9"
		redirect := failureOfRedirect(url.Values{"error": {name}, "error_description": {description + planted}})
		exchange := failureOfExchange(&oauth2.RetrieveError{
			Response: &http.Response{StatusCode: 400, Header: http.Header{"Retry-After": {retryAfter}}}, Body: []byte(strings.ReplaceAll(body, "eyJ0eXAiOiJKV1Qi", planted)),
		})
		for _, failure := range []*failure{redirect, exchange} {
			for _, err := range []error{signInFailure(failure), refreshFailure(failure)} {
				if wait, _ := RetryAfter(err); wait < 0 || wait > 24*time.Hour {
					t.Errorf("a wait of %v", wait)
				}
				var e *meeting.Error
				if !errors.As(err, &e) || len(e.Args) > 1 {
					t.Errorf("%v", err)
				} else if code, _ := e.Args["Code"].(string); len(code) > 70 || strings.ContainsFunc(code, meeting.IsControl) {
					t.Errorf("the page shows the code %q", code)
				}
				if text := err.Error(); strings.Contains(text, planted) || strings.ContainsFunc(text, meeting.IsControl) {
					t.Errorf("%q", text)
				}
			}
		}
	})
}
