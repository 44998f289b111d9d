package web

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// sealer encrypts and authenticates values that are stored in a cookie or a URL.
type sealer struct {
	purpose     string
	ciphers     atomic.Pointer[[]cipher.AEAD] // the first encrypts; any of them can decrypt
	compressors sync.Pool                     // contains *flate.Writer values, which take 800 KB each
}

// newSealer returns a sealer for one purpose. A value sealed for one purpose cannot be
// opened for another.
func newSealer(keys [][]byte, purpose string) (*sealer, error) {
	s := &sealer{purpose: purpose}
	s.compressors.New = func() any {
		compressor, _ := flate.NewWriter(nil, flate.BestCompression) // fails only if the compression level is invalid
		return compressor
	}
	ciphers, err := deriveCiphers(keys, purpose)
	if err != nil {
		return nil, err
	}
	s.ciphers.Store(&ciphers)
	return s, nil
}

func deriveCiphers(keys [][]byte, purpose string) (ciphers []cipher.AEAD, err error) {
	for _, key := range keys {
		derived, err := hkdf.Key(sha256.New, key, nil, "meetdesk "+purpose, 32)
		if err != nil {
			return nil, fmt.Errorf("%s keys: %w", purpose, err)
		}
		block, err := aes.NewCipher(derived)
		if err != nil {
			return nil, fmt.Errorf("%s keys: %w", purpose, err)
		}
		seal, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("%s keys: %w", purpose, err)
		}
		ciphers = append(ciphers, seal)
	}
	return ciphers, nil
}

// seal encrypts the value. The result needs no escaping in a URL or a cookie.
func (s *sealer) seal(value any) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	var compressed bytes.Buffer
	compressor := s.compressors.Get().(*flate.Writer)
	defer s.compressors.Put(compressor)
	compressor.Reset(&compressed)
	if _, err := compressor.Write(plain); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	if err := compressor.Close(); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString((*s.ciphers.Load())[0].Seal(nil, nil, compressed.Bytes(), nil)), nil
}

// open decrypts text that seal returned and stores the value as json.Unmarshal does. It
// refuses text of more than limit bytes.
func (s *sealer) open(text string, limit int, into any) error {
	if len(text) > limit {
		return errors.New("sealed value: too long")
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("sealed value: %w", err)
	}
	for _, seal := range *s.ciphers.Load() {
		compressed, err := seal.Open(nil, nil, sealed, nil)
		if err != nil {
			continue
		}
		plain, err := io.ReadAll(flate.NewReader(bytes.NewReader(compressed)))
		if err != nil {
			return fmt.Errorf("sealed value: %w", err)
		}
		return json.Unmarshal(plain, into)
	}
	return errors.New("sealed value: no key fits")
}
