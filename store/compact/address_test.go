package compact

import (
	"testing"
)

func TestShortAddress(t *testing.T) {
	for text, length := range map[string]int{
		"10.12.34.56": 6, "0.0.0.0": 6, "255.255.255.255": 6, "2001:db8::8a2e:370:7334": 22, "::1": 3, "::ffff:10.1.2.3": 15,
		"": 0, "fe80::1234:5678:9abc%eth0": 25, "2001:DB8::8a2e:0370:7334": 24, "unix": 4, "@": 1,
	} {
		short := ShortAddress(text)
		if full := FullAddress(short); full != text || len(short) != length {
			t.Errorf("%q is stored as %q, with %d characters instead of %d, and read as %q", text, short, len(short), length, full)
		}
	}
}
