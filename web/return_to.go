package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// fieldReturnTo is the field in which a form that is on every page names the page
// to return to.
const fieldReturnTo = "return_to"

// maxReturnTo is the length, in bytes, of the longest address that always fits into
// the state parameter.
const maxReturnTo = 1500

// localPath returns to if it is a page of this site, otherwise "/". It refuses what a
// browser might read as another host, and the steps of a sign-in, which lead to the
// provider.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" ||
		!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") ||
		strings.HasPrefix(path.Clean(u.Path), paths.Auth) {
		return paths.Home
	}
	local := asciiOnly(u.RequestURI())
	if len(local) > maxReturnTo {
		return paths.Home
	}
	return local
}

// asciiOnly escapes the bytes that a header cannot carry, as http.Redirect would.
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

// here returns an address that shows the page again after a change of language. The
// response to a form has no address of its own: then it is the page of the form.
func here(r *http.Request) string {
	if isRead(r) {
		return localPath(r.URL.RequestURI())
	}
	address, _ := formAddress(r, url.Values{queryAsLeft: {"1"}})
	return address
}

// isRead reports whether the request only reads a page.
func isRead(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// pagePath returns the path of the page that the person is on. For the response to a
// form, the route names the page of the form.
func pagePath(r *http.Request) string {
	if page := visitOf(r).route.page; page != "" {
		return strings.Replace(page, "{id}", r.PathValue("id"), 1)
	}
	return r.URL.Path
}

// addressOfSender returns the address of the page that sent the request, which names the
// person it was made for. A form is filled in again as it was sent. If that is too
// long for an address, the form stays empty, and fits is false.
func addressOfSender(r *http.Request, identity string) (address string, fits bool) {
	if r.Method != http.MethodPost {
		return r.URL.RequestURI(), true
	}
	mark := url.Values{queryUnsent: {"1"}}
	if identity != "" {
		mark.Set(form.FieldSignedInAs, identity)
	}
	return formAddress(r, mark)
}

// formAddress returns the address of the page whose form was sent, with the fields of
// the form and the given ones in its query. Without room for them, it returns the page
// alone, and false.
func formAddress(r *http.Request, more url.Values) (address string, fits bool) {
	route, page := visitOf(r).route, pagePath(r)
	if route.page == "" {
		return localPath(r.PostForm.Get(fieldReturnTo)), true
	}
	if !route.refill {
		return page, true
	}
	query := form.FromValues(validText(r.PostForm)).Query()
	for _, name := range []string{form.FieldBaseReply, meeting.FieldJoinURL} {
		if value := r.PostForm.Get(name); value != "" {
			query.Set(name, printableText(value))
		}
	}
	maps.Copy(query, more)
	if filled := paths.With(page, query); len(filled) <= maxReturnTo {
		return filled, true
	}
	return page, false
}

// These query parameters mark the address of a form that is filled in as it was sent.
const (
	queryUnsent = "unsent"  // nothing was done: nobody was signed in, or somebody else
	queryAsLeft = "as_left" // the person only changed the language, so there is nothing to say
)

// unsentForm returns the form that the address fills in exactly as it was left, blank
// fields included. It returns false for any other address.
func unsentForm(r *http.Request) (f form.Form, unsent bool) {
	query := validText(r.URL.Query())
	f = form.FromValues(query)
	f.FormID = newFormID()
	return f, query.Has(queryUnsent) || query.Has(queryAsLeft)
}
