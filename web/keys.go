package web

import "crypto/cipher"

// SetKeys replaces the session keys while the site runs. Sessions, forms and sign-ins stay
// valid if their key is among the new keys. If SetKeys returns an error, the old keys stay
// in use.
func (s *Server) SetKeys(keys [][]byte) error {
	codecs, err := cookieCodecs(keys, sessionLifetime)
	if err != nil {
		return err
	}
	identities, err := newIdentities(keys)
	if err != nil {
		return err
	}
	sealers := []*sealer{s.signIns.sealer, s.sent.sealer, s.returns}
	ciphers := make([][]cipher.AEAD, len(sealers))
	for i, sealer := range sealers {
		if ciphers[i], err = deriveCiphers(keys, sealer.purpose); err != nil {
			return err
		}
	}
	s.sessions.codecs.Store(&codecs)
	s.identities.Store(&identities)
	for i, sealer := range sealers {
		sealer.ciphers.Store(&ciphers[i])
	}
	return nil
}
