package emulator

import (
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// logout is the end_session endpoint. A person who signs out here, without an
// application that sent them, gets a page whose frames tell the application. One
// that sent them knows, and gets the browser back at once.
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
	frames := e.endSessions(w, r, request.LogoutHint)
	if request.PostLogoutRedirectURI == "" {
		policy := "'none'"
		if len(frames) > 0 {
			policy += "; frame-src " + origin(frames[0])
		}
		e.pages.write(w, http.StatusOK, "signedout.html", frames, policy)
		return
	}
	redirect(w, r, session.RedirectURI)
}
