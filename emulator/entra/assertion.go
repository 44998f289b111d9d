package entra

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// authenticateClient authenticates the client that redeems a code or a refresh token. It
// then puts the registered secret in the form, because the library is set up to accept only
// secrets.
func (s *Server) authenticateClient(r *http.Request) error {
	id, secret, err := credentials(r)
	if err != nil {
		return err
	}
	if id != s.client.id {
		return refusalNoApplication
	}
	switch {
	case r.PostForm.Get("client_assertion") != "":
		if err := s.checkAssertion(r, id, s.tenant.Options.ClientCertificates); err != nil {
			return err
		}
	case s.client.secret == "":
		return nil // a public client
	case secret == "":
		return refusalNoSecret
	case !s.client.knowsSecret(secret):
		return refusalSecret
	}
	r.Header.Del("Authorization")
	r.PostForm.Set("client_id", id)
	r.PostForm.Set("client_secret", s.client.secret)
	r.PostForm.Del("client_assertion_type")
	r.PostForm.Del("client_assertion")
	return nil
}

// checkAssertion verifies the assertion that an application sends in place of a secret
// (certificate-credentials.md).
func (s *Server) checkAssertion(r *http.Request, id string, certificates []*x509.Certificate) error {
	if r.PostForm.Get("client_assertion_type") != jwtBearer {
		return refusalMalformed
	}
	token, err := jwt.ParseSigned(r.PostForm.Get("client_assertion"), []jose.SignatureAlgorithm{jose.PS256, jose.RS256})
	if err != nil {
		return refusalAssertionFormat
	}
	certificate := certificateOf(token.Headers[0], certificates)
	if certificate == nil {
		return refusalAssertionKey
	}
	var claims jwt.Claims
	if token.Claims(certificate.PublicKey, &claims) != nil {
		return refusalAssertionKey
	}
	now := s.tenant.Now()
	switch {
	case claims.Issuer != id || claims.Subject != id || claims.ID == "":
		return refusalAssertionFormat
	case !claims.Audience.Contains(s.tenant.Address(tokenPath)):
		return refusalAssertionAudience
	case claims.Expiry == nil || claims.ValidateWithLeeway(jwt.Expected{Time: now}, 5*time.Minute) != nil:
		return refusalAssertionTime
	case now.After(certificate.NotAfter):
		return refusalAssertionExpired
	}
	return nil
}

// certificateOf returns the certificate whose SHA-256 thumbprint is in the assertion's
// header, or nil if no certificate matches.
func certificateOf(header jose.Header, certificates []*x509.Certificate) *x509.Certificate {
	named, _ := header.ExtraHeaders["x5t#S256"].(string)
	named = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(named), "=") // MSAL for Go sends standard base64
	for _, c := range certificates {
		sum := sha256.Sum256(c.Raw)
		if named == base64.RawURLEncoding.EncodeToString(sum[:]) {
			return c
		}
	}
	return nil
}

func (s *Server) checkAppSecret(secret string) error {
	known := s.tenant.Options.AppClientSecret
	switch {
	case secret == "" || known == "":
		return refusalNoSecret
	case subtle.ConstantTimeCompare([]byte(known), []byte(secret)) != 1:
		return refusalSecret
	}
	return nil
}
