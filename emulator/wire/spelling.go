package wire

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Canonical returns the entry of the list that equals the name, ignoring case. It returns
// false if there is no such entry.
func Canonical(name string, list []string) (string, bool) {
	i := slices.IndexFunc(list, func(known string) bool { return strings.EqualFold(known, name) })
	if i < 0 {
		return "", false
	}
	return list[i], true
}

// WithPath returns a copy of r with the given escaped path, or r itself if the path
// cannot be unescaped.
func WithPath(r *http.Request, escaped string) *http.Request {
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return r
	}
	copied, address := *r, *r.URL
	address.Path, address.RawPath = plain, escaped
	copied.URL = &address
	return &copied
}
