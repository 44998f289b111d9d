package compact

import (
	"encoding/base64"
	"net/netip"
)

// ShortAddress returns the stored form of a client's IP address: its bytes in Base64, if
// that is shorter. Other text is returned unchanged. Base64 contains neither dots nor
// colons, so FullAddress can distinguish the two forms.
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
