package msgraph

import (
	"net/http"
	"net/url"
	"strings"

	"meetdesk/emulator/wire"
)

// canonicalNames returns the names in Graph's paths, spelled as in the routes. The
// createOrGet action is not included; see isCreateOrGet.
func canonicalNames() []string { return []string{"me", "users", "onlineMeetings", "$batch"} }

// withCanonicalPath returns the request with its path spelled as in the routes. Graph
// accepts names in any case, a trailing slash, actions with a namespace or parentheses,
// and keys such as users('x'). IDs are not changed.
func withCanonicalPath(r *http.Request) *http.Request {
	var path []string
	collection := "" // the previous segment, if it names a collection
	for segment := range strings.SplitSeq(r.URL.EscapedPath(), "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return r
		}
		switch {
		case segment == "":
		case path == nil:
			version, ok := wire.Canonical(plain, []string{"v1.0", "beta"})
			if !ok {
				return r
			}
			path = []string{version}
		case collection == "onlineMeetings" && isCreateOrGet(plain):
			path, collection = append(path, "createOrGet"), ""
		case collection != "":
			path, collection = append(path, segment), ""
		default:
			name, key := splitKey(segment, plain)
			if path = append(path, name); key != "" {
				path = append(path, key)
			} else if name == "users" || name == "onlineMeetings" {
				collection = name
			}
		}
	}
	switch len(path) {
	case 0:
		return r
	case 1:
		path = append(path, "") // the route ends with a slash: /v1.0/
	}
	return wire.WithPath(r, "/"+strings.Join(path, "/"))
}

func isCreateOrGet(segment string) bool {
	name := strings.TrimSuffix(strings.ToLower(segment), "()")
	return name == "createorget" || name == "microsoft.graph.createorget"
}

// splitKey splits a segment such as users('x') into a canonical name and a key, which may
// be "". Both results are escaped. A segment with an unknown name is returned unchanged.
func splitKey(segment, plain string) (name, key string) {
	before, inside, hasKey := strings.Cut(plain, "('")
	inside, closed := strings.CutSuffix(inside, "')")
	if hasKey && closed && inside != "" {
		plain, key = before, url.PathEscape(strings.ReplaceAll(inside, "''", "'"))
	}
	known, ok := wire.Canonical(plain, canonicalNames())
	if !ok {
		return segment, ""
	}
	return known, key
}
