package web

import (
	"crypto/rand"
	"net/http"
	"strings"

	"meetdesk/paths"
)

// requestIDHeader is the header that carries the request's ID, which both the proxy and
// meetdesk log.
const requestIDHeader = "X-Request-ID"

// maxRequestID is the maximum length of a request's ID, in bytes. Longer IDs are truncated.
const maxRequestID = 64

// requestID returns the ID in the request's header, or a new one. An ID with unusual
// characters is replaced, because error pages show it.
func requestID(r *http.Request) string {
	id := r.Header.Get(requestIDHeader)
	if id == "" || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:+/=") != "" {
		return rand.Text()[:16]
	}
	return id[:min(len(id), maxRequestID)]
}

// loggedPath returns the path to log. Variable segments, such as a ticket, are replaced by
// "…" unless they are numbers. A URL that matches no route may be a mistyped link to a
// ticket, so no part of it is logged.
func (s *Server) loggedPath(r *http.Request) string {
	_, route := s.mux.Handler(r) // not the visit's route, because a refused request may have none
	_, pattern, _ := strings.Cut(route, " ")
	if pattern == "" {
		return "/…"
	}
	if pattern == paths.Home+"{$}" {
		return paths.Home
	}
	parts := strings.Split(pattern, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			parts[i] = "…"
			if value := r.PathValue(strings.TrimSuffix(name, "}")); isNumber(value) {
				parts[i] = value
			}
		}
	}
	return strings.Join(parts, "/")
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
