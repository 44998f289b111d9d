package control

import (
	"net"
	"net/http"
	"slices"
)

// checkCaller refuses requests from other machines and requests forwarded by a proxy.
// It also refuses requests from pages on other sites, even if their host name resolves to
// this machine (DNS rebinding).
func checkCaller(r *http.Request) error {
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	site := r.Header.Get("Sec-Fetch-Site")
	switch {
	case !net.ParseIP(address).IsLoopback():
		return forbidden("Only this machine may control the emulator.")
	case !slices.Contains([]string{"127.0.0.1", "localhost", "::1", "[::1]"}, host):
		return forbidden("The emulator is controlled at 127.0.0.1, localhost or [::1], not at " + host + ".")
	case isForwarded(r.Header):
		return forbidden("The emulator cannot be controlled through a proxy.")
	case r.Header.Get("Origin") != "" || site != "" && site != "none" && site != "same-origin":
		return forbidden("The pages of other sites may not control the emulator.")
	}
	return nil
}

func forbidden(text string) requestError {
	return requestError{status: http.StatusForbidden, Text: text}
}

// isForwarded reports whether the request has a header that proxies add. Such a request
// may come from another machine.
func isForwarded(h http.Header) bool {
	for _, name := range []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"} {
		if h.Get(name) != "" {
			return true
		}
	}
	return false
}
