package clients_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

func (m *microsoft) msal(authority, id, secret string, options ...confidential.Option) confidential.Client {
	m.t.Helper()
	proof, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		m.t.Fatal(err)
	}
	client, err := confidential.New(authority, id, proof, append(options, confidential.WithHTTPClient(m.http))...)
	if err != nil {
		m.t.Fatal(err)
	}
	return client
}

// signIn runs the authorization code flow with PKCE. MSAL for Go leaves it to the
// application to add the code challenge to the URL.
func (m *microsoft) signIn(client confidential.Client, scopes []string) confidential.AuthResult {
	m.t.Helper()
	address, err := client.AuthCodeURL(m.t.Context(), clientID, redirect, scopes, confidential.WithLoginHint(priya))
	if err != nil {
		m.t.Fatal(err)
	}
	if !strings.HasPrefix(address, m.url+"/") {
		m.t.Fatalf("MSAL goes to %s, want %s", address, m.url)
	}
	hash := sha256.Sum256([]byte(verifier))
	more := url.Values{"code_challenge": {base64.RawURLEncoding.EncodeToString(hash[:])}, "code_challenge_method": {"S256"}}
	result, err := client.AcquireTokenByAuthCode(m.t.Context(), m.code(address+"&"+more.Encode()), redirect, scopes, confidential.WithChallenge(verifier))
	if err != nil {
		m.t.Fatal(err)
	}
	return result
}

// tokenCache stores MSAL's cache. If expire is set, it removes the access tokens, so that
// MSAL has to use the refresh token.
type tokenCache struct {
	text   []byte
	expire bool
}

func (c *tokenCache) Export(_ context.Context, m cache.Marshaler, _ cache.ExportHints) (err error) {
	c.text, err = m.Marshal()
	return err
}

func (c *tokenCache) Replace(_ context.Context, u cache.Unmarshaler, _ cache.ReplaceHints) error {
	if c.text == nil {
		return nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(c.text, &all); err != nil {
		return err
	}
	if c.expire {
		delete(all, "AccessToken")
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return u.Unmarshal(text)
}

func TestMSALForGo(t *testing.T) {
	m := startMicrosoft(t, "")
	for name, tt := range map[string]struct {
		tenant string
		scopes []string
	}{
		"named permissions":  {tenant, []string{"User.Read", "OnlineMeetings.ReadWrite"}},
		"with Graph's URL":   {tenant, []string{"https://graph.microsoft.com/OnlineMeetings.ReadWrite"}},
		"in lower case":      {tenant, []string{"user.read", "onlinemeetings.readwrite"}},
		".default":           {tenant, []string{"https://graph.microsoft.com/.default"}},
		"tenant by domain":   {"contoso.example", []string{"OnlineMeetings.ReadWrite"}},
		"tenant in capitals": {strings.ToUpper(tenant), []string{"OnlineMeetings.ReadWrite"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := *m
			m.t = t
			kept := new(tokenCache)
			client := m.msal(m.url+"/"+tt.tenant, clientID, m.secret, confidential.WithInstanceDiscovery(false), confidential.WithCache(kept))
			result := m.signIn(client, tt.scopes)
			if result.IDToken.PreferredUsername != priya || result.Account.HomeAccountID != priyaID+"."+tenant || result.Account.PreferredUsername != priya {
				t.Errorf("signed in as %+v, account %+v", result.IDToken, result.Account)
			}
			if len(result.DeclinedScopes) > 0 || len(result.GrantedScopes) == 0 {
				t.Errorf("granted %q, declined %q", result.GrantedScopes, result.DeclinedScopes)
			}
			m.createOrGet("me", result.AccessToken, "GO-"+name, 201)

			cached, err := client.AcquireTokenSilent(t.Context(), tt.scopes, confidential.WithSilentAccount(result.Account))
			if err != nil || cached.AccessToken != result.AccessToken {
				t.Fatalf("from the cache: %v", err)
			}
			kept.expire = true
			fresh, err := client.AcquireTokenSilent(t.Context(), tt.scopes, confidential.WithSilentAccount(result.Account))
			if err != nil || fresh.AccessToken == result.AccessToken {
				t.Fatalf("the refresh: %v", err)
			}
			m.createOrGet("me", fresh.AccessToken, "GO-"+name, 200)
			again, err := client.AcquireTokenSilent(t.Context(), tt.scopes, confidential.WithSilentAccount(result.Account))
			if err != nil || again.AccessToken == fresh.AccessToken {
				t.Fatalf("the second refresh, with the token of the first: %v", err)
			}
		})
	}
}

func TestMSALForGoAsAnApplication(t *testing.T) {
	m := startMicrosoft(t, "")
	client := m.msal(m.url+"/"+tenant, appID, m.appSecret, confidential.WithInstanceDiscovery(false))
	result, err := client.AcquireTokenByCredential(t.Context(), []string{"https://graph.microsoft.com/.default"})
	if err != nil {
		t.Fatal(err)
	}
	m.createOrGet("users/"+priyaID, result.AccessToken, "GO-APP", 201)
	wrong := m.msal(m.url+"/"+tenant, appID, "a guess", confidential.WithInstanceDiscovery(false))
	if _, err := wrong.AcquireTokenByCredential(t.Context(), []string{"https://graph.microsoft.com/.default"}); err == nil || !strings.Contains(err.Error(), "AADSTS7000215") {
		t.Errorf("a wrong secret: %v", err)
	}
}

// TestMSALForGoAtMicrosoftsOwnAddress uses Microsoft's own host names, which the test's
// network resolves to the proxy.
func TestMSALForGoAtMicrosoftsOwnAddress(t *testing.T) {
	m := startMicrosoft(t, "https://login.microsoftonline.com")
	client := m.msal("https://login.microsoftonline.com/"+tenant, clientID, m.secret)
	result := m.signIn(client, []string{"User.Read", "OnlineMeetings.ReadWrite"})
	if !slices.Contains(result.GrantedScopes, "OnlineMeetings.ReadWrite") {
		t.Errorf("granted %q", result.GrantedScopes)
	}
	m.createOrGet("me", result.AccessToken, "GO-HOST", 201)
}

// TestMSALForGoAsksAboutTheInstance uses a host that MSAL does not know, so MSAL asks
// Microsoft about it. The test's network resolves Microsoft's host name to the proxy as
// well.
func TestMSALForGoAsksAboutTheInstance(t *testing.T) {
	m := startMicrosoft(t, "")
	client := m.msal(m.url+"/"+tenant, clientID, m.secret)
	result := m.signIn(client, []string{"OnlineMeetings.ReadWrite"})
	if status, _ := m.answered.Load("/common/discovery/instance"); status != http.StatusOK {
		t.Errorf("MSAL asked about the instance and got %v, want 200", status)
	}
	m.createOrGet("me", result.AccessToken, "GO-INSTANCE", 201)
}
