package entra

import (
	"github.com/go-jose/go-jose/v4"

	"meetdesk/emulator/tenant"
)

// signingKey adapts the tenant's key to the OIDC library.
type signingKey struct{ key tenant.SigningKey }

func (k signingKey) ID() string                                  { return k.key.ID }
func (k signingKey) Key() any                                    { return k.key.Private }
func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }

type publicKey struct{ signingKey }

func (k publicKey) Key() any                           { return k.key.Private.Public() }
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }
