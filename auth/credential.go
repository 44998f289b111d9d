package auth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Credential proves a program's identity to the provider. If both fields are set, the
// certificate is used.
type Credential struct {
	Secret      string
	Certificate *Certificate
}

// Equal reports whether c and other are the same secret or the same certificate.
func (c Credential) Equal(other Credential) bool {
	if c.Certificate == nil || other.Certificate == nil {
		return c == other
	}
	return c.Certificate.Leaf.Equal(other.Certificate.Leaf)
}

// Certificate is a client certificate with its private key. The key signs the assertion
// of each token request (RFC 7523, private_key_jwt).
type Certificate struct {
	Leaf *x509.Certificate
	key  crypto.Signer
}

// ParseCertificate parses a certificate and its private key, both in PEM. If one file
// contains both, pass it twice. The key must be RSA of at least 2048 bits, or EC on P-256
// or P-384. The certificate's dates are not checked.
func ParseCertificate(certificate, key []byte) (*Certificate, error) {
	leaf, err := parseLeaf(certificate)
	if err != nil {
		return nil, err
	}
	signer, err := parseKey(key)
	if err != nil {
		return nil, err
	}
	if public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(leaf.PublicKey) {
		return nil, errors.New("the private key does not belong to the certificate")
	}
	c := &Certificate{Leaf: leaf, key: signer}
	if len(c.algorithms()) == 0 {
		return nil, errors.New("the key must be RSA with at least 2048 bits, or EC on the curve P-256 or P-384")
	}
	return c, nil
}

func parseLeaf(text []byte) (*x509.Certificate, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			return x509.ParseCertificate(block.Bytes)
		}
	}
	return nil, errors.New(`there is no PEM block "CERTIFICATE"` + hintForDER(text))
}

func parseKey(text []byte) (crypto.Signer, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			return nil, errors.New(`the private key has a password; remove it with "openssl pkey -in FILE -out NEW"`)
		}
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			if parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
				parsed, err = x509.ParseECPrivateKey(block.Bytes)
			}
		}
		if signer, ok := parsed.(crypto.Signer); ok && err == nil {
			return signer, nil
		}
		return nil, errors.New("the private key cannot be read")
	}
	return nil, errors.New(`there is no PEM block "PRIVATE KEY"` + hintForDER(text))
}

// hintForDER returns a hint on how to convert a binary certificate file to PEM, or "" if
// the text does not begin like such a file. A binary file begins with an ASN.1 sequence of
// at least 128 bytes. The first byte is also the character "0", so hintForDER checks the
// second byte as well.
func hintForDER(text []byte) string {
	if len(text) > 1 && text[0] == 0x30 && text[1] >= 0x80 && text[1] <= 0x84 {
		return `; a .pfx or .p12 file becomes PEM with "openssl pkcs12 -in FILE -nodes -out NEW"`
	}
	return ""
}

// algorithms returns the signature algorithms that suit the key, with the preferred one
// first. Entra expects PS256 (certificate-credentials.md); older providers support only
// RS256.
func (c *Certificate) algorithms() []jose.SignatureAlgorithm {
	switch key := c.key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() >= 2048 {
			return []jose.SignatureAlgorithm{jose.PS256, jose.RS256}
		}
	case *ecdsa.PrivateKey:
		switch key.Curve {
		case elliptic.P256():
			return []jose.SignatureAlgorithm{jose.ES256}
		case elliptic.P384():
			return []jose.SignatureAlgorithm{jose.ES384}
		}
	}
	return nil
}

// assertionLife is how long an assertion is valid. Entra recommends five to ten minutes.
const assertionLife = 5 * time.Minute

// assertion returns a signed JWT that identifies the client at the token endpoint. The
// x5t#S256 header tells Entra which registered certificate verifies it.
func (c *Certificate) assertion(clientID string, found *discovered, now time.Time) (string, error) {
	algorithms := c.algorithms()
	algorithm := algorithms[0]
	for _, a := range algorithms {
		if slices.Contains(found.AssertionAlgorithms, string(a)) {
			algorithm = a
			break
		}
	}
	sum := sha256.Sum256(c.Leaf.Raw)
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("x5t#S256", base64.RawURLEncoding.EncodeToString(sum[:]))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: c.key}, options)
	if err != nil {
		return "", fmt.Errorf("client assertion: %w", err)
	}
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: clientID, Subject: clientID, Audience: jwt.Audience{found.Token}, ID: rand.Text(),
		NotBefore: jwt.NewNumericDate(now), IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(assertionLife)),
	}).Serialize()
}

// asserting is a transport that adds a new assertion to each token request. The oauth2
// package cannot do that for a refresh.
type asserting struct {
	base        http.RoundTripper
	certificate *Certificate
	clientID    string
	found       *discovered
	now         func() time.Time
}

func (a *asserting) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost || r.URL.String() != a.found.Token {
		return a.base.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, errors.Join(err, r.Body.Close())
	}
	if err := r.Body.Close(); err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	assertion, err := a.certificate.assertion(a.clientID, a.found, a.now())
	if err != nil {
		return nil, err
	}
	form.Set("client_id", a.clientID)
	form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	form.Set("client_assertion", assertion)
	text := form.Encode()
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	return a.base.RoundTrip(r)
}

// tokenContext returns a context for a token request. If c has a certificate, the
// context's HTTP client adds an assertion to the request.
func (p *Provider) tokenContext(ctx context.Context, clientID string, c Credential, found *discovered) context.Context {
	if c.Certificate == nil {
		return p.context(ctx)
	}
	client := *p.cfg.HTTP
	client.Transport = &asserting{base: client.Transport, certificate: c.Certificate, clientID: clientID, found: found, now: p.cfg.Now}
	return oidc.ClientContext(ctx, &client)
}

// secret returns the secret that the oauth2 package sends, or "" if there is a certificate.
func (c Credential) secret() string {
	if c.Certificate != nil {
		return ""
	}
	return c.Secret
}
