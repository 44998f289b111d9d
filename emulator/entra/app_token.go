package entra

import (
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"meetdesk/emulator/tenant"
)

// clientCredentials handles the client credentials grant. The response contains neither a
// refresh token nor an ID token.
func (s *Server) clientCredentials(r *http.Request) (tokenReply, error) {
	id, secret, err := credentials(r)
	if err != nil {
		return tokenReply{}, err
	}
	if err := s.checkApp(r, id, secret); err != nil {
		return tokenReply{}, err
	}
	if err := checkDefaultScope(r.PostFormValue("scope")); err != nil {
		return tokenReply{}, err
	}
	token, err := s.appToken()
	life := int(accessTokenLife.Seconds())
	return tokenReply{TokenType: "Bearer", ExpiresIn: life, ExtExpiresIn: life, AccessToken: token}, err
}

// credentials returns the client's ID and secret from the form or from the Authorization
// header, where they are form-encoded (RFC 6749, 2.3.1).
func credentials(r *http.Request) (id, secret string, err error) {
	id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	if user, password, ok := r.BasicAuth(); ok {
		if id, err = url.QueryUnescape(user); err != nil {
			return "", "", refusalMalformed
		}
		if secret, err = url.QueryUnescape(password); err != nil {
			return "", "", refusalMalformed
		}
	}
	if id == "" {
		return "", "", refusalMalformed
	}
	return id, secret, nil
}

func (s *Server) checkApp(r *http.Request, id, secret string) error {
	certificates := s.tenant.Options.ClientCertificates
	if id == s.tenant.Options.AppClientID {
		certificates = s.tenant.Options.AppClientCertificates
	}
	asserts := r.PostForm.Get("client_assertion") != ""
	switch {
	case id == s.tenant.Options.AppClientID && asserts:
		return s.checkAssertion(r, id, certificates)
	case id == s.tenant.Options.AppClientID:
		return s.checkAppSecret(secret)
	case id == s.tenant.Options.ClientID && asserts:
		if err := s.checkAssertion(r, id, certificates); err != nil {
			return err
		}
		return refusalNotAnApp
	case id != s.tenant.Options.ClientID:
		return refusalNoApplication
	case !s.client.knowsSecret(secret):
		return refusalSecret
	}
	return refusalNotAnApp
}

// checkDefaultScope returns an error unless the scope is Graph's .default, which the
// client credentials grant requires. It ignores OpenID Connect scopes, which MSAL adds.
func checkDefaultScope(scope string) error {
	requested, err := parseScopes(scope)
	switch {
	case strings.TrimSpace(scope) == "":
		return refusalMalformed
	case err != nil && strings.Contains(strings.ToLower(scope), "/.default"):
		return err
	case err != nil || len(requested.resource) != 1 || !requested.isDefault():
		return refusalNotDefault
	}
	return nil
}

// appToken returns an access token for the client credentials grant. The token has roles
// instead of scopes.
func (s *Server) appToken() (string, error) {
	id := s.tenant.Options.AppClientID
	account := uuid.NewSHA1(uuid.NameSpaceOID, []byte(s.tenant.Options.Tenant+id)).String()
	claims := s.tokenClaims(tenant.GraphAudience, account, accessTokenLife)
	maps.Copy(claims, map[string]any{
		"ver": "1.0", "idtyp": "app", "appid": id, "tid": s.tenant.Options.Tenant,
		"oid": account, // the application's service principal
	})
	if len(s.tenant.Options.AppRoles) > 0 {
		claims["roles"] = s.tenant.Options.AppRoles
	}
	return s.sign(claims)
}
