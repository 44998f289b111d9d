package emulator

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
)

// appClaims are those of a token that an application got for itself: roles
// instead of scopes, and nobody who signed in.
type appClaims struct {
	jwt.Claims
	Version string   `json:"ver"`
	Kind    string   `json:"idtyp"`
	AppID   string   `json:"appid"`
	Object  string   `json:"oid"` // of the application's own account
	Tenant  string   `json:"tid"`
	Roles   []string `json:"roles,omitempty"`
}

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

// checkDefaultScope wants Graph's .default: an application has the permissions
// that it was given, and cannot ask for some of them.
func checkDefaultScope(scope string) error {
	if strings.TrimSpace(scope) == "" {
		return refusalMalformed
	}
	resource, ok := strings.CutSuffix(strings.TrimSpace(scope), "/.default")
	if !ok || strings.Contains(resource, " ") {
		return refusalNotDefault
	}
	for _, known := range append(graphResources(), graphAudience) {
		if resource == known {
			return nil
		}
	}
	return refusalScope
}

func (e *Emulator) appToken() (string, error) {
	key := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: e.key.private, KeyID: e.key.id}}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	id := e.options.AppClientID
	account := uuid.NewSHA1(uuid.NameSpaceOID, []byte(e.options.Tenant+id)).String()
	return jwt.Signed(signer).Claims(appClaims{
		Claims: jwt.Claims{
			Issuer: e.Issuer(), Audience: jwt.Audience{graphAudience}, Subject: account, ID: uuid.NewString(),
			IssuedAt: jwt.NewNumericDate(e.now()), NotBefore: jwt.NewNumericDate(e.now()),
			Expiry: jwt.NewNumericDate(e.now().Add(accessTokenLife)),
		},
		Version: "1.0", Kind: "app", AppID: id, Object: account,
		Tenant: e.options.Tenant, Roles: e.options.AppRoles,
	}).Serialize()
}
