package compact

import (
	"encoding/base64"
	"net/netip"
)

// ShortAddress returns the form in which a client's IP address is stored: its bytes in
// Base64, if that is shorter. Any other text is returned unchanged. FullAddress can tell
// the two forms of an address apart, because Base64 contains neither a dot nor a colon.
func ShortAddress(text string) string {
	address, err := netip.ParseAddr(text)
	if err != nil || address.Zone() != "" || address.String() != text {
		return text
	}
	if short := base64.RawURLEncoding.EncodeToString(address.AsSlice()); len(short) < len(text) {
		return short
	}
	return text
}

// FullAddress undoes ShortAddress.
func FullAddress(stored string) string {
	raw, err := base64.RawURLEncoding.DecodeString(stored)
	if err != nil {
		return stored
	}
	address, ok := netip.AddrFromSlice(raw)
	if !ok {
		return stored
	}
	return address.String()
}
