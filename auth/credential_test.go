package auth_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// certified starts a tenant in which both applications have the given certificate and
// no secret. One application is for sign-in, the other for the program's own tokens.
func certified(t *testing.T, certificate *x509.Certificate) (*tenant, auth.Config) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	em, err := emulator.New(emulator.Options{
		URL: "http://" + server.Listener.Addr().String(), Key: key(), RedirectURIs: []string{redirect},
		ClientCertificates: []*x509.Certificate{certificate},
		AppClientID:        emulator.DefaultAppClientID, AppClientCertificates: []*x509.Certificate{certificate},
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = em
	server.Start()
	t.Cleanup(server.Close)
	config := auth.Config{
		Issuer: em.Issuer(), ClientID: emulator.DefaultClientID, TenantID: emulator.DefaultTenant, RedirectURL: redirect,
		Scopes: scopes, AllowEmulator: true, HTTP: &http.Client{Timeout: time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	return &tenant{em, server, config}, config
}

func parse(t *testing.T, certificate, key []byte) *auth.Certificate {
	t.Helper()
	c, err := tryParse(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func tryParse(certificate, key []byte) (*auth.Certificate, error) {
	signer, err := auth.ParseKey(key)
	if err != nil {
		return nil, err
	}
	return auth.ParseCertificate(certificate, signer)
}

// A certificate is used instead of the secret to sign in, refresh tokens and get the
// application's own token. The provider refuses a certificate that is not registered.
func TestCertificate(t *testing.T) {
	testenv.SkipIfShort(t)
	leaf, text, keyText := emutest.Certificate(t, emutest.CertificateKey(), time.Now().AddDate(1, 0, 0))
	_, otherText, _ := emutest.Certificate(t, emutest.CertificateKey(), time.Now().AddDate(1, 0, 0))
	_, config := certified(t, leaf)
	config.Credential = auth.Credential{Secret: "not sent", Certificate: parse(t, text, keyText)}
	p := auth.New(config)
	flow := auth.NewFlow()
	start, err := p.Start(t.Context(), flow, "priya@contoso.example", "")
	if err != nil {
		t.Fatal(err)
	}
	response, err := config.HTTP.Get(start)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	back, err := response.Location()
	if err != nil {
		t.Fatal(err)
	}
	_, tokens, err := p.Finish(t.Context(), flow, back.Query())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Refresh(t.Context(), tokens); err != nil {
		t.Errorf("refresh: %v", err)
	}
	app := p.Application(emulator.DefaultAppClientID, config.Credential, appScope)
	if _, err := app.Token(t.Context(), ""); err != nil {
		t.Errorf("the application's token: %v", err)
	}
	other := auth.Credential{Certificate: parse(t, otherText, keyText)}
	app = p.Application(emulator.DefaultAppClientID, other, appScope)
	_, err = app.Token(t.Context(), "")
	wantError(t, err, meeting.Unavailable, meeting.ReasonSignInAppSetup)
	if !strings.Contains(err.Error(), "700027") {
		t.Errorf("another certificate: %v", err)
	}
	app.SetCredential(config.Credential)
	if _, err := app.Token(t.Context(), ""); err != nil {
		t.Errorf("after the right certificate was set: %v", err)
	}
}

func TestParseCertificate(t *testing.T) {
	until := time.Now().AddDate(1, 0, 0)
	_, text, keyText := emutest.Certificate(t, emutest.CertificateKey(), until)
	ec := func(curve elliptic.Curve) crypto.Signer {
		k, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	_, ecText, ecKeyText := emutest.Certificate(t, ec(elliptic.P256()), until)
	_, p521, p521Key := emutest.Certificate(t, ec(elliptic.P521()), until)
	_, short, shortKey := emutest.Certificate(t, emutest.Key(), until)
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(emutest.CertificateKey())})
	locked := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})
	old := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED"}, Bytes: []byte("x")})
	for _, tt := range []struct {
		name             string
		certificate, key []byte
		wrong            string // text in the error; "" if the certificate can be used
	}{
		{"RSA", text, keyText, ""},
		{"both in one file", append(keyText, text...), append(keyText, text...), ""},
		{"the certificate of an authority first", append(bytes.Clone(ecText), text...), keyText, ""},
		{"the certificate of an authority last", append(bytes.Clone(text), ecText...), keyText, ""},
		{"byte order marks", append([]byte("\ufeff"), text...), append([]byte("\ufeff"), keyText...), ""},
		{"PKCS #1", text, pkcs1, ""},
		{"EC", ecText, ecKeyText, ""},
		{"files swapped", keyText, text, `no PEM block "PRIVATE KEY", only "CERTIFICATE"`},
		{"two keys", keyText, keyText, `no PEM block "CERTIFICATE", only "PRIVATE KEY"`},
		{"the key of another certificate", text, ecKeyText, "does not belong"},
		{"password", text, locked, "openssl pkey"},
		{"password in the old form", text, old, "openssl pkey"},
		{"PKCS #12", []byte{0x30, 0x82, 1, 2}, keyText, "openssl pkcs12"},
		{"PKCS #12 of unknown length", []byte{0x30, 0x80, 2, 1}, keyText, "openssl pkcs12"},
		{"PKCS #12 as the key", text, []byte{0x30, 0x82, 1, 2}, "openssl pkcs12"},
		{"DER", der(text), keyText, "openssl x509 -inform der"},
		{"a key in DER", text, der(keyText), "openssl pkey -inform der"},
		{"a key in PKCS #1 and DER", text, der(pkcs1), "openssl pkey -inform der"},
		{"a text that begins with 0", []byte("0 items"), keyText, `no PEM block "CERTIFICATE"`},
		{"a text that begins with 0 and no ASCII", []byte("0° C"), keyText, `no PEM block "CERTIFICATE"`},
		{"a single 0", []byte("0"), keyText, `no PEM block "CERTIFICATE"`},
		{"damaged key", text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}), "cannot be read"},
		{"damaged certificate", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}), keyText, "x509"},
		{"short RSA key", short, shortKey, "2048"},
		{"another curve", p521, p521Key, "P-256"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := tryParse(tt.certificate, tt.key)
			if err == nil && !c.Leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool }).Equal(first(t, tt.key).Public()) {
				t.Error("the certificate is not the key's")
			}
			if (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
				t.Errorf("got %v, want %q", err, tt.wrong)
			}
			if hint := "openssl"; err != nil && strings.Contains(err.Error(), hint) && !strings.Contains(tt.wrong, hint) {
				t.Errorf("the hint is wrong for this file: %v", err)
			}
		})
	}
}

func der(text []byte) []byte {
	block, _ := pem.Decode(text)
	return block.Bytes
}

func first(t *testing.T, text []byte) crypto.Signer {
	t.Helper()
	key, err := auth.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
