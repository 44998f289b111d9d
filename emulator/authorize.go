package emulator

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// authorize starts a sign-in: it ends at the application at once when the
// request says who it is, and on the page to pick an account otherwise.
func (e *Emulator) authorize(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	request, err := e.authorizeRequest(r)
	if err != nil {
		e.refuseAuthorize(w, r, request, err)
		return
	}
	p, known := e.people.hinted(request.LoginHint)
	switch {
	case known && !slices.Contains(request.Prompt, oidc.PromptSelectAccount):
		e.signIn(w, r, request, p)
	case slices.Contains(request.Prompt, oidc.PromptNone):
		e.redirectRefusal(w, r, request, refusalSilent)
	default:
		e.chooser(w, request)
	}
}

// signInRequest is an authorization request, with what the library does not
// read of it.
type signInRequest struct {
	*oidc.AuthRequest
	claims     requestedClaims
	clientInfo bool // the application wants to know at once who signed in, as MSAL does
}

// authorizeRequest parses and checks. It returns the request with an error too,
// unless its redirect_uri cannot be trusted: then only a page can tell.
func (e *Emulator) authorizeRequest(r *http.Request) (*signInRequest, error) {
	parsed, err := op.ParseAuthorizeRequest(r, e.provider.Decoder())
	if err != nil {
		return nil, err
	}
	request := &signInRequest{AuthRequest: parsed}
	if request.ClientID != e.client.id {
		return nil, refusalNoApplication
	}
	asked := strings.Join(request.Scopes, " ") // the library drops what it does not know
	ctx := e.withIssuer(r.Context())
	if _, err := op.ValidateAuthRequestClient(ctx, parsed, e.client, e.provider.IDTokenHintVerifier(ctx)); err != nil {
		var said *oidc.Error
		if errors.As(err, &said) && said.IsRedirectDisabled() {
			return nil, refusalRedirect
		}
		return request, err
	}
	if request.claims, err = parseClaims(r.Form.Get("claims")); err != nil {
		return request, err
	}
	request.clientInfo = r.Form.Get("client_info") == "1"
	return request, checkEntra(parsed, asked)
}

// checkEntra adds what the library lets pass and this tenant does not.
func checkEntra(request *oidc.AuthRequest, asked string) error {
	known, err := parseScopes(asked)
	request.Scopes = known.all()
	switch {
	case strings.TrimSpace(asked) == "":
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

// signIn sends p's browser back to the application with a code.
func (e *Emulator) signIn(w http.ResponseWriter, r *http.Request, request *signInRequest, p Person) {
	accepted := e.signIns.accept(request, p)
	accepted.Session = e.sessionIn(w, r, p, accepted.Session)
	target, err := op.BuildAuthResponseCallbackURL(e.withIssuer(r.Context()), accepted, e.provider)
	if err != nil {
		e.redirectRefusal(w, r, request, asRefusal(err))
		return
	}
	if request.clientInfo {
		target += "&client_info=" + p.clientInfo()
	}
	redirect(w, r, target)
}

func (e *Emulator) refuseAuthorize(w http.ResponseWriter, r *http.Request, request *signInRequest, err error) {
	if request == nil {
		e.refusalPage(w, asRefusal(err))
		return
	}
	e.redirectRefusal(w, r, request, asRefusal(err))
}

// redirectRefusal takes a refusal to the application, whose state stays with it.
func (e *Emulator) redirectRefusal(w http.ResponseWriter, r *http.Request, request *signInRequest, no refusal) {
	params := struct {
		Error       string `schema:"error"`
		Description string `schema:"error_description"`
		State       string `schema:"state,omitempty"`
	}{no.kind, no.sentence(), request.State}
	target, err := op.AuthResponseURL(request.RedirectURI, request.ResponseType, request.ResponseMode, params, e.provider.Encoder())
	if err != nil {
		e.refusalPage(w, no)
		return
	}
	redirect(w, r, target)
}

// redirect answers with 303, so that the form of the account page is not sent
// on to the application.
func redirect(w http.ResponseWriter, r *http.Request, target string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, target, http.StatusSeeOther)
}
