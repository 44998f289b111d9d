package emulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-jose/go-jose/v4"
)

const keyFile = "signing-key.pem"

// signingKey signs tokens. It is both what the OIDC library calls a signing key
// and, through publicKey, what it publishes.
type signingKey struct {
	private *rsa.PrivateKey
	id      string
}

func (k signingKey) ID() string                                  { return k.id }
func (k signingKey) Key() any                                    { return k.private }
func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }

// publicKey is the half of a signingKey that everybody may see.
type publicKey struct{ signingKey }

func (k publicKey) Key() any                           { return k.private.Public() }
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }

// loadKey returns the given key, else the folder's, else a new one, which it
// leaves in the folder for the next start.
func loadKey(given *rsa.PrivateKey, folder string) (signingKey, error) {
	if given != nil {
		return newSigningKey(given), nil
	}
	if folder == "" {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return signingKey{}, fmt.Errorf("make a signing key: %w", err)
		}
		return newSigningKey(k), nil
	}
	name := filepath.Join(folder, keyFile)
	k, err := readKey(name)
	if errors.Is(err, fs.ErrNotExist) {
		k, err = makeKey(name)
	}
	if err != nil {
		return signingKey{}, fmt.Errorf("signing key: %w", err)
	}
	return newSigningKey(k), nil
}

// newSigningKey names k after its public half, so that a kept key keeps its name.
func newSigningKey(k *rsa.PrivateKey) signingKey {
	sum := sha256.Sum256(x509.MarshalPKCS1PublicKey(&k.PublicKey))
	return signingKey{private: k, id: base64.RawURLEncoding.EncodeToString(sum[:20])}
}

func readKey(name string) (*rsa.PrivateKey, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM block", name)
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	private, ok := k.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s holds a %T, want an RSA key", name, k)
	}
	return private, nil
}

func makeKey(name string) (*rsa.PrivateKey, error) {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return k, replaceFile(name, text)
}

// replaceFile puts text into the named file in one step, readable by its owner
// only: a crash leaves the old file or the new one, never a part.
func replaceFile(name string, text []byte) error {
	temporary := name + ".new"
	if err := os.WriteFile(temporary, text, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}
