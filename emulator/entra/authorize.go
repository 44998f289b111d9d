package entra

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"meetdesk/emulator/tenant"
)

// authorize starts a sign-in. If login_hint names a person, it signs that person in,
// unless the prompt is select_account. Otherwise it shows the account page, or refuses
// the request if the prompt is none.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	request, err := s.authorizeRequest(r)
	if err != nil {
		s.refuseAuthorize(w, r, request, err)
		return
	}
	p, known := s.hintedPerson(request.LoginHint)
	switch {
	case known && !slices.Contains(request.Prompt, oidc.PromptSelectAccount):
		s.signIn(w, r, request, p)
	case slices.Contains(request.Prompt, oidc.PromptNone):
		s.redirectRefusal(w, r, request, refusalSilent)
	default:
		s.chooser(w, request)
	}
}

// signInRequest is an authorization request together with parameters that the OIDC library
// ignores.
type signInRequest struct {
	*oidc.AuthRequest
	claims     tenant.RequestedClaims
	clientInfo bool // whether the redirect includes client_info, which identifies the account to MSAL
}

// authorizeRequest parses and checks a request. It returns the request along with an error
// only if the error may be sent to the redirect_uri.
func (s *Server) authorizeRequest(r *http.Request) (*signInRequest, error) {
	parsed, err := op.ParseAuthorizeRequest(r, s.provider.Decoder())
	if err != nil {
		return nil, err
	}
	request := &signInRequest{AuthRequest: parsed}
	if request.ClientID != s.client.id {
		return nil, refusalNoApplication
	}
	scope := strings.Join(request.Scopes, " ") // read before the library drops unknown scopes
	ctx := s.withIssuer(r.Context())
	if _, err := op.ValidateAuthRequestClient(ctx, parsed, s.client, s.provider.IDTokenHintVerifier(ctx)); err != nil {
		var refused *oidc.Error
		if errors.As(err, &refused) && refused.IsRedirectDisabled() {
			return nil, refusalRedirect
		}
		return request, err
	}
	if request.claims, err = tenant.ParseClaims(r.Form.Get("claims")); err != nil {
		return request, refusalClaims
	}
	request.clientInfo = r.Form.Get("client_info") == "1"
	return request, checkEntra(parsed, scope)
}

// checkEntra refuses requests that the library allows but Entra does not. It also
// normalizes the request's scopes to the spelling in Entra's documentation.
func checkEntra(request *oidc.AuthRequest, scope string) error {
	known, err := parseScopes(scope)
	request.Scopes = known.all()
	switch {
	case strings.TrimSpace(scope) == "":
		return refusalMalformed
	case err != nil:
		return err
	case request.CodeChallenge == "" || request.CodeChallengeMethod != oidc.CodeChallengeMethodS256:
		return refusalNoChallenge
	case request.ResponseMode == oidc.ResponseModeFormPost:
		return refusalResponseMode
	}
	return nil
}

// signIn redirects p's browser to the application with an authorization code. If p's
// account is disabled, it shows an error page.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request, request *signInRequest, p tenant.Person) {
	if p.Disabled { // Entra shows this error on its own page and does not redirect
		s.refusalPage(w, refusalDisabled)
		return
	}
	accepted := s.signIns.accept(request, p)
	accepted.Session = s.sessionOf(w, r, p, accepted.Session)
	target, err := op.BuildAuthResponseCallbackURL(s.withIssuer(r.Context()), accepted, s.provider)
	if err != nil {
		s.redirectRefusal(w, r, request, asRefusal(err))
		return
	}
	if request.clientInfo {
		target += "&client_info=" + clientInfo(p)
	}
	redirect(w, r, target)
}

func (s *Server) refuseAuthorize(w http.ResponseWriter, r *http.Request, request *signInRequest, err error) {
	if request == nil {
		s.refusalPage(w, asRefusal(err))
		return
	}
	s.redirectRefusal(w, r, request, asRefusal(err))
}

func (s *Server) redirectRefusal(w http.ResponseWriter, r *http.Request, request *signInRequest, reason refusal) {
	params := struct {
		Error       string `schema:"error"`
		Description string `schema:"error_description"`
		State       string `schema:"state,omitempty"`
	}{reason.code, reason.sentence(), request.State}
	target, err := op.AuthResponseURL(request.RedirectURI, request.ResponseType, request.ResponseMode, params, s.provider.Encoder())
	if err != nil {
		s.refusalPage(w, reason)
		return
	}
	redirect(w, r, target)
}

// redirect responds with 303 to keep the browser from posting the account page's form to
// the application.
func redirect(w http.ResponseWriter, r *http.Request, target string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, target, http.StatusSeeOther)
}
