package entra

import (
	"net/http"
	"net/url"

	"meetdesk/emulator/tenant"
)

// chooserPage holds the data for the page on which users pick an account.
type chooserPage struct {
	Action string
	ID     string // ID of the pending sign-in
	Hint   string // the login_hint, if it does not name a known person
	People []tenant.Person
}

// chooser stores the request, which expires after signInLife, and shows the page on which
// users pick an account.
func (s *Server) chooser(w http.ResponseWriter, request *signInRequest) {
	page := chooserPage{
		Action: "/" + s.tenant.Options.Tenant + pickPath,
		ID:     s.signIns.addPending(request),
		People: s.tenant.People.All(),
	}
	if _, known := s.hintedPerson(request.LoginHint); !known {
		page.Hint = request.LoginHint
	}
	// Browsers also apply form-action to the redirect that follows the form's submission,
	// so the policy must include the application's origin.
	s.pages.write(w, http.StatusOK, "chooser.html", page, "'self' "+origin(request.RedirectURI))
}

func (s *Server) pick(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	request, err := s.signIns.pendingRequest(r.PostFormValue("id"))
	if err != nil {
		s.refusalPage(w, asRefusal(err))
		return
	}
	if r.PostForm.Has("cancel") {
		s.redirectRefusal(w, r, request, refusalDeclined)
		return
	}
	p, ok := s.tenant.People.ByID(r.PostFormValue("person"))
	if !ok {
		s.chooser(w, request)
		return
	}
	s.signIn(w, r, request, p)
}

// origin returns the scheme and host of a registered redirect_uri, for use in a content
// security policy.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
