package tenant

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
)

const keyFile = "signing-key.pem"

// SigningKey signs tokens.
type SigningKey struct {
	Private *rsa.PrivateKey
	ID      string // the kid in tokens and in the published key
}

// loadKey returns the given key or, if it is nil, the folder's key. If the folder has no
// key yet, loadKey generates one and stores it. If folder is "", it generates a key without
// storing it.
func loadKey(given *rsa.PrivateKey, folder string) (SigningKey, error) {
	if given != nil {
		return newSigningKey(given), nil
	}
	if folder == "" {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return SigningKey{}, fmt.Errorf("emulator: make a signing key: %w", err)
		}
		return newSigningKey(k), nil
	}
	name := filepath.Join(folder, keyFile)
	k, err := readKey(name)
	if errors.Is(err, fs.ErrNotExist) {
		k, err = makeKey(name)
	}
	if err != nil {
		return SigningKey{}, fmt.Errorf("emulator: signing key: %w", err)
	}
	return newSigningKey(k), nil
}

// newSigningKey derives the ID from the public key, so that a stored key keeps
// its ID across restarts.
func newSigningKey(k *rsa.PrivateKey) SigningKey {
	sum := sha256.Sum256(x509.MarshalPKCS1PublicKey(&k.PublicKey))
	return SigningKey{Private: k, ID: base64.RawURLEncoding.EncodeToString(sum[:20])}
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

// replaceFile replaces the named file atomically, even if the program crashes. Only the
// owner has access to the new file.
func replaceFile(name string, text []byte) error {
	temporary := name + ".new"
	if err := os.WriteFile(temporary, text, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}
