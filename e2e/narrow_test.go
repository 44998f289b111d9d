package e2e_test

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// screen sets the window size and the theme. It disables transitions, which would make
// screenshots unstable.
func (b *browser) screen(width, height int64, theme string) {
	b.t.Helper()
	var device []chromedp.EmulateViewportOption
	if width < 600 {
		device = append(device, chromedp.EmulateMobile) // a mobile scroll bar takes no space
	}
	do(b, "resize the window", chromedp.EmulateViewport(width, height, device...))
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: theme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
}

// call sends a DevTools command for which chromedp has no action.
func call[P, R any](b *browser, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// The longest ticket and subject that a meeting can have. Neither contains a space at
// which a line could break.
var (
	longTicket  = strings.Repeat("INC0012345678900", 16) // 256 characters
	longSubject = strings.Repeat("W", 255)
)

// widerThan expands all collapsed sections. If the page is wider than width, it returns
// the page's width and up to five of the elements that extend beyond width. It does not use
// window.innerWidth, which can grow with the page.
func (b *browser) widerThan(width int64) []string {
	b.t.Helper()
	return do(b, "measure the page", chromedp.Evaluate[[]string](fmt.Sprintf(`
		document.querySelectorAll("details").forEach(d => d.open = true);
		document.documentElement.scrollWidth <= %[1]d ? [] :
			[document.documentElement.scrollWidth + " px in all"].concat(
				[...document.querySelectorAll("body *")]
					.filter(e => e.getBoundingClientRect().right > %[1]d)
					.map(e => e.outerHTML.slice(0, 100))).slice(0, 6)`, width)))
}
