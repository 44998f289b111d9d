package static

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

var token = regexp.MustCompile(`--([a-z-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)`)

// TestContrast checks the contrast of colour pairs in both themes. WCAG 2.2 AA requires a
// ratio of at least 4.5 for text and at least 3 for controls and the focus outline.
func TestContrast(t *testing.T) {
	css, err := content.ReadFile("app.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][2]string{}
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		colours[m[1]] = [2]string{m[2], m[3]}
	}
	for _, tt := range []struct {
		front, back string
		least       float64
	}{
		{"ink", "ground", 7}, {"ink", "surface", 7}, {"ink", "sunk", 7}, {"ink", "accent-soft", 7},
		{"ink", "good-soft", 7}, {"ink", "note-soft", 7}, {"ink", "warn-soft", 7}, {"ink", "bad-soft", 7},
		{"soft", "ground", 4.5}, {"soft", "surface", 4.5}, {"soft", "bad-soft", 4.5},
		{"accent", "ground", 4.5}, {"accent", "surface", 4.5}, {"accent-deep", "accent-soft", 4.5}, {"accent-deep", "ground", 4.5},
		{"on-accent", "accent", 4.5}, {"on-accent", "accent-deep", 4.5},
		{"good", "ground", 4.5}, {"good", "surface", 4.5}, {"good", "good-soft", 4.5},
		{"note", "ground", 4.5}, {"note", "note-soft", 4.5},
		{"warn", "ground", 4.5}, {"warn", "surface", 4.5}, {"warn", "warn-soft", 4.5},
		{"bad", "ground", 4.5}, {"bad", "surface", 4.5}, {"bad", "bad-soft", 4.5}, {"surface", "bad", 4.5},
		{"edge", "ground", 3}, {"edge", "surface", 3}, {"edge", "bad-soft", 3},
		{"focus", "ground", 3}, {"focus", "surface", 3}, {"focus", "sunk", 3}, {"focus", "bad-soft", 3},
	} {
		front, back := colours[tt.front], colours[tt.back]
		if front[0] == "" || back[0] == "" {
			t.Errorf("app.css lacks the token %s or %s", tt.front, tt.back)
			continue
		}
		for i, theme := range []string{"light", "dark"} {
			if got := contrast(front[i], back[i]); got < tt.least {
				t.Errorf("%s on %s, %s: contrast %.2f, want %.1f", tt.front, tt.back, theme, got, tt.least)
			}
		}
	}
}

func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// luminance returns the relative luminance of an sRGB colour, as WCAG defines it.
func luminance(hex string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
