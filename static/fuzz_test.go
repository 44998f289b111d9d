package static

import (
	"net/http"
	"strings"
	"testing"
)

// FuzzTakesGzip asserts that the result does not depend on letter case, spaces, or how the
// values are divided among header lines. Gzip is used only if the header lists gzip or
// "*". If the header lists "*" but also "gzip;q=0", gzip is not used.
func FuzzTakesGzip(f *testing.F) {
	for _, text := range []string{"gzip", "br, gzip;q=0.5", "*", "*;q=0, gzip", "identity;q=1, gzip;q=0.1", "gzip;q=0", "x-gzip;Q=1", "gzip ; q = 1", ",,", "gzip;q=NaN", "gzip;q=1e400", "gzip;level=9", "GZIP;q=0x1p-2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		takes := func(lines ...string) bool { return TakesGzip(http.Header{"Accept-Encoding": lines}) }
		got := takes(text)
		for name, lines := range map[string][]string{
			"in capitals": {strings.ToUpper(text)}, "in several lines": strings.Split(text, ","), "with spaces": {strings.ReplaceAll(text, ",", " ,\t ")},
			"with another coding": {text, "br;q=1"},
		} {
			if takes(lines...) != got && strings.EqualFold(text, strings.ToLower(text)) {
				t.Errorf("%q: %v, but %s %v", text, got, name, !got)
			}
		}
		if got && !strings.Contains(strings.ToLower(text), "gzip") && !strings.Contains(text, "*") {
			t.Errorf("%q takes gzip", text)
		}
		if !strings.Contains(strings.ToLower(text), "gzip") && takes(text, "gzip;q=0") {
			t.Errorf("%q with gzip;q=0 takes gzip", text)
		}
	})
}
