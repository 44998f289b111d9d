package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
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

// assertionLife is the lifetime of an assertion. Entra recommends five to ten minutes.
const assertionLife = 5 * time.Minute

// assertion returns a signed JWT that authenticates the client at the token endpoint. Its
// x5t#S256 header identifies the registered certificate to Entra.
func (c *Certificate) assertion(clientID string, found *discovered, now time.Time) (string, error) {
	algorithms := algorithms(c.key)
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

// secret returns the client secret, or "" if the certificate is used instead.
func (c Credential) secret() string {
	if c.Certificate != nil {
		return ""
	}
	return c.Secret
}
