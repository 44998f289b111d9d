package auth

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// Certificate is a client certificate with its private key. The key signs the client
// assertion in each token request (RFC 7523, private_key_jwt).
type Certificate struct {
	Leaf *x509.Certificate
	key  crypto.Signer
}

// ParseCertificate parses PEM-encoded certificates and returns the first one that belongs
// to key, a private key returned by ParseKey. It does not check the certificate's dates.
func ParseCertificate(text []byte, key crypto.Signer) (*Certificate, error) {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	found := false
	for block := range blocks(text) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		found = true
		leaf, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		if ok && public.Equal(leaf.PublicKey) {
			return &Certificate{Leaf: leaf, key: key}, nil
		}
	}
	if !found {
		return nil, missingBlock(text, "CERTIFICATE")
	}
	return nil, errors.New("the private key does not belong to the certificate")
}

// ParseKey parses a PEM-encoded private key: an RSA key of at least 2048 bits, or an EC key
// on P-256 or P-384.
func ParseKey(text []byte) (crypto.Signer, error) {
	for block := range blocks(text) {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			return nil, errors.New(`the private key has a password; remove it with "openssl pkey -in FILE -out NEW"`)
		}
		parsed, err := parsePrivate(block.Bytes)
		signer, ok := parsed.(crypto.Signer)
		if !ok || err != nil {
			return nil, errors.New("the private key cannot be read")
		}
		if len(algorithms(signer)) == 0 {
			return nil, errors.New("the key must be RSA with at least 2048 bits, or EC on the curve P-256 or P-384")
		}
		return signer, nil
	}
	return nil, missingBlock(text, "PRIVATE KEY")
}

// parsePrivate parses a DER-encoded private key in PKCS #8, PKCS #1 or SEC 1 format.
func parsePrivate(der []byte) (any, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	return x509.ParseECPrivateKey(der)
}

// blocks returns the PEM blocks of a file. It skips the byte order mark that some Windows
// editors add.
func blocks(text []byte) iter.Seq[*pem.Block] {
	return func(yield func(*pem.Block) bool) {
		for block, rest := pem.Decode(bytes.TrimPrefix(text, []byte("\ufeff"))); block != nil && yield(block); block, rest = pem.Decode(rest) {
		}
	}
}

// missingBlock returns the error for a file without a PEM block of the wanted type. The
// error lists the blocks that the file contains or says how to convert a binary file.
func missingBlock(text []byte, want string) error {
	var types []string
	for block := range blocks(text) {
		types = append(types, fmt.Sprintf("%q", block.Type))
	}
	wanted := fmt.Sprintf("there is no PEM block %q", want)
	if len(types) > 0 {
		return fmt.Errorf("%s, only %s", wanted, strings.Join(types, ", "))
	}
	return errors.New(wanted + hintForDER(text))
}

// hintForDER returns a hint on how to convert a DER file to PEM, or "" if text is not DER.
// A DER file begins with an ASN.1 sequence of at least 128 bytes. Its first byte is also
// the character "0", so hintForDER checks the second byte as well.
func hintForDER(text []byte) string {
	if len(text) < 2 || text[0] != 0x30 || text[1] < 0x80 || text[1] > 0x84 {
		return ""
	}
	if _, err := x509.ParseCertificate(text); err == nil {
		return `; the file is a certificate in DER: convert it with "openssl x509 -inform der -in FILE -out NEW"`
	}
	if _, err := parsePrivate(text); err == nil {
		return `; the file is a key in DER: convert it with "openssl pkey -inform der -in FILE -out NEW"`
	}
	return `; a .pfx or .p12 file becomes PEM with "openssl pkcs12 -in FILE -nodes -out NEW"`
}

// algorithms returns the signature algorithms for the key in order of preference. Entra
// expects PS256 (certificate-credentials.md). Some older providers support only RS256.
func algorithms(key crypto.Signer) []jose.SignatureAlgorithm {
	switch key := key.(type) {
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
