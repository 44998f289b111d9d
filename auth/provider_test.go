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
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

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
	payload   string // of the ID token, instead of its claims
	signer    any    // nil for the published key
	tokens    string // the body of the token endpoint, instead of its reply
	status    atomic.Int32
	asked     atomic.Int32  // for discovery
	redeemed  atomic.Int32  // codes and refresh tokens
	hold      chan struct{} // discovery waits until it is closed, if it is not nil
	posted    http.Header   // with the last code
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
	p.posted, p.form = r.Header, r.PostForm.Encode()
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

// TestWhoComesIn is about what any provider may write, and who is turned away.
func TestWhoComesIn(t *testing.T) {
	const guest = meeting.ReasonSignInGuest
	for _, tt := range []struct {
		name   string
		claims object
		key    meeting.Reason // "" for let in
	}{
		{"good", nil, ""},
		{"tenant in another case", object{"tid": "t"}, ""},
		{"one role alone", object{"roles": "S"}, ""},
		{"one audience of two", object{"aud": []string{"other", "desk"}}, ""},
		{"expiry in quotes", object{"exp": fmt.Sprint(time.Now().Add(time.Hour).Unix())}, ""},
		{"expiry with a fraction", object{"exp": float64(time.Now().Add(time.Hour).Unix()) + .5}, ""},
		{"valid in four minutes, by the provider's clock", object{"nbf": time.Now().Add(4 * time.Minute).Unix()}, ""},
		{"member", object{"acct": 0}, ""},
		{"idp is the issuer", object{"idp": "ISSUER"}, ""},
		{"idp is the tenant", object{"idp": "https://sts.windows.net/t/"}, ""},
		{"upn instead", object{"preferred_username": nil, "upn": priya}, ""},
		{"tenant", object{"tid": "U"}, meeting.ReasonSignInTenant},
		{"personal", object{"tid": emulator.PersonalTenant}, meeting.ReasonSignInPersonal},
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
					t.Errorf("the log does not say which tid and roles arrived: %v", err)
				}
				return
			}
			if err != nil || who.ObjectID != "O" || who.UPN != priya || who.Role != meeting.Staff || !strings.Contains(who.Summary, `roles ["S"]`) {
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

func TestGrantedScope(t *testing.T) {
	for _, tt := range []struct {
		name, granted string
		asked         []string
		key           meeting.Reason
	}{
		{"bare", "openid OnlineMeetings.ReadWrite", scopes, ""},
		{"case", "onlinemeetings.readwrite", scopes, ""},
		{"with its resource", "https://graph.microsoft.com/User.Read https://graph.microsoft.com/OnlineMeetings.ReadWrite", scopes, ""},
		{"asked with its resource", "OnlineMeetings.ReadWrite", []string{"openid", "https://graph.microsoft.us/OnlineMeetings.ReadWrite"}, ""},
		{"as asked", "", scopes, ""},
		{"not asked for", "openid", []string{"openid"}, ""},
		{"missing", "openid User.Read", scopes, meeting.ReasonSignInScope},
		{"another", "OnlineMeetings.Read OnlineMeetings.ReadWrite.All", scopes, meeting.ReasonSignInScope},
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
		key       meeting.Reason
		emulator  bool
	}{
		{"plain", nil, false, "", false},
		{"emulator", object{"meetdesk_emulator": true}, false, meeting.ReasonSignInEmulator, false},
		{"emulator, allowed", object{"meetdesk_emulator": true}, true, "", true},
		{"another issuer", object{"issuer": "https://login.example/{tenantid}/v2.0"}, false, meeting.ReasonSignInUnavailable, false},
		{"tokens in the clear", object{"token_endpoint": "http://login.example/token"}, false, meeting.ReasonSignInUnavailable, false},
		{"keys in the clear", object{"jwks_uri": "http://login.example/keys"}, false, meeting.ReasonSignInUnavailable, false},
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
				t.Error("a sign-out page that was not offered")
			}
		})
	}
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
	wantError(t, err, meeting.Unavailable, meeting.ReasonSignInUnavailable)
	if elsewhere.Load() != 0 {
		t.Error("the secret went to another host")
	}
}
