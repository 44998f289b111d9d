package entra

import (
	"context"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"

	"meetdesk/emulator/tenant"
)

// storage gives the OIDC library access to the emulator's data. Methods that the emulator
// does not need are in oidc_unused.go.
type storage struct {
	unusedStorage
	client  *client
	tenant  *tenant.Tenant
	signIns *signIns
	key     signingKey
}

func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.client.id {
		return nil, refusalNoApplication
	}
	return s.client, nil
}

func (s *storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.client.id {
		return refusalNoApplication
	}
	if !s.client.knowsSecret(secret) {
		return refusalSecret
	}
	return nil
}

func (s *storage) SaveAuthCode(_ context.Context, requestID, code string) error {
	return s.signIns.saveCode(requestID, code)
}

func (s *storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	return s.signIns.byCode(code)
}

func (s *storage) TokenRequestByRefreshToken(_ context.Context, token string) (op.RefreshTokenRequest, error) {
	g, err := s.tenant.Records.RefreshGrant(token, s.tenant.Now())
	if err != nil {
		return nil, refreshRefusal(err)
	}
	p, ok := s.tenant.People.ByID(g.ObjectID)
	if !ok {
		return nil, refusalUnknownGrant
	}
	r := newTokenRequest(g, p)
	return &r, nil
}

func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }

func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{s.key.SignatureAlgorithm()}, nil
}

func (s *storage) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{publicKey{s.key}}, nil
}
