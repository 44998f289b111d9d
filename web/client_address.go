package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// clientAddress returns the address of the client that sent the request. X-Forwarded-For
// is trusted only from a configured proxy, because any other client can forge it.
func (s *Server) clientAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := peer.Addr().Unmap().WithZone("")
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for len(forwarded) > 0 && s.trusts(address) {
		last := strings.TrimSpace(forwarded[len(forwarded)-1])
		forwarded = forwarded[:len(forwarded)-1]
		next, err := netip.ParseAddr(last)
		if err != nil {
			break
		}
		address = next.Unmap().WithZone("")
	}
	return address
}

// networkBits is the prefix length of the IPv6 networks to which rate limits apply. A
// household is usually assigned at least a whole network of this size.
const networkBits = 64

// limitedAddress returns the address to which rate limits apply: an IPv4 address or the
// network of an IPv6 address.
func limitedAddress(address netip.Addr) netip.Addr {
	if !address.Is6() {
		return address
	}
	network, _ := address.Prefix(networkBits)
	return network.Addr()
}

func (s *Server) trusts(address netip.Addr) bool {
	for _, proxies := range s.TrustedProxies {
		if proxies.Contains(address) {
			return true
		}
	}
	return false
}
