package emulator

import (
	"net/http"
	"net/url"
	"strings"
)

// graphNames are the names in Graph's paths as the site map writes them.
func graphNames() []string { return []string{"me", "users", "onlineMeetings", "$batch"} }

// spelled returns a request to Graph with its path as the site map writes it. Graph
// accepts names in any case, a slash at the end, an action with its namespace or with
// parentheses, and a key in parentheses: users('x'). IDs in the path are not changed.
func spelled(r *http.Request) *http.Request {
	var path []string
	collection := "" // whose key or action may come next
	for segment := range strings.SplitSeq(r.URL.EscapedPath(), "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return r
		}
		switch {
		case segment == "":
		case path == nil:
			version, ok := canonical(plain, []string{"v1.0", "beta"})
			if !ok {
				return r
			}
			path = []string{version}
		case collection == "onlineMeetings" && isCreateOrGet(plain):
			path, collection = append(path, "createOrGet"), ""
		case collection != "":
			path, collection = append(path, segment), ""
		default:
			name, key := spellName(segment, plain)
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
		path = append(path, "") // the site map has /v1.0/
	}
	return withPath(r, "/"+strings.Join(path, "/"))
}

func isCreateOrGet(segment string) bool {
	name := strings.TrimSuffix(strings.ToLower(segment), "()")
	return name == "createorget" || name == "microsoft.graph.createorget"
}

// spellName takes a name and the key that may follow it in parentheses. Both
// are returned escaped; a name that is unknown as it came.
func spellName(segment, plain string) (name, key string) {
	before, in, hasKey := strings.Cut(plain, "('")
	in, closed := strings.CutSuffix(in, "')")
	if hasKey && closed && in != "" {
		plain, key = before, url.PathEscape(strings.ReplaceAll(in, "''", "'"))
	}
	known, ok := canonical(plain, graphNames())
	if !ok {
		return segment, ""
	}
	return known, key
}

// withPath returns r for another path, which is escaped.
func withPath(r *http.Request, escaped string) *http.Request {
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return r
	}
	copied, address := *r, *r.URL
	address.Path, address.RawPath = plain, escaped
	copied.URL = &address
	return &copied
}
