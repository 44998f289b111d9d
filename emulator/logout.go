package emulator

import (
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// logout is the end_session endpoint. There is no session here beyond that of
// the application, so it only sends the browser back to where it may go.
func (e *Emulator) logout(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	request, err := op.ParseEndSessionRequest(r, e.provider.Decoder())
	if err != nil {
		e.refusalPage(w, asRefusal(err))
		return
	}
	if request.ClientID == "" && request.IdTokenHint == "" {
		request.ClientID = e.client.id // Entra finds the application by the registered address
	}
	session, err := op.ValidateEndSessionRequest(e.withIssuer(r.Context()), request, e.provider)
	if err != nil {
		e.refusalPage(w, refusalRedirect)
		return
	}
	if request.PostLogoutRedirectURI == "" {
		e.pages.write(w, http.StatusOK, "signedout.html", nil, "'none'")
		return
	}
	redirect(w, r, session.RedirectURI)
}
