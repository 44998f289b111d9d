package store

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// sealer encrypts values that must not be readable in the database file or in a backup.
type sealer []cipher.AEAD

func newSealer(keys [][]byte) (sealer, error) {
	if len(keys) == 0 {
		return nil, errors.New("store: no key to encrypt tokens with")
	}
	var s sealer
	for i, key := range keys {
		if len(key) != 32 {
			return nil, fmt.Errorf("store: key %d has %d bytes, want 32", i+1, len(key))
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		s = append(s, aead)
	}
	return s, nil
}

// SetKeys replaces the keys. Tokens stay readable if the key that encrypted them is one of
// the new keys. If SetKeys returns an error, the keys are unchanged.
func (s *Store) SetKeys(keys [][]byte) error {
	seal, err := newSealer(keys)
	if err == nil {
		s.seal.Store(&seal)
	}
	return err
}

// seal encrypts a value with the first key. The result can be decrypted only for the same
// row.
func (s sealer) seal(plain []byte, row string) []byte {
	return s[0].Seal(nil, nil, plain, []byte(row))
}

func (s sealer) open(sealed []byte, row string) ([]byte, error) {
	for _, aead := range s {
		if plain, err := aead.Open(nil, nil, sealed, []byte(row)); err == nil {
			return plain, nil
		}
	}
	return nil, fmt.Errorf("open %s: no key fits", row)
}
