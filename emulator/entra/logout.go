package entra

import (
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// logout serves the end_session endpoint. If the request contains a registered URL, logout
// redirects to it. Without a URL, it sends a page whose frames notify the application of
// the sign-out.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	request, err := op.ParseEndSessionRequest(r, s.provider.Decoder())
	if err != nil {
		s.refusalPage(w, asRefusal(err))
		return
	}
	if request.ClientID == "" && request.IdTokenHint == "" {
		request.ClientID = s.client.id // as in Entra, the registered URL is enough to identify the application
	}
	session, err := op.ValidateEndSessionRequest(s.withIssuer(r.Context()), request, s.provider)
	if err != nil {
		s.refusalPage(w, refusalRedirect)
		return
	}
	frames := s.endSessions(w, r, request.LogoutHint)
	if request.PostLogoutRedirectURI == "" {
		policy := "'none'"
		if len(frames) > 0 {
			policy += "; frame-src " + origin(frames[0])
		}
		s.pages.write(w, http.StatusOK, "signedout.html", frames, policy)
		return
	}
	redirect(w, r, session.RedirectURI)
}
