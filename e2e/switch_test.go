package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestSwitchKeepsTheForm checks, with and without scripts, that a form keeps its values
// when the user changes the language and the theme.
func TestSwitchKeepsTheForm(t *testing.T) {
	t.Parallel()
	var people strings.Builder
	for i := range 60 {
		fmt.Fprintf(&people, "Person %d <person.%d@partner.example>\n", i, i)
	}
	subject := strings.Repeat("Long subject ", 19)
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script %v", script), func(t *testing.T) {
			t.Parallel()
			b := openBrowser(t, startDesk(t))
			b.signIn("Priya Nair")
			if !script {
				b.withoutScripts()
			}
			b.open("/meetings/new", 200)
			const fill = `(([ticket, subject, people]) => {
				const put = (name, value) => { const el = document.querySelector("#form").elements[name]; el.value = value; el.dispatchEvent(new Event("input", { bubbles: true })); };
				put("external_id", ticket); put("subject", subject); put("attendees", people); return true; })`
			do(b, "fill in the form", chromedp.Evaluate[bool](fmt.Sprintf("%s([%q, %q, %q])", fill, "INC0012999", subject, people.String())))
			if script {
				b.waitFor("Person 59") // the list moves the link that is clicked next
			}
			b.followTo("Português (Brasil)", 200)
			b.sees("Nova reunião")
			b.followTo("Escuro", 200)
			if theme := b.root("data-theme"); theme != "dark" {
				t.Errorf("the theme is %q", theme)
			}
			const read = `["external_id", "subject", "attendees"].map((name) => document.querySelector("#form").elements[name].value.trim())`
			got := do(b, "read the form", chromedp.Evaluate[[]string](read))
			for i, want := range []string{"INC0012999", subject, people.String()} {
				if got[i] != strings.TrimSpace(want) {
					t.Errorf("field %d is %.100q, want %.100q", i, got[i], want)
				}
			}
		})
	}
}
