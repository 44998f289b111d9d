package people

import (
	"unicode"
	"unicode/utf8"
)

// The Punycode parameters (RFC 3492, section 5).
const (
	punyBase = 36
	punyMin  = 1
	punyMax  = 26
	punySkew = 38
	punyDamp = 700
	punyBias = 72
)

// punycode encodes a lower-case domain label (RFC 3492, section 6.3) without adding the
// prefix "xn--". The standard library does not export its encoder.
func punycode(label string) string {
	var out []byte
	runes := []rune(label)
	for _, r := range runes {
		if !isNonASCII(r) {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	if basic > 0 {
		out = append(out, '-')
	}
	delta, bias := 0, punyBias
	for n, done := rune(utf8.RuneSelf), basic; done < len(runes); n++ {
		next := rune(unicode.MaxRune)
		for _, r := range runes {
			if r >= n {
				next = min(next, r)
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range runes {
			if r < n {
				delta++
			}
			if r == n {
				out = appendPuny(out, delta, bias)
				bias = adaptPuny(delta, done+1, done == basic)
				delta = 0
				done++
			}
		}
		delta++
	}
	return string(out)
}

// appendPuny appends q as a variable-length integer (RFC 3492, section 3.3).
func appendPuny(out []byte, q, bias int) []byte {
	const digits = "abcdefghijklmnopqrstuvwxyz0123456789"
	for k := punyBase; ; k += punyBase {
		t := min(max(k-bias, punyMin), punyMax)
		if q < t {
			return append(out, digits[q])
		}
		out = append(out, digits[t+(q-t)%(punyBase-t)])
		q = (q - t) / (punyBase - t)
	}
}

// adaptPuny returns the bias for the next integer (RFC 3492, section 6.1).
func adaptPuny(delta, done int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / done
	k := 0
	for ; delta > (punyBase-punyMin)*punyMax/2; k += punyBase {
		delta /= punyBase - punyMin
	}
	return k + (punyBase-punyMin+1)*delta/(delta+punySkew)
}
