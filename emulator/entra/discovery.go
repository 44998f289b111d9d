package entra

import (
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// discoveryDocument is the library's document with an additional property that identifies
// the emulator to clients.
type discoveryDocument struct {
	*oidc.DiscoveryConfiguration
	Emulator bool `json:"meetdesk_emulator"`
}

// discovery responds with the library's document, adapted to the emulator's features.
func (s *Server) discovery(r *http.Request) wire.Response {
	d := op.CreateDiscoveryConfig(s.withIssuer(r.Context()), s.provider, s.storage)
	d.UserinfoEndpoint, d.IntrospectionEndpoint, d.RevocationEndpoint, d.DeviceAuthorizationEndpoint = "", "", "", ""
	d.IntrospectionEndpointAuthMethodsSupported, d.IntrospectionEndpointAuthSigningAlgValuesSupported = nil, nil
	d.RevocationEndpointAuthMethodsSupported, d.RevocationEndpointAuthSigningAlgValuesSupported = nil, nil
	d.ResponseTypesSupported = []string{"code"}
	d.ResponseModesSupported = []string{"query", "fragment"}
	d.GrantTypesSupported = append(s.client.GrantTypes(), oidc.GrantTypeClientCredentials)
	d.SubjectTypesSupported = []string{"pairwise"}
	d.TokenEndpointAuthMethodsSupported = []oidc.AuthMethod{oidc.AuthMethodPost, oidc.AuthMethodPrivateKeyJWT, oidc.AuthMethodBasic}
	d.ClaimsSupported = []string{
		"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "ver",
		"oid", "tid", "preferred_username", "name", "email", "roles", "sid", "acct", "login_hint",
	}
	if shared, ok := r.Context().Value(sharedTenantKey{}).(string); ok {
		s.shareDiscovery(d, shared)
	}
	return wire.JSON(http.StatusOK, "application/json; charset=utf-8", discoveryDocument{d, true})
}

// shareDiscovery turns d into the document for a shared endpoint. As in Entra, the issuer
// is a template into which clients insert the token's tid. All personal accounts have the
// same tid, so "consumers" has a fixed issuer.
func (s *Server) shareDiscovery(d *oidc.DiscoveryConfiguration, name string) {
	d.Issuer = s.tenant.Options.URL + "/{tenantid}/v2.0"
	if name == "consumers" {
		d.Issuer = s.tenant.Options.URL + "/" + tenant.PersonalTenant + "/v2.0"
	}
	for _, address := range []*string{&d.AuthorizationEndpoint, &d.TokenEndpoint, &d.EndSessionEndpoint, &d.JwksURI} {
		*address = strings.Replace(*address, "/"+s.tenant.Options.Tenant+"/", "/"+name+"/", 1)
	}
}

func (s *Server) keys(*http.Request) wire.Response {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
		Key:       s.tenant.Key.Private.Public(),
		KeyID:     s.tenant.Key.ID,
		Algorithm: string(jose.RS256),
		Use:       "sig",
	}}}
	return wire.JSON(http.StatusOK, "application/json; charset=utf-8", set)
}
