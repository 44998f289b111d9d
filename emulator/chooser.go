package emulator

import (
	"net/http"
	"net/url"
)

// chooserPage is what the page to pick an account shows.
type chooserPage struct {
	Action string
	ID     string // of the waiting sign-in
	Hint   string // a login_hint that nobody answers to
	People []Person
}

// chooser shows the page and keeps the request until somebody picks.
func (e *Emulator) chooser(w http.ResponseWriter, request *signInRequest) {
	page := chooserPage{
		Action: "/" + e.options.Tenant + pickPath,
		ID:     e.signIns.wait(request),
		People: e.people.people,
	}
	if _, known := e.people.hinted(request.LoginHint); !known {
		page.Hint = request.LoginHint
	}
	// Browsers apply form-action to the redirect after the form as well.
	e.pages.write(w, http.StatusOK, "chooser.html", page, "'self' "+origin(request.RedirectURI))
}

// pick answers the page: somebody's button, or Cancel.
func (e *Emulator) pick(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	request, err := e.signIns.waitingFor(r.PostFormValue("id"))
	if err != nil {
		e.refusalPage(w, asRefusal(err))
		return
	}
	if r.PostForm.Has("cancel") {
		e.redirectRefusal(w, r, request, refusalDeclined)
		return
	}
	p, ok := e.people.person(r.PostFormValue("person"))
	if !ok {
		e.chooser(w, request)
		return
	}
	e.signIn(w, r, request, p)
}

// origin returns the part of a registered redirect_uri that a policy can name.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
