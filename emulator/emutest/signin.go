package emutest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"meetdesk/emulator"
)

// App returns the application's OAuth configuration. If no scopes are given, it requests
// the usual ones.
func (s *Site) App(scopes ...string) *oauth2.Config {
	if len(scopes) == 0 {
		scopes = []string{"openid", "profile", "email", "offline_access", "User.Read", "OnlineMeetings.ReadWrite"}
	}
	endpoint := s.Provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // the automatic detection would send a refused request twice
	return &oauth2.Config{ClientID: s.Emulator.Options.ClientID, ClientSecret: Secret, Endpoint: endpoint, RedirectURL: Callback, Scopes: scopes}
}

// Returned returns the query parameters of a redirect to the application. Any other
// response fails the test.
func (s *Site) Returned(r *http.Response) url.Values {
	s.T.Helper()
	target, err := r.Location()
	if err != nil || !strings.HasPrefix(target.String(), Callback) {
		s.T.Fatalf("status %d, location %v (%v), want a redirect to %s", r.StatusCode, target, err, Callback)
	}
	return target.Query()
}

// Code signs a person in and returns the authorization code with its PKCE verifier.
func (s *Site) Code(upn string, c *oauth2.Config) (code, verifier string) {
	s.T.Helper()
	verifier = oauth2.GenerateVerifier()
	r, _ := s.Get(c.AuthCodeURL("the state", oauth2.S256ChallengeOption(verifier), oidc.Nonce("the nonce"), oauth2.SetAuthURLParam("login_hint", upn)))
	q := s.Returned(r)
	if q.Get("code") == "" || q.Get("state") != "the state" {
		s.T.Fatalf("returned with %v, want a code and the state", q)
	}
	return q.Get("code"), verifier
}

// SignIn signs a person in and returns the tokens.
func (s *Site) SignIn(upn string, scopes ...string) *oauth2.Token {
	s.T.Helper()
	c := s.App(scopes...)
	code, verifier := s.Code(upn, c)
	token, err := c.Exchange(context.Background(), code, oauth2.VerifierOption(verifier))
	if err != nil {
		s.T.Fatal(err)
	}
	return token
}

// Refresh exchanges a refresh token for new tokens.
func (s *Site) Refresh(token string) (*oauth2.Token, error) {
	return s.App().TokenSource(context.Background(), &oauth2.Token{RefreshToken: token}).Token()
}

// PostToken posts a form to the token endpoint and returns the response's status and
// decoded body. The optional arguments are a client ID and a secret for the Authorization
// header.
func (s *Site) PostToken(form url.Values, basic ...string) (int, map[string]any) {
	s.T.Helper()
	r, err := http.NewRequest("POST", s.Provider.Endpoint().TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		s.T.Fatal(err)
	}
	r.Header.Set("content-type", "application/x-www-form-urlencoded")
	if len(basic) == 2 {
		r.SetBasicAuth(url.QueryEscape(basic[0]), url.QueryEscape(basic[1]))
	}
	got, body := s.Read(s.Browser.Do(r))
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		s.T.Fatal(err)
	}
	return got.StatusCode, v
}

// AppForm returns the form that the second application posts to get a token with the
// client credentials grant.
func AppForm() url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {emulator.DefaultAppClientID}, "client_secret": {AppSecret},
		"scope": {"https://graph.microsoft.com/.default"},
	}
}

// AppToken gets an access token with the client credentials grant.
func (s *Site) AppToken() string {
	s.T.Helper()
	form := AppForm()
	form.Set("client_id", s.Emulator.Options.AppClientID)
	form.Set("client_secret", s.Emulator.Options.AppClientSecret)
	status, reply := s.PostToken(form)
	token, _ := reply["access_token"].(string)
	if status != http.StatusOK || token == "" {
		s.T.Fatalf("status %d: %v", status, reply)
	}
	return token
}
