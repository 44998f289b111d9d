package msgraph_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

// requiredClaims is the claims parameter that the emulated Graph requires in these tests.
const requiredClaims = `{"access_token":{"nbf":{"essential":true, "value":"1604106651"}}}`

func signInWith(s *emutest.Site, claims string) *oauth2.Token {
	s.T.Helper()
	c, verifier := s.App(), oauth2.GenerateVerifier()
	r, _ := s.Get(c.AuthCodeURL("the state", oauth2.S256ChallengeOption(verifier), oidc.Nonce("the nonce"),
		oauth2.SetAuthURLParam("login_hint", "priya@contoso.example"), oauth2.SetAuthURLParam("claims", claims)))
	token, err := c.Exchange(context.Background(), s.Returned(r).Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		s.T.Fatal(err)
	}
	return token
}

func TestRequireClaims(t *testing.T) {
	s := emutest.New(t, emutest.WithApp)
	before := s.SignIn("priya@contoso.example")
	priya := emutest.Person("priya@contoso.example").ObjectID
	if err := s.Emulator.RequireClaims(strings.ToUpper(priya), requiredClaims); err != nil {
		t.Fatal(err)
	}
	refreshed, err := s.Refresh(before.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	after := signInWith(s, `{"access_token":{"xms_cc":{"values":["cp1"]},"nbf":{"value":"1604106651","essential":true}}}`)
	again, err := s.Refresh(after.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, token string
		status      int
	}{
		{"token from before the event", before.AccessToken, 401},
		{"the same, refreshed after the event", refreshed.AccessToken, 401},
		{"new sign-in without claims", s.SignIn("priya@contoso.example").AccessToken, 401},
		{"claims with another value", signInWith(s, strings.Replace(requiredClaims, "6651", "6652", 1)).AccessToken, 401},
		{"claims of the ID token", signInWith(s, strings.Replace(requiredClaims, "access_token", "id_token", 1)).AccessToken, 401},
		{"the claims and more", after.AccessToken, 200},
		{"the same, refreshed", again.AccessToken, 200},
		{"somebody else", s.SignIn("dana@contoso.example").AccessToken, 200},
	} {
		r, m := s.Graph("GET", "/v1.0/me", tt.token, "")
		if r.StatusCode != tt.status || (tt.status == 401) != (emutest.At(m, "error", "code") == "InvalidAuthenticationToken") {
			t.Errorf("%s: status %d, want %d: %v", tt.name, r.StatusCode, tt.status, m)
		}
	}
	path := "/v1.0/users/" + priya + "/onlineMeetings/createOrGet"
	if r, m := s.Graph("POST", path, s.AppToken(), `{"externalId":"1"}`); r.StatusCode != http.StatusCreated {
		t.Errorf("the application: status %d: %v", r.StatusCode, m)
	}
	if err := s.Emulator.RequireClaims(priya, ""); err != nil {
		t.Fatal(err)
	}
	if r, m := s.Graph("GET", "/v1.0/me", before.AccessToken, ""); r.StatusCode != 200 {
		t.Errorf("after the requirement was withdrawn: status %d: %v", r.StatusCode, m)
	}
}

func TestClaimsChallengeFollowsThePlainOne(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	if err := s.Emulator.RequireClaims(emutest.Person("priya@contoso.example").ObjectID, requiredClaims); err != nil {
		t.Fatal(err)
	}
	r, _ := s.Graph("GET", "/v1.0/me", token, "")
	lines := r.Header.Values("WWW-Authenticate")
	if len(lines) != 1 || strings.Count(lines[0], `Bearer realm=""`) != 2 {
		t.Fatalf("want one line with two challenges, got %q", lines)
	}
	second := lines[0][strings.LastIndex(lines[0], "Bearer"):]
	m := regexp.MustCompile(`error="insufficient_claims", claims="([^"]*)"$`).FindStringSubmatch(second)
	if m == nil || strings.Contains(second, "nonce") {
		t.Fatalf("second challenge %q", second)
	}
	if claims, err := base64.StdEncoding.DecodeString(m[1]); err != nil || string(claims) != requiredClaims {
		t.Errorf("claims %q (%v), want the parameter unchanged", claims, err)
	}
}

func TestClaimsSurviveARestart(t *testing.T) {
	folder := t.TempDir()
	withFolder := func(o *emulator.Options) { o.Data = folder }
	first := emutest.New(t, withFolder)
	token := signInWith(first, requiredClaims)
	folder = emutest.Crash(t, folder)
	second := emutest.New(t, withFolder)
	if err := second.Emulator.RequireClaims(emutest.Person("priya@contoso.example").ObjectID, requiredClaims); err != nil {
		t.Fatal(err)
	}
	fresh, err := second.Refresh(token.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if r, m := second.Graph("GET", "/v1.0/me", fresh.AccessToken, ""); r.StatusCode != 200 {
		t.Errorf("status %d: %v", r.StatusCode, m)
	}
}

func TestClaimsMustBeAnObject(t *testing.T) {
	s := emutest.New(t, nil)
	for _, claims := range []string{"x", "[]", "null", `"x"`, `{"access_token":[]}`} {
		r, _ := s.Get(s.App().AuthCodeURL("kept", oauth2.S256ChallengeOption("v"),
			oauth2.SetAuthURLParam("login_hint", "priya@contoso.example"), oauth2.SetAuthURLParam("claims", claims)))
		if q := s.Returned(r); q.Get("error") != "invalid_request" || q.Get("state") != "kept" {
			t.Errorf("claims %s returned %v", claims, q)
		}
	}
	for id, claims := range map[string]string{"nobody": requiredClaims, emutest.Person("priya@contoso.example").ObjectID: `{"id_token":{}}`} {
		if s.Emulator.RequireClaims(id, claims) == nil {
			t.Errorf("claims %s of %s were accepted", claims, id)
		}
	}
}

func TestClaimsSurviveTheAccountPage(t *testing.T) {
	s := emutest.New(t, nil)
	c, verifier := s.App(), oauth2.GenerateVerifier()
	_, body := s.Get(c.AuthCodeURL("x", oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("claims", requiredClaims)))
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(body)
	if id == nil {
		t.Fatalf("no page to pick an account:\n%s", body)
	}
	priya := emutest.Person("priya@contoso.example").ObjectID
	r, _ := s.Post(s.URL+"/"+emulator.DefaultTenant+"/emulator/pick", url.Values{"id": {id[1]}, "person": {priya}})
	token, err := c.Exchange(context.Background(), s.Returned(r).Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Emulator.RequireClaims(priya, requiredClaims); err != nil {
		t.Fatal(err)
	}
	if r, m := s.Graph("GET", "/v1.0/me", token.AccessToken, ""); r.StatusCode != 200 {
		t.Errorf("status %d: %v", r.StatusCode, m)
	}
}
