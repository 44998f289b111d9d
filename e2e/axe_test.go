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

// axeFile is what "npm ci" puts there: "make test" runs it.
const axeFile = "node_modules/axe-core/axe.min.js"

// Every page there is, in both languages, both themes, wide and narrow, has
// nothing that axe knows to be in somebody's way.
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

// violations are what axe finds on the page, with everything unfolded: WCAG 2.0
// to 2.2, A and AA, and what it calls best practice. It is put into the page by
// the browser's own tools, to which the policy of the page does not apply.
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

// readAxe returns axe's script. Without it the test is left out, or fails where
// the browser's tests are asked for.
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
