package emulator

import (
	"crypto/subtle"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// clientCredentials answers an application that proves who it is. There is no
// refresh token and no ID token: it can ask again, and nobody signed in.
func (e *Emulator) clientCredentials(r *http.Request) (tokenReply, error) {
	id, secret, err := credentials(r)
	if err != nil {
		return tokenReply{}, err
	}
	if err := e.knowsApp(id, secret); err != nil {
		return tokenReply{}, err
	}
	if err := checkDefaultScope(r.PostFormValue("scope")); err != nil {
		return tokenReply{}, err
	}
	token, err := e.appToken()
	life := int(accessTokenLife.Seconds())
	return tokenReply{TokenType: "Bearer", ExpiresIn: life, ExtExpiresIn: life, AccessToken: token}, err
}

// credentials takes the client's ID and secret from the Authorization header,
// where they are escaped like a form's (RFC 6749, 2.3.1), or from the form.
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

func (e *Emulator) knowsApp(id, secret string) error {
	known := e.options.AppClientSecret
	switch {
	case id == e.options.AppClientID && (secret == "" || known == ""):
		return refusalNoSecret
	case id == e.options.AppClientID && subtle.ConstantTimeCompare([]byte(known), []byte(secret)) == 1:
		return nil
	case id == e.options.AppClientID:
		return refusalSecret
	case id != e.options.ClientID:
		return refusalNoApplication
	case !e.client.knowsSecret(secret):
		return refusalSecret
	}
	return refusalNotAnApp
}

// checkDefaultScope requires Graph's .default: an application has the permissions that
// it was given and cannot ask for some of them. The scopes of OpenID Connect are allowed
// and have no effect; MSAL sends them.
func checkDefaultScope(scope string) error {
	asked, err := parseScopes(scope)
	switch {
	case strings.TrimSpace(scope) == "":
		return refusalMalformed
	case err != nil && strings.Contains(strings.ToLower(scope), "/.default"):
		return err
	case err != nil || len(asked.resource) != 1 || !asked.isDefault():
		return refusalNotDefault
	}
	return nil
}

// appToken is a token that an application got for itself: roles instead of
// scopes, and nobody who signed in.
func (e *Emulator) appToken() (string, error) {
	id := e.options.AppClientID
	account := uuid.NewSHA1(uuid.NameSpaceOID, []byte(e.options.Tenant+id)).String()
	claims := e.tokenClaims(graphAudience, account, accessTokenLife)
	maps.Copy(claims, map[string]any{
		"ver": "1.0", "idtyp": "app", "appid": id, "tid": e.options.Tenant,
		"oid": account, // of the application's own account
	})
	if len(e.options.AppRoles) > 0 {
		claims["roles"] = e.options.AppRoles
	}
	return e.signed(claims)
}
