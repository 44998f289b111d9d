package web

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"meetdesk/form"
	"meetdesk/paths"
)

// maxReturnTo is the maximum length, in bytes, of a return URL. A URL of this length still
// fits into the state parameter.
const maxReturnTo = 1500

// localPath returns the path and query of the URL if it leads to this site, otherwise "/".
// It rejects URLs that a browser might resolve to another host, URLs under /auth/, and URLs
// that are too long.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" ||
		!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") ||
		strings.Contains(u.EscapedPath(), "//") || // browsers read "/auth//../login" as "/auth/login", but path.Clean returns "/login"
		strings.HasPrefix(path.Clean(u.Path)+"/", paths.Auth) {
		return paths.Home
	}
	local := asciiOnly(u.RequestURI())
	if len(local) > maxReturnTo || strings.HasPrefix(local, "//") { // "/%2fevil.example/ " becomes "//evil.example/%20", because a space is not valid in a path
		return paths.Home
	}
	return local
}

// asciiOnly percent-encodes spaces, control characters and non-ASCII bytes, so that the URL
// is valid in a Location header.
func asciiOnly(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c > ' ' && c < 0x7f {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// sealedMark is the first character of an encrypted return URL.
const sealedMark = "~"

// signInPath returns the URL of a sign-in that leads back to the given page. If the page has
// a query, which may contain search text, the return URL is encrypted. identity is the
// signed ID of the expected user, or "".
func (s *Server) signInPath(returnTo, identity string) string {
	if strings.Contains(returnTo, "?") {
		if sealed, err := s.returns.seal(returnTo); err == nil {
			returnTo = sealedMark + sealed
		}
	}
	return paths.SignIn(returnTo, identity)
}

// returnTo returns the path encoded in text, or paths.Home if text does not encode a path on
// this site.
func (s *Server) returnTo(text string) string {
	if sealed, ok := strings.CutPrefix(text, sealedMark); ok {
		if err := s.returns.open(sealed, 2*maxReturnTo, &text); err != nil {
			return paths.Home
		}
	}
	return localPath(text)
}

// here returns the path to return to after a change of language. In the response to a form,
// it is the path of the page with the form.
func here(r *http.Request) string {
	if isRead(r) {
		return localPath(r.URL.RequestURI())
	}
	return senderPath(r)
}

func isRead(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// pagePath returns the path of the page that the person is on. If the request submitted a
// form, that is the page with the form.
func pagePath(r *http.Request) string {
	if page := visitOf(r).route.page; page != "" {
		return strings.Replace(page, "{id}", r.PathValue("id"), 1)
	}
	return r.URL.Path
}

// senderPath returns the path of the page that sent the form.
func senderPath(r *http.Request) string {
	if page := formPage(r); page != "" {
		return page
	}
	if visitOf(r).route.page != "" {
		return pagePath(r)
	}
	return localPath(r.PostForm.Get(form.FieldReturnTo))
}

// formPage returns the path of the page that can show the form again with the user's input,
// or "" if there is none.
func formPage(r *http.Request) string {
	route := visitOf(r).route
	if on := r.PostForm.Get(form.FieldFormOn); route.page == "" && isFormPage(on) {
		return on
	}
	if route.refill {
		return pagePath(r)
	}
	return ""
}

// wayBack returns the URL to open after a sign-in: the requested page or, if the request
// submitted a form, the page with the form, which is filled in if possible. fits reports
// whether the user's input is preserved.
func (s *Server) wayBack(w http.ResponseWriter, r *http.Request, identity string) (address string, fits bool) {
	if r.Method != http.MethodPost {
		return r.URL.RequestURI(), true
	}
	if page := formPage(r); page != "" && !isByScript(r) {
		return s.sent.keep(w, page, r.PostForm, identity, true)
	}
	return senderPath(r), !visitOf(r).route.typed
}
