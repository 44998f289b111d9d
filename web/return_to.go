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

// maxReturnTo is the maximum length, in bytes, of a URL to return to. A URL of up to this
// length always fits into the state parameter.
const maxReturnTo = 1500

// localPath returns the URL if it leads to a page of this site, otherwise "/". It refuses
// URLs that a browser might read as another host. It also refuses the steps of a sign-in,
// which lead to the provider.
func localPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" ||
		!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") ||
		strings.HasPrefix(path.Clean(u.Path)+"/", paths.Auth) {
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

// here returns the URL that shows the page again after the person has changed the
// language. The response to a form has no URL of its own. In that case, here returns the
// URL of the page with the form, filled in as the person left it.
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
// form, it returns the path of the page with the form, which the route specifies.
func pagePath(r *http.Request) string {
	if page := visitOf(r).route.page; page != "" {
		return strings.Replace(page, "{id}", r.PathValue("id"), 1)
	}
	return r.URL.Path
}

// addressOfSender returns the URL of the page that sent the request, with the identity of
// the person for whom the page was made. If the page has a form, the URL fills it in as
// it was sent. If that URL would be too long, addressOfSender returns one that leaves the
// form empty, and fits is false.
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

// formAddress returns the URL of the page whose form was sent. Its query contains the
// fields of the form and the given parameters. If the URL would be too long, it has no
// query, and fits is false.
func formAddress(r *http.Request, more url.Values) (address string, fits bool) {
	route, page := visitOf(r).route, pagePath(r)
	if on := r.PostForm.Get(form.FieldFormOn); route.page == "" && isFormPage(on) {
		page, route.refill = on, true
	} else if route.page == "" {
		return localPath(r.PostForm.Get(form.FieldReturnTo)), true
	}
	if !route.refill {
		return page, true
	}
	if filled := paths.With(page, formQuery(r, more)); len(filled) <= maxReturnTo {
		return filled, true
	}
	return page, false
}

// formQuery returns the fields of the sent form and the given parameters.
func formQuery(r *http.Request, more url.Values) url.Values {
	query := form.FromValues(validText(r.PostForm)).Query()
	for _, name := range []string{form.FieldBaseReply, meeting.FieldJoinURL, meeting.FieldPresetName, meeting.FieldPresetPrefix, form.FieldVersion} {
		if value := r.PostForm.Get(name); value != "" {
			query.Set(name, printableText(value))
		}
	}
	maps.Copy(query, more)
	return query
}

// Each of these query parameters marks a URL that fills in a form as it was sent, and
// says why the form is filled in.
const (
	queryUnsent = "unsent"  // the form was not processed, because the person who opened it was not signed in
	queryAsLeft = "as_left" // the person only changed the language, so the page shows no notice
)

// unsentForm returns the form that the URL fills in exactly as the person left it,
// including blank fields. It returns false for any other URL.
func unsentForm(r *http.Request) (f form.Form, unsent bool) {
	query := validText(r.URL.Query())
	f = form.FromValues(query)
	f.FormID = newFormID()
	return f, query.Has(queryUnsent) || query.Has(queryAsLeft)
}
