package entra

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"meetdesk/emulator/tenant"
)

// refusal is an Entra error. It combines an OAuth error code with Entra's own error number
// and message text.
type refusal struct {
	code   string
	number int
	text   string
}

var (
	refusalUnknownGrant      = refusal{"invalid_grant", 70000, "The grant is unknown, or was exchanged before."}
	refusalExpired           = refusal{"invalid_grant", 70008, "The authorization code has expired."}
	refusalRedeemed          = refusal{"invalid_grant", 54005, "The authorization code was redeemed before."}
	refusalInactive          = refusal{"invalid_grant", 700082, "The refresh token has expired for lack of use."}
	refusalRevoked           = refusal{"invalid_grant", 50173, "The grant was revoked. A fresh sign-in is needed."}
	refusalDisabled          = refusal{"invalid_grant", 50057, "The account is disabled."}
	refusalVerifier          = refusal{"invalid_grant", 501481, "The code_verifier does not match the code_challenge."}
	refusalReplyAddress      = refusal{"invalid_grant", 500112, "The redirect_uri is not the one of the authorization request."}
	refusalSecret            = refusal{"invalid_client", 7000215, "The client secret is wrong."}
	refusalNoSecret          = refusal{"invalid_client", 7000218, "The request must contain client_assertion or client_secret."}
	refusalAssertionFormat   = refusal{"invalid_client", 50027, "The client_assertion is not a signed JWT whose iss and sub are the client_id."}
	refusalAssertionKey      = refusal{"invalid_client", 700027, "The client_assertion was not signed with a registered certificate."}
	refusalAssertionAudience = refusal{"invalid_client", 700023, "The audience of the client_assertion is not the token endpoint."}
	refusalAssertionTime     = refusal{"invalid_client", 700024, "The client_assertion is not within its valid time range."}
	refusalAssertionExpired  = refusal{"invalid_client", 7000222, "The certificate of the application has expired."}
	refusalNotAnApp          = refusal{"unauthorized_client", 501051, "The application has no permissions of its own for Microsoft Graph."}
	refusalNotDefault        = refusal{"invalid_scope", 1002012, "Client credentials take one scope: the resource with /.default after it."}
	refusalNoApplication     = refusal{"unauthorized_client", 700016, "No application with this client_id exists in the tenant."}
	refusalNoTenant          = refusal{"invalid_tenant", 90002, "No tenant of this name exists. Use its GUID, or a domain of its people."}
	refusalSingleTenant      = refusal{"invalid_request", 50194, "The application is registered for one organisation. Use its tenant instead of common, organizations or consumers."}
	refusalInstance          = refusal{"invalid_instance", 50049, "The host of the authorization_endpoint is not one of this instance."}
	refusalRedirect          = refusal{"invalid_request", 50011, "The redirect_uri is not registered for the application."}
	refusalGrantType         = refusal{"unsupported_grant_type", 70003, "The grant_type is not supported."}
	refusalMalformed         = refusal{"invalid_request", 900144, "A parameter of the request is missing or malformed."}
	refusalNoChallenge       = refusal{"invalid_request", 9002325, "The request needs a code_challenge with the method S256."}
	refusalResponseMode      = refusal{"invalid_request", 9002313, "The response_mode is not supported; use query."}
	refusalClaims            = refusal{"invalid_request", 9002313, "The claims parameter is not a JSON object."}
	refusalScope             = refusal{"invalid_scope", 70011, "A requested scope does not exist."}
	refusalDefaultMixed      = refusal{"invalid_scope", 70011, ".default cannot be combined with permissions of a resource that are named."}
	refusalConsent           = refusal{"invalid_grant", 65001, "The sign-in did not ask for consent to a requested permission."}
	refusalSilent            = refusal{"login_required", 50058, "Nobody is signed in, and prompt=none forbids asking."}
	refusalDeclined          = refusal{"access_denied", 65004, "The person declined to consent to the application."}
	refusalUnavailable       = refusal{"server_error", 90033, "The sign-in service is not available for now."}
	refusalSigninTimedOut    = refusal{"invalid_request", 50089, "The sign-in took too long. Start again from the application."}
)

func (r refusal) Error() string { return r.code + ": " + r.sentence() }

// sentence returns the error_description in Entra's format.
func (r refusal) sentence() string { return fmt.Sprintf("AADSTS%d: %s", r.number, r.text) }

func (r refusal) status() int {
	switch r.code {
	case "invalid_client", "unauthorized_client":
		return http.StatusUnauthorized
	case "server_error":
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// asRefusal returns the refusal that err wraps, or the one that Entra sends for an error
// from the OIDC library. For any other error, it returns refusalUnavailable.
func asRefusal(err error) refusal {
	var known refusal
	if errors.As(err, &known) {
		return known
	}
	var refused *oidc.Error
	if !errors.As(err, &refused) {
		return refusalUnavailable
	}
	switch refused.ErrorType {
	case oidc.InvalidClient:
		return refusalSecret
	case oidc.UnauthorizedClient:
		return refusalNoApplication
	case oidc.InvalidScope:
		return refusalScope
	case oidc.InvalidGrant:
		return codeRefusal(refused.Description)
	case oidc.InvalidRequest:
		return refusalMalformed
	}
	return refusalUnavailable
}

// codeRefusal returns the refusal for an authorization code that the library has rejected.
// The library's errors for such codes differ only in their descriptions.
func codeRefusal(description string) refusal {
	switch description {
	case "invalid code_verifier":
		return refusalVerifier
	case "redirect_uri does not correspond":
		return refusalReplyAddress
	}
	return refusalUnknownGrant
}

// refreshRefusal returns the refusal that Entra sends for an unknown, revoked or expired
// refresh token. It returns any other error unchanged.
func refreshRefusal(err error) error {
	switch {
	case errors.Is(err, tenant.ErrUnknownToken):
		return refusalUnknownGrant
	case errors.Is(err, tenant.ErrRevokedToken):
		return refusalRevoked
	case errors.Is(err, tenant.ErrExpiredToken):
		return refusalInactive
	}
	return err
}
