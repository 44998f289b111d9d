package e2e_test

import (
	"fmt"
	"strings"
	"testing"
)

func (f *firefox) sees(text string) {
	f.t.Helper()
	f.until(fmt.Sprintf("the page shows %q", text), func() bool { return strings.Contains(f.evaluate("document.body?.innerText ?? ''"), text) })
}

// click clicks the first visible link, button or summary whose label contains name.
func (f *firefox) click(name string) {
	f.t.Helper()
	script := fmt.Sprintf(`(() => {
		const named = (el) => (el.getAttribute("aria-label") ?? el.innerText).trim().includes(%q);
		const el = [...document.querySelectorAll("a[href], button, summary")].find((el) => named(el) && el.checkVisibility());
		if (!el) return "";
		el.scrollIntoView({ block: "center" });
		const { x, y, width, height } = el.getBoundingClientRect();
		return Math.round(x + width / 2) + " " + Math.round(y + height / 2);
	})()`, name)
	var x, y int
	f.until(fmt.Sprintf("%q can be clicked", name), func() bool {
		_, err := fmt.Sscan(f.evaluate(script), &x, &y)
		return err == nil
	})
	f.act(map[string]any{"type": "pointer", "id": "mouse", "actions": []any{
		map[string]any{"type": "pointerMove", "x": x, "y": y},
		map[string]any{"type": "pointerDown", "button": 0}, map[string]any{"type": "pointerUp", "button": 0},
	}})
}

// types enters the text with the keyboard. In the text, "\ue004" is Tab and "\ue007" is
// Enter.
func (f *firefox) types(text string) {
	f.t.Helper()
	var keys []any
	for _, key := range text {
		keys = append(keys, map[string]any{"type": "keyDown", "value": string(key)}, map[string]any{"type": "keyUp", "value": string(key)})
	}
	f.act(map[string]any{"type": "key", "id": "keyboard", "actions": keys})
}

func (f *firefox) act(actions map[string]any) {
	f.t.Helper()
	f.command("input.performActions", map[string]any{"context": f.page, "actions": []any{actions}}, nil)
}

// TestMainJobInFirefox creates a meeting, copies its link, and finds the meeting by its
// ticket.
func TestMainJobInFirefox(t *testing.T) {
	t.Parallel()
	f := openFirefox(t)
	d := startDesk(t)
	f.command("browsingContext.navigate", map[string]any{"context": f.page, "url": d.url, "wait": "complete"}, nil)
	f.click("Priya Nair")
	f.sees("Priya Nair")

	f.click("New meeting")
	f.sees("Subject")
	f.types("INC0012888\ue004Made in Firefox\ue007")
	f.sees("Created")
	f.sees("Made in Firefox")
	f.click("Copy link")
	f.sees("Copied")

	f.types("/INC0012888\ue007")
	f.sees("Made in Firefox")
	f.until("the search leads to the meeting", func() bool { return strings.Contains(f.evaluate("location.pathname"), "/meetings/") })
}
