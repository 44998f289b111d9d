package auth_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"meetdesk/auth"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

type object = map[string]any

// provider is a fake OpenID Connect provider. Each test can change its responses.
type provider struct {
	*httptest.Server
	discovery   object        // added to the metadata; nil removes a member
	claims      object        // added to the claims of the ID token; nil removes a claim
	reply       object        // added to the token endpoint's response
	payload     string        // replaces the payload of the ID token
	signer      any           // signs the ID token; nil for the published key
	tokens      string        // replaces the token endpoint's response
	status      atomic.Int32  // HTTP status of the metadata response; 0 means 200
	discoveries atomic.Int32  // number of requests for the metadata
	redeemed    atomic.Int32  // number of requests to the token endpoint
	hold        chan struct{} // if not nil, requests for the metadata wait until it is closed
	posting     sync.Mutex    // held while posted and form are set
	posted      http.Header   // headers of the last request to the token endpoint
	form        string        // body of the last request to the token endpoint
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discover)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) { p.token(t, w, r) })
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *provider) config() auth.Config {
	return auth.Config{Issuer: p.URL, ClientID: "desk", Credential: auth.Credential{Secret: secret}, TenantID: "T", RoleStaff: "S", Scopes: scopes}
}

// direct returns a configuration whose client calls the provider's handler directly,
// because synctest does not wait for network connections.
func (p *provider) direct() auth.Config {
	config := p.config()
	config.HTTP = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		p.Server.Config.Handler.ServeHTTP(w, r)
		return w.Result(), nil
	})}
	return config
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// with adds the members of more to base and returns base. A nil value removes a member.
func with(base, more object) object {
	maps.Copy(base, more)
	maps.DeleteFunc(base, func(_ string, v any) bool { return v == nil })
	return base
}

func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *provider) discover(w http.ResponseWriter, _ *http.Request) {
	p.discoveries.Add(1)
	if p.hold != nil {
		<-p.hold
	}
	if status := int(p.status.Load()); status != 0 {
		http.Error(w, strings.Repeat("a long page ", 1000), status)
		return
	}
	write(w, with(object{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token",
		"jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
	}, p.discovery))
}

func (p *provider) keys(w http.ResponseWriter, _ *http.Request) {
	write(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key().Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
}

func (p *provider) token(t *testing.T, w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	p.posting.Lock()
	p.posted, p.form = r.Header, r.PostForm.Encode()
	p.posting.Unlock()
	p.redeemed.Add(1)
	if p.tokens != "" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, p.tokens)
		return
	}
	write(w, with(object{"access_token": "a", "token_type": "Bearer", "id_token": p.idToken(t)}, p.reply))
}

func (p *provider) idToken(t *testing.T) string {
	var signing jose.SigningKey
	switch signer := p.signer.(type) {
	case nil:
		signing = jose.SigningKey{Algorithm: jose.RS256, Key: key()}
	case []byte:
		signing = jose.SigningKey{Algorithm: jose.HS256, Key: signer}
	default:
		signing = jose.SigningKey{Algorithm: jose.RS256, Key: signer}
	}
	s, err := jose.NewSigner(signing, (&jose.SignerOptions{}).WithHeader("kid", "k"))
	if err != nil {
		t.Error(err)
		return ""
	}
	payload, err := json.Marshal(with(object{
		"iss": p.URL, "aud": "desk", "sub": "x", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": "n",
		"tid": "T", "oid": "O", "preferred_username": priya, "name": "Priya", "roles": []string{"S"},
	}, p.claims))
	if p.payload != "" {
		payload = []byte(strings.NewReplacer("ISSUER", p.URL, "EXPIRY", fmt.Sprint(time.Now().Add(time.Hour).Unix())).Replace(p.payload))
	}
	signed, errSign := s.Sign(payload)
	if err != nil || errSign != nil {
		t.Error(err, errSign)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return text
}

var (
	flow = auth.Flow{State: "s", Nonce: "n", Verifier: "v"}
	back = map[string][]string{"state": {"s"}, "code": {"the-code"}}
)

// TestWhoMaySignIn checks which claims of an ID token allow a sign-in. Providers encode some
// claims differently, and the desk must accept all of these encodings.
func TestWhoMaySignIn(t *testing.T) {
	const guest = meeting.ReasonSignInGuest
	for _, tt := range []struct {
		name   string
		claims object
		key    meeting.Reason // the key of the expected error; "" for no error
	}{
		{"valid", nil, ""},
		{"tenant in another case", object{"tid": "t"}, ""},
		{"one role without a list", object{"roles": "S"}, ""},
		{"one audience of two", object{"aud": []string{"other", "desk"}, "azp": "desk"}, ""},
		{"the audience twice", object{"aud": []string{"desk", "desk"}}, ""},
		{"expiry in quotes", object{"exp": fmt.Sprint(time.Now().Add(time.Hour).Unix())}, ""},
		{"expiry with a fraction", object{"exp": float64(time.Now().Add(time.Hour).Unix()) + .5}, ""},
		{"valid in four minutes by the desk's clock", object{"nbf": time.Now().Add(4 * time.Minute).Unix()}, ""},
		{"member", object{"acct": 0}, ""},
		{"idp is the issuer", object{"idp": "ISSUER"}, ""},
		{"idp is the tenant", object{"idp": "https://sts.windows.net/t/"}, ""},
		{"upn without preferred_username", object{"preferred_username": nil, "upn": priya}, ""},
		{"another tenant", object{"tid": "U"}, meeting.ReasonSignInTenant},
		{"personal account", object{"tid": emulator.PersonalTenant}, meeting.ReasonSignInPersonal},
		{"guest", object{"acct": 1}, guest},
		{"guest as text", object{"acct": "1"}, guest},
		{"guest by idp", object{"idp": "https://sts.windows.net/another/"}, guest},
		{"guest with a personal account", object{"idp": "live.com"}, guest},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			if p.claims = maps.Clone(tt.claims); tt.claims["idp"] == "ISSUER" {
				p.claims["idp"] = p.URL
			}
			who, _, err := auth.New(p.config()).Finish(t.Context(), flow, back)
			if tt.key != "" {
				wantError(t, err, meeting.Forbidden, tt.key)
				if !strings.Contains(err.Error(), `roles ["S"]`) || !strings.Contains(err.Error(), "tid") {
					t.Errorf("the error for the log does not name the tid and the roles: %v", err)
				}
				return
			}
			if err != nil || who.ObjectID != "O" || who.UPN != priya || who.Role != meeting.Staff || !strings.Contains(who.Summary, `roles ["S"]`) {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}

// An invalid xms_pl claim does not prevent a sign-in.
func TestPreferredLanguage(t *testing.T) {
	for _, tt := range []struct {
		claims object
		want   string
	}{
		{nil, ""}, {object{"xms_pl": "pt-br"}, "pt-br"}, {object{"xms_pl": ""}, ""}, {object{"xms_pl": 7}, ""}, {object{"xms_pl": []string{"pt-br"}}, ""},
	} {
		p := newProvider(t)
		p.claims = tt.claims
		who, _, err := auth.New(p.config()).Finish(t.Context(), flow, back)
		if err != nil || who.Language != tt.want {
			t.Errorf("%v: language %q, %v; want %q", tt.claims, who.Language, err, tt.want)
		}
	}
}

func TestGrantedScope(t *testing.T) {
	for _, tt := range []struct {
		name, granted string
		requested     []string
		key           meeting.Reason
	}{
		{"without a resource", "openid OnlineMeetings.ReadWrite", scopes, ""},
		{"in another case", "onlinemeetings.readwrite", scopes, ""},
		{"with a resource", "https://graph.microsoft.com/User.Read https://graph.microsoft.com/OnlineMeetings.ReadWrite", scopes, ""},
		{"requested with a resource", "OnlineMeetings.ReadWrite", []string{"openid", "https://graph.microsoft.us/OnlineMeetings.ReadWrite"}, ""},
		{"response without a scope", "", scopes, ""},
		{"not requested", "openid", []string{"openid"}, ""},
		{"missing", "openid User.Read", scopes, meeting.ReasonSignInScope},
		{"similar scopes", "OnlineMeetings.Read OnlineMeetings.ReadWrite.All", scopes, meeting.ReasonSignInScope},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.reply = object{"scope": tt.granted}
			config := p.config()
			config.Scopes = tt.requested
			_, tokens, err := auth.New(config).Finish(t.Context(), flow, back)
			if tt.key != "" {
				wantError(t, err, meeting.Forbidden, tt.key)
			} else if err != nil || tokens.Granted("OnlineMeetings.ReadWrite") != (tt.name != "not requested") {
				t.Errorf("granted %q, %v", tokens.Scope, err)
			}
		})
	}
}

func TestGranted(t *testing.T) {
	for _, tt := range []struct {
		granted, scope string
		want           bool
	}{
		{"openid User.ReadBasic.All", "User.ReadBasic.All", true},
		{"openid https://graph.microsoft.us/user.readbasic.all", "User.ReadBasic.All", true},
		{"User.ReadBasic.All.Extra", "User.ReadBasic.All", false},
		{"User.ReadBasic", "User.ReadBasic.All", false},
		{"https://graph.microsoft.com/", "", false},
		{"", "User.Read", false},
	} {
		if got := (auth.Tokens{Scope: tt.granted}).Granted(tt.scope); got != tt.want {
			t.Errorf("%q in %q is %v, want %v", tt.scope, tt.granted, got, tt.want)
		}
	}
}

// The client secret is sent using a method that the provider supports, together with the
// PKCE verifier.
func TestClientAuthentication(t *testing.T) {
	for _, tt := range []struct {
		name    string
		methods any
		secret  string
		basic   bool
		form    bool
	}{
		{"Basic by default", nil, secret, true, false},
		{"in the form", []string{"private_key_jwt", "client_secret_post", "client_secret_basic"}, secret, false, true},
		{"public client", nil, "", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.discovery = object{"token_endpoint_auth_methods_supported": tt.methods}
			config := p.config()
			config.Credential = auth.Credential{Secret: tt.secret}
			if _, _, err := auth.New(config).Finish(t.Context(), flow, back); err != nil {
				t.Fatal(err)
			}
			if got := p.posted.Get("Authorization") != ""; got != tt.basic {
				t.Errorf("Basic %v, want %v", got, tt.basic)
			}
			if got := strings.Contains(p.form, "client_secret="); got != tt.form {
				t.Errorf("secret in the form %v, want %v", got, tt.form)
			}
			if !strings.Contains(p.form, "code_verifier=v") {
				t.Errorf("no verifier in %q", p.form)
			}
			if n := p.redeemed.Load(); n != 1 {
				t.Errorf("the code was sent %d times", n)
			}
		})
	}
}

func TestRefreshKeepsOldTokens(t *testing.T) {
	p := newProvider(t)
	p.reply = object{"id_token": nil}
	old := auth.Tokens{AccessToken: "old", RefreshToken: "r", IDToken: "i", Scope: "s"}
	got, err := auth.New(p.config()).Refresh(t.Context(), old)
	want := auth.Tokens{AccessToken: "a", RefreshToken: "r", IDToken: "i", Scope: "s"}
	if err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func TestDiscover(t *testing.T) {
	for _, tt := range []struct {
		name      string
		discovery object
		allow     bool
		key       meeting.Reason
		emulator  bool
	}{
		{"valid", nil, false, "", false},
		{"emulator", object{"meetdesk_emulator": true}, false, meeting.ReasonSignInEmulator, false},
		{"emulator, allowed", object{"meetdesk_emulator": true}, true, "", true},
		{"another issuer", object{"issuer": "https://login.example/{tenantid}/v2.0"}, false, meeting.ReasonSignInUnavailable, false},
		{"token endpoint without TLS", object{"token_endpoint": "http://login.example/token"}, false, meeting.ReasonSignInUnavailable, false},
		{"keys without TLS", object{"jwks_uri": "http://login.example/keys"}, false, meeting.ReasonSignInUnavailable, false},
		{"no token endpoint", object{"token_endpoint": nil}, false, meeting.ReasonSignInUnavailable, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.discovery = tt.discovery
			config := p.config()
			config.AllowEmulator = tt.allow
			desk := auth.New(config)
			err := desk.Discover(t.Context())
			if tt.key == "" && err != nil {
				t.Error(err)
			} else if tt.key != "" {
				wantError(t, err, meeting.Unavailable, tt.key)
			}
			if got := errors.Is(err, auth.ErrEmulator); got != (tt.key == meeting.ReasonSignInEmulator) {
				t.Errorf("ErrEmulator %v in %v", got, err)
			}
			if got := desk.IsEmulator(); got != tt.emulator {
				t.Errorf("IsEmulator %v", got)
			}
			if desk.SignOutURL(t.Context(), "", "/") != "" {
				t.Error("there is a sign-out URL although the provider has none")
			}
		})
	}
}

func TestRedirectsGetNoSecret(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	p := newProvider(t)
	mux := http.NewServeMux()
	mux.Handle("POST /moved", http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	moved := httptest.NewServer(mux)
	defer moved.Close()
	p.discovery = object{"token_endpoint": moved.URL + "/moved"}
	_, _, err := auth.New(p.config()).Finish(t.Context(), flow, back)
	wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
	if elsewhere.Load() != 0 {
		t.Error("the secret was sent to another host")
	}
}
