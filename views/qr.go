package views

import (
	"fmt"
	"html"
	"strings"

	"rsc.io/qr"
)

// quiet is the width of the quiet zone around a QR code, in modules (ISO/IEC 18004).
const quiet = 4

// QR returns the text as a QR code in SVG, dark on white in both themes. Level M
// tolerates the loss of about 15% of the code. QR returns an error if the text is longer
// than about 2,300 bytes.
func QR(title, text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("qr code of %d bytes: %w", len(text), err)
	}
	var b strings.Builder
	size := code.Size + 2*quiet
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges" role="img">`+
		`<title>%[2]s</title><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="`, size, html.EscapeString(title))
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for code.Black(x+run, y) { // Black returns false for modules outside the code
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%[3]dz", x+quiet, y+quiet, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return []byte(b.String()), nil
}
