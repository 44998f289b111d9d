package emulator

import (
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// discoveryDocument is the library's, with the sign by which a client can tell
// the emulator from the real thing.
type discoveryDocument struct {
	*oidc.DiscoveryConfiguration
	Emulator bool `json:"meetdesk_emulator"`
}

// discovery names what is really offered, which is less than the library could.
func (e *Emulator) discovery(r *http.Request) answer {
	d := op.CreateDiscoveryConfig(e.withIssuer(r.Context()), e.provider, e.storage)
	d.UserinfoEndpoint, d.IntrospectionEndpoint, d.RevocationEndpoint, d.DeviceAuthorizationEndpoint = "", "", "", ""
	d.IntrospectionEndpointAuthMethodsSupported, d.IntrospectionEndpointAuthSigningAlgValuesSupported = nil, nil
	d.RevocationEndpointAuthMethodsSupported, d.RevocationEndpointAuthSigningAlgValuesSupported = nil, nil
	d.ResponseTypesSupported = []string{"code"}
	d.ResponseModesSupported = []string{"query", "fragment"}
	d.GrantTypesSupported = append(e.client.GrantTypes(), oidc.GrantTypeClientCredentials)
	d.SubjectTypesSupported = []string{"pairwise"}
	d.TokenEndpointAuthMethodsSupported = []oidc.AuthMethod{oidc.AuthMethodPost, oidc.AuthMethodBasic}
	d.ClaimsSupported = []string{
		"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "ver",
		"oid", "tid", "preferred_username", "name", "email", "roles", "sid", "acct", "login_hint",
	}
	if shared, ok := r.Context().Value(tenantKey{}).(string); ok {
		e.share(d, shared)
	}
	return jsonAnswer(http.StatusOK, "application/json; charset=utf-8", discoveryDocument{d, true})
}

// share makes d the document of an endpoint for any organisation. Its issuer is a
// pattern, as Entra's is: a client must put the token's tid into it.
func (e *Emulator) share(d *oidc.DiscoveryConfiguration, name string) {
	d.Issuer = e.options.URL + "/{tenantid}/v2.0"
	if name == "consumers" {
		d.Issuer = e.options.URL + "/" + PersonalTenant + "/v2.0"
	}
	for _, address := range []*string{&d.AuthorizationEndpoint, &d.TokenEndpoint, &d.EndSessionEndpoint, &d.JwksURI} {
		*address = strings.Replace(*address, "/"+e.options.Tenant+"/", "/"+name+"/", 1)
	}
}

// keys publishes what ID tokens are signed with.
func (e *Emulator) keys(*http.Request) answer {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
		Key:       e.key.private.Public(),
		KeyID:     e.key.id,
		Algorithm: string(e.key.SignatureAlgorithm()),
		Use:       "sig",
	}}}
	return jsonAnswer(http.StatusOK, "application/json; charset=utf-8", set)
}
