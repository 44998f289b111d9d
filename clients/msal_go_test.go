package clients_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

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

// signIn runs the authorization code flow with PKCE. It adds the code challenge to the
// URL, because MSAL for Go does not.
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

// tokenCache stores MSAL's cache. If expire is set, Replace leaves out the access tokens,
// so that MSAL has to use the refresh token.
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

// TestMSALForGoWithACertificate checks that the emulator accepts assertions that Microsoft's
// library makes with a registered certificate, and rejects an unregistered certificate.
func TestMSALForGoWithACertificate(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	certificate := func(serial int64) *x509.Certificate {
		template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	registered, other := certificate(1), certificate(2)
	file := filepath.Join(t.TempDir(), "certificate.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: registered.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	m := startMicrosoft(t, "", "-certificate", file)
	with := func(id string, c *x509.Certificate) confidential.Client {
		proof, err := confidential.NewCredFromCert([]*x509.Certificate{c}, key)
		if err != nil {
			t.Fatal(err)
		}
		client, err := confidential.New(m.url+"/"+tenant, id, proof, confidential.WithInstanceDiscovery(false), confidential.WithHTTPClient(m.http))
		if err != nil {
			t.Fatal(err)
		}
		return client
	}
	m.createOrGet("me", m.signIn(with(clientID, registered), []string{"OnlineMeetings.ReadWrite"}).AccessToken, "GO-CERTIFICATE", 201)
	scopes := []string{"https://graph.microsoft.com/.default"}
	if _, err := with(appID, registered).AcquireTokenByCredential(t.Context(), scopes); err != nil {
		t.Error(err)
	}
	if _, err := with(appID, other).AcquireTokenByCredential(t.Context(), scopes); err == nil || !strings.Contains(err.Error(), "AADSTS700027") {
		t.Errorf("another certificate: %v", err)
	}
}

// TestMSALForGoAtMicrosoftsOwnAddress uses Microsoft's real sign-in host name, but the
// test's HTTP client connects to the proxy.
func TestMSALForGoAtMicrosoftsOwnAddress(t *testing.T) {
	m := startMicrosoft(t, "https://login.microsoftonline.com")
	client := m.msal("https://login.microsoftonline.com/"+tenant, clientID, m.secret)
	result := m.signIn(client, []string{"User.Read", "OnlineMeetings.ReadWrite"})
	if !slices.Contains(result.GrantedScopes, "OnlineMeetings.ReadWrite") {
		t.Errorf("granted %q", result.GrantedScopes)
	}
	m.createOrGet("me", result.AccessToken, "GO-HOST", 201)
}

// TestMSALForGoAsksAboutTheInstance checks instance discovery, in which MSAL asks
// Microsoft about an unknown host. The test's HTTP client sends that request to the proxy.
func TestMSALForGoAsksAboutTheInstance(t *testing.T) {
	m := startMicrosoft(t, "")
	client := m.msal(m.url+"/"+tenant, clientID, m.secret)
	result := m.signIn(client, []string{"OnlineMeetings.ReadWrite"})
	if status, _ := m.answered.Load("/common/discovery/instance"); status != http.StatusOK {
		t.Errorf("MSAL asked about the instance and got %v, want 200", status)
	}
	m.createOrGet("me", result.AccessToken, "GO-INSTANCE", 201)
}
