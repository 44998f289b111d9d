package web

import (
	"net/http"
	"strings"

	"meetdesk/meeting"
)

// headers sets the security headers of every response. Some browsers also apply form-action
// to the redirects that follow a form. Therefore, the response to a form must not redirect
// to another site; use onward instead.
func (s *Server) headers(next http.Handler) http.Handler {
	policy := strings.Join([]string{
		"default-src 'none'", "object-src 'none'",
		"style-src 'self'", "script-src 'self'", "img-src 'self'",
		"connect-src 'self'", // for the scripts, and for live reload during development
		"form-action 'self'",
		"base-uri 'none'", "frame-ancestors 'none'",
	}, "; ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store") // static files replace this header
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		if r.TransferEncoding != nil {
			// The request may also have had a Content-Length, which net/http removes. In
			// that case, RFC 9112, section 6.1, requires the server to close the connection
			// after the response.
			h.Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	// A proxy may change the Host header that the browser sent, so the site's public URL
	// is also accepted as an origin.
	if err := protection.AddTrustedOrigin(s.URL.Scheme + "://" + s.URL.Host); err != nil {
		s.Log.Warn("the public address is no origin", "url", s.URL.String(), "error", err)
	}
	refuse := s.handle(func(http.ResponseWriter, *http.Request) error {
		return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonCrossSiteRefused}
	})
	protection.SetDenyHandler(refuse)
	protected := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isRead(r) && s.isOtherScheme(r) {
			refuse.ServeHTTP(w, r)
			return
		}
		protected.ServeHTTP(w, r)
	})
}

// isOtherScheme reports whether the scheme of a form's origin differs from the site's
// scheme. Without Sec-Fetch-Site, CrossOriginProtection compares only the host, so a forged
// form from an http:// page would pass.
func (s *Server) isOtherScheme(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin != "" && r.Header.Get("Sec-Fetch-Site") == "" && !strings.HasPrefix(origin, s.URL.Scheme+"://")
}
