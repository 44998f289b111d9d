package auth_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"meetdesk/auth"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

// object is a JSON object.
type object = map[string]any

// provider is any OpenID Connect provider: it says what a test wants it to say.
type provider struct {
	*httptest.Server
	discovery object // in addition
	claims    object // of the ID token, in addition; nil removes one
	reply     object // of the token endpoint, in addition
	signer    any    // nil for the published key
	status    atomic.Int32
	asked     atomic.Int32 // for discovery
	posted    http.Header  // with the last code
	form      string
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
	return auth.Config{Issuer: p.URL, ClientID: "desk", ClientSecret: secret, TenantID: "T", RoleStaff: "S", Scopes: scopes}
}

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
	p.asked.Add(1)
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
	p.posted, p.form = r.Header, r.PostForm.Encode()
	algorithm, signer := jose.RS256, any(key())
	if p.signer != nil {
		algorithm, signer = jose.HS256, p.signer
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: signer}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
	if err != nil {
		t.Error(err)
		return
	}
	idToken, err := jwt.Signed(s).Claims(with(object{
		"iss": p.URL, "aud": "desk", "sub": "x", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": "n",
		"tid": "T", "oid": "O", "preferred_username": priya, "name": "Priya", "roles": []string{"S"},
	}, p.claims)).Serialize()
	if err != nil {
		t.Error(err)
		return
	}
	write(w, with(object{"access_token": "a", "token_type": "Bearer", "id_token": idToken}, p.reply))
}

var (
	flow = auth.Flow{State: "s", Nonce: "n", Verifier: "v"}
	back = map[string][]string{"state": {"s"}, "code": {"the-code"}}
)

// TestIDToken is about what is verified, and what any provider may write.
func TestIDToken(t *testing.T) {
	const guest, refused = "signin.guest", "signin.refused"
	for _, tt := range []struct {
		name   string
		claims object
		key    string // "" for let in
	}{
		{"good", nil, ""},
		{"tenant in another case", object{"tid": "t"}, ""},
		{"one role alone", object{"roles": "S"}, ""},
		{"member", object{"acct": 0}, ""},
		{"idp is the issuer", object{"idp": "ISSUER"}, ""},
		{"idp is the tenant", object{"idp": "https://sts.windows.net/t/"}, ""},
		{"upn instead", object{"preferred_username": nil, "upn": priya}, ""},
		{"issuer", object{"iss": "https://elsewhere.example"}, refused},
		{"audience", object{"aud": "another"}, refused},
		{"expired", object{"exp": time.Now().Add(-time.Minute).Unix()}, refused},
		{"not yet", object{"nbf": time.Now().Add(time.Hour).Unix()}, refused},
		{"nonce", object{"nonce": "m"}, refused},
		{"no nonce", object{"nonce": nil}, refused},
		{"no oid", object{"oid": nil}, refused},
		{"no tid", object{"tid": nil}, refused},
		{"tid of another type", object{"tid": []string{"T"}}, refused},
		{"tenant", object{"tid": "U"}, "signin.tenant"},
		{"personal", object{"tid": emulator.PersonalTenant}, "signin.personal"},
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
				return
			}
			if err != nil || who.ObjectID != "O" || who.UPN != priya || who.Role != meeting.Staff {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}

// TestPreferredLanguage: the optional claim xms_pl. What is not one keeps nobody out.
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

// TestIDTokenClock: expiry goes by the desk's clock.
func TestIDTokenClock(t *testing.T) {
	p := newProvider(t)
	config := p.config()
	config.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	_, _, err := auth.New(config).Finish(t.Context(), flow, back)
	wantError(t, err, meeting.Forbidden, "signin.refused")
}

// TestSignature: the client's secret is no key for ID tokens, and none is no ID token.
func TestSignature(t *testing.T) {
	p := newProvider(t)
	p.signer = []byte(strings.Repeat("k", 32))
	_, _, err := auth.New(p.config()).Finish(t.Context(), flow, back)
	wantError(t, err, meeting.Forbidden, "signin.refused")

	p = newProvider(t)
	p.reply = object{"id_token": nil}
	_, _, err = auth.New(p.config()).Finish(t.Context(), flow, back)
	wantError(t, err, meeting.Forbidden, "signin.refused")
}

func TestGrantedScope(t *testing.T) {
	for _, tt := range []struct {
		name, granted string
		asked         []string
		key           string
	}{
		{"bare", "openid OnlineMeetings.ReadWrite", scopes, ""},
		{"case", "onlinemeetings.readwrite", scopes, ""},
		{"with its resource", "https://graph.microsoft.com/User.Read https://graph.microsoft.com/OnlineMeetings.ReadWrite", scopes, ""},
		{"asked with its resource", "OnlineMeetings.ReadWrite", []string{"openid", "https://graph.microsoft.us/OnlineMeetings.ReadWrite"}, ""},
		{"as asked", "", scopes, ""},
		{"not asked for", "openid", []string{"openid"}, ""},
		{"missing", "openid User.Read", scopes, "signin.scope"},
		{"another", "OnlineMeetings.Read OnlineMeetings.ReadWrite.All", scopes, "signin.scope"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.reply = object{"scope": tt.granted}
			config := p.config()
			config.Scopes = tt.asked
			_, tokens, err := auth.New(config).Finish(t.Context(), flow, back)
			if tt.key != "" {
				wantError(t, err, meeting.Forbidden, tt.key)
			} else if err != nil || tokens.Granted("OnlineMeetings.ReadWrite") != (tt.name != "not asked for") {
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
			t.Errorf("%q of %q: %v", tt.scope, tt.granted, got)
		}
	}
}

// TestClientAuthentication: the secret goes as the provider asks, in one try.
func TestClientAuthentication(t *testing.T) {
	for _, tt := range []struct {
		name    string
		methods any
		secret  string
		basic   bool
		form    bool
	}{
		{"basic unless told", nil, secret, true, false},
		{"post", []string{"private_key_jwt", "client_secret_post", "client_secret_basic"}, secret, false, true},
		{"public client", nil, "", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.discovery = object{"token_endpoint_auth_methods_supported": tt.methods}
			config := p.config()
			config.ClientSecret = tt.secret
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
		})
	}
}

// TestRefreshKeeps: what the provider does not renew stays.
func TestRefreshKeeps(t *testing.T) {
	p := newProvider(t)
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
		key       string
		emulator  bool
	}{
		{"plain", nil, false, "", false},
		{"emulator", object{"meetdesk_emulator": true}, false, "signin.emulator", false},
		{"emulator, allowed", object{"meetdesk_emulator": true}, true, "", true},
		{"another issuer", object{"issuer": "https://login.example/{tenantid}/v2.0"}, false, "signin.unavailable", false},
		{"tokens in the clear", object{"token_endpoint": "http://login.example/token"}, false, "signin.unavailable", false},
		{"keys in the clear", object{"jwks_uri": "http://login.example/keys"}, false, "signin.unavailable", false},
		{"no token endpoint", object{"token_endpoint": nil}, false, "signin.unavailable", false},
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
			if got := errors.Is(err, auth.ErrEmulator); got != (tt.key == "signin.emulator") {
				t.Errorf("ErrEmulator %v in %v", got, err)
			}
			if got := desk.IsEmulator(); got != tt.emulator {
				t.Errorf("IsEmulator %v", got)
			}
			if desk.SignOutURL(t.Context(), "", "/") != "" {
				t.Error("a sign-out page that was not offered")
			}
		})
	}
}

// TestDiscoverLater: a provider that was down is asked again, one that answered
// is not.
func TestDiscoverLater(t *testing.T) {
	p := newProvider(t)
	p.status.Store(http.StatusBadGateway)
	desk := auth.New(p.config())
	_, _, err := desk.Start(t.Context(), "", "")
	wantError(t, err, meeting.Unavailable, "signin.unavailable")
	if len(err.Error()) > 500 {
		t.Errorf("a whole page for the log: %d bytes", len(err.Error()))
	}
	p.status.Store(0)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, _, err := desk.Start(t.Context(), "", ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	asked := p.asked.Load()
	if err := desk.Discover(t.Context()); err != nil || p.asked.Load() != asked {
		t.Errorf("asked once more: %v", err)
	}

	p.Close()
	down := auth.New(p.config())
	_, err = down.Refresh(t.Context(), auth.Tokens{RefreshToken: "the-refresh-token"})
	wantError(t, err, meeting.Unavailable, "signin.unavailable")
}

// TestNoRedirect: the secret goes to the token endpoint and nowhere else.
func TestNoRedirect(t *testing.T) {
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
	wantError(t, err, meeting.Unavailable, "signin.unavailable")
	if elsewhere.Load() != 0 {
		t.Error("the secret went to another host")
	}
}
