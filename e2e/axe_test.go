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

// axeFile is the path of axe's script, which "make test" installs with "npm ci".
const axeFile = "node_modules/axe-core/axe.min.js"

const (
	everyRule  = `rules: { "target-size": { enabled: true } }` // WCAG 2.0 to 2.2, levels A and AA, and axe's best practices
	colorRules = `runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] }`
)

// violations expands all collapsed sections and returns the problems that axe finds on the
// page. The axe script is injected through DevTools, so the content security policy does
// not block it.
func (b *browser) violations(axe, rules string) []string {
	b.t.Helper()
	if !do(b, "look for axe", chromedp.Evaluate[bool]("'axe' in self")) {
		do(b, "load axe", chromedp.Evaluate[bool](axe+";true"))
	}
	return do(b, "run axe", chromedp.Evaluate[[]string](`
		document.querySelectorAll("details").forEach(d => d.open = true);
		axe.run({ resultTypes: ["violations"], `+rules+` }).then(({ violations }) =>
			violations.flatMap(({ id, nodes }) => nodes.map(({ html, any, all, none }) =>
				id + ": " + html.slice(0, 150) + "\n\t" + [...any, ...all, ...none].map(c => c.message).join("\n\t"))))`,
		chromedp.EvalAwaitPromise))
}

// readAxe returns axe's script, or "" if it is missing. If BROWSER=required, a missing
// script fails the test.
func readAxe(t *testing.T) string {
	t.Helper()
	chromium(t)
	script, err := os.ReadFile(axeFile)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no axe: run \"npm ci\" in e2e/ (%w)", err)
		if os.Getenv("BROWSER") != "required" {
			t.Logf("left out: %v", err)
			return ""
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
