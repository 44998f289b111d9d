package e2e_test

import (
	"strings"

	"github.com/chromedp/chromedp"
)

// checkPage checks the page with forced colours, at several widths and in both themes. The
// axe parameter is the content of axeFile. If it is empty, the checks with axe are skipped.
func (b *browser) checkPage(page, axe string) {
	b.t.Helper()
	for _, wrong := range b.lostWhenForced() {
		b.t.Errorf("%s: %s", page, wrong)
	}
	for _, width := range []int64{1280, 390, 320} {
		b.screen(width, 800, "light")
		if wide := b.widerThan(width); len(wide) > 0 {
			b.t.Errorf("%s, %d px: the page scrolls sideways because of\n\t%s", page, width, strings.Join(wide, "\n\t"))
		}
		if axe == "" || width == 320 {
			continue
		}
		for _, violation := range b.violations(axe, everyRule) {
			b.t.Errorf("%s, %d px, light: %s", page, width, violation)
		}
		b.screen(width, 800, "dark")
		for _, violation := range b.violations(axe, colorRules) {
			b.t.Errorf("%s, %d px, dark: %s", page, width, violation)
		}
	}
	for _, small := range b.smallTargets() {
		b.t.Errorf("%s, 320 px: too small to be hit, %s", page, small)
	}
	b.screen(1280, 900, "light")
	// An open menu in the header would cover parts of the page that the test uses next.
	do(b, "close the menus", chromedp.Evaluate[any](`document.querySelectorAll("header details").forEach(d => d.open = false)`))
}
