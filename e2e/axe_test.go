package e2e_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeFile is installed by "npm ci", which "make test" runs.
const axeFile = "node_modules/axe-core/axe.min.js"

// TestAxe runs axe on every page, in both languages, both themes, wide and narrow.
func TestAxe(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	for name, walk := range map[string]func(*browser, func(page string)){
		"English": func(b *browser, look func(string)) { b.tour("INC0012777", "Keyboard without a Tab key", look) },
		"Português": func(b *browser, look func(string)) {
			b.portuguese("INC0012777", "Teclado sem a tecla Tab", look)
			b.portugueseOthers(look)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBrowser(t, startDesk(t))
			walk(b, func(page string) {
				for _, width := range []int64{1280, 390} {
					for _, theme := range []string{"light", "dark"} {
						b.screen(width, 800, theme)
						for _, violation := range b.violations(axe) {
							t.Errorf("%s, %d px, %s: %s", page, width, theme, violation)
						}
					}
				}
			})
		})
	}
}

// violations returns what axe finds on the page with everything unfolded: WCAG 2.0 to
// 2.2, levels A and AA, and axe's best practices. DevTools inject axe, so the page's
// content security policy does not apply to it.
func (b *browser) violations(axe string) []string {
	b.t.Helper()
	if !do(b, "look for axe", chromedp.Evaluate[bool]("'axe' in self")) {
		do(b, "load axe", chromedp.Evaluate[bool](axe+";true"))
	}
	return do(b, "run axe", chromedp.Evaluate[[]string](`
		document.querySelectorAll("details").forEach(d => d.open = true);
		axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }).then(({ violations }) =>
			violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
				id + ": " + html.slice(0, 150) + "\n\t" + [...any, ...all, ...none].map(c => c.message).join("\n\t"))))`,
		chromedp.EvalAwaitPromise))
}

// readAxe returns axe's script. If it is missing, the test is skipped, or fails with
// BROWSER=required.
func readAxe(t *testing.T) string {
	t.Helper()
	chromium(t)
	script, err := os.ReadFile(axeFile)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no axe: run \"npm ci\" in e2e/ (%w)", err)
		if os.Getenv("BROWSER") != "required" {
			t.Skipf("left out: %v", err)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(script), "/*! axe v") {
		t.Fatalf("%s is not axe", axeFile)
	}
	return string(script)
}
