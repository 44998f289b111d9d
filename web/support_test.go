package web_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"net/url"
	"sync"
	"testing"

	"meetdesk/locale"
)

// lockedBuffer is a log that a test reads while the site writes it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// signingKey is the emulator's, made once: making one takes longer than most tests.
var makeKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func signingKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := makeKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func urlQuery(name, value string) string { return url.Values{name: {value}}.Encode() }

// loadCatalogue reads the sentences once: parsing them takes longer than most tests.
var loadCatalogue = sync.OnceValues(locale.Load)

func catalogue(t *testing.T) *locale.Catalogue {
	t.Helper()
	c, err := loadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// english returns the sentences that the tests expect on pages.
func english(t *testing.T) locale.Printer {
	t.Helper()
	return catalogue(t).Printer("en")
}
