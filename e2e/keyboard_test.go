package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestMainJobByKeyboard uses only the keyboard to sign in, create a meeting and change it.
func TestMainJobByKeyboard(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.travel("Europe/Lisbon") // the time zone that the desk has stored for Priya
	b.open("/", 200)
	b.tabTo("Priya Nair")
	b.pressTo(kb.Enter, 200)
	b.tabTo("New meeting")
	b.pressTo(kb.Enter, 200)

	// The first field has focus. The tab order matches the order on the page.
	b.waitFor("organizer: you")
	if at := b.focus(); at != "Ticket number (external ID)" {
		t.Fatalf("on the form the focus is on %q", at)
	}
	order := b.tabTo("Create meeting")
	if want := []string{"Subject (optional)", "Date", "Start", "15 min", "30 min", "45 min", "60 min", "End", "Time zone",
		"It ends on another day", "People (optional)", "Options Organization default", "Create meeting"}; !slices.Equal(order, want) {
		t.Errorf("the focus goes to\n%q, want\n%q", order, want)
	}
	if back := b.shiftTabTo("Ticket number (external ID)"); len(back) != len(order) {
		t.Errorf("the way back is %q", back)
	}

	b.press("INC0012777")
	b.tabTo("Subject (optional)")
	b.press("Keyboard without a Tab key")
	b.tabTo("Date")
	b.pressDay(nextWeek())
	b.tabTo("Start")
	b.pressClock("10:00")
	b.tabTo("45 min")
	b.press(" ")
	if end := b.value("End"); end != "10:45" {
		t.Errorf("after 45 min the end is %s", end)
	}
	b.tabTo("It ends on another day")
	b.press(kb.Enter)
	b.tabTo("End date")
	b.shiftTabTo("Time zone") // the summary of the time zone field
	b.press(kb.Enter)
	b.tabTo("Time zone")
	b.press("Europe/Lis")
	b.tabTo("Create meeting")
	b.pressTo(kb.Enter, 200)
	b.sees("Created", "INC0012777", "Keyboard without a Tab key", "10:00–10:45")

	b.useClipboard("clipboard-read")
	b.tabTo("Copy link")
	b.press(kb.Enter)
	b.waitFor("Copied")
	if link := b.clipboard(); !strings.HasPrefix(link, "https://teams.microsoft.com/") {
		t.Errorf("copied %q", link)
	}

	b.shiftTabTo("Change")
	b.pressTo(kb.Enter, 200)
	b.tabTo("Start")
	b.pressClock("11:00")
	b.tabTo("People (optional)")
	b.press("nobody")
	b.tabTo("Save changes")
	b.pressTo(kb.Enter, 422)

	// After an error, the focus is on the error summary. Its links move the focus to the
	// fields.
	if at := b.focus(); !strings.HasPrefix(at, "There is a problem with the form") {
		t.Fatalf("after a mistake the focus is on %q", at)
	}
	b.press(kb.Tab)
	if at := b.focus(); !strings.Contains(at, "nobody") {
		t.Fatalf("the first thing in the summary is %q", at)
	}
	b.press(kb.Enter)
	if at := b.focus(); at != "People (optional)" {
		t.Fatalf("the summary leads to %q", at)
	}
	b.press(kb.Backspace) // moves the focus to the button that removes the last person
	b.press(kb.Enter)
	b.press("Dana Whitfield <dana@contoso.example>")
	b.tabTo("Save changes")
	b.pressTo(kb.Enter, 200)
	b.sees("Changed", "11:00–11:45", "Dana Whitfield")
}

// TestSkipLink checks that the first Tab on a page reaches a link that skips the
// navigation.
func TestSkipLink(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.open("/nowhere", 404) // no field has focus on this page
	b.press(kb.Tab)
	if at := b.focus(); at != "Skip to main content" {
		t.Fatalf("the first Tab leads to %q", at)
	}
	b.press(kb.Enter)
	b.press(kb.Tab)
	if at := b.focus(); at != "Go to the home page" {
		t.Errorf("after the skip link, Tab leads to %q", at)
	}
}

func (b *browser) press(keys string, options ...chromedp.KeyOption) {
	b.t.Helper()
	do(b, "press "+keys, chromedp.KeyEvent(keys, options...))
}

// pressTo presses a key and waits for the next page, which must have the given status.
func (b *browser) pressTo(key string, status int) {
	b.t.Helper()
	b.arrives("press a key", status, chromedp.KeyEvent(key))
}

// tabTo presses Tab until the named element has focus. It returns the names of all elements
// that received focus. Each of them must have a visible focus indicator.
func (b *browser) tabTo(name string) []string { b.t.Helper(); return b.walkTo(name) }

func (b *browser) shiftTabTo(name string) []string {
	b.t.Helper()
	return b.walkTo(name, chromedp.KeyModifiers(chromedp.ModifierShift))
}

func (b *browser) walkTo(name string, options ...chromedp.KeyOption) []string {
	b.t.Helper()
	var way []string
	for range 80 { // date and time fields have several tab stops
		b.press(kb.Tab, options...)
		at := b.focus()
		if len(way) == 0 || way[len(way)-1] != at {
			way = append(way, at)
		}
		if at == name {
			return way
		}
	}
	b.t.Fatalf("Tab never leads to %q, but to %q", name, way)
	return nil
}

// focus returns the name of the focused element, which must be visible and have an
// outline.
func (b *browser) focus() string {
	b.t.Helper()
	at := do(b, "look for the focus", chromedp.Evaluate[struct{ Name, Wrong string }](`(() => {
		const at = document.activeElement;
		if (at === document.body) return { Name: "nothing", Wrong: "" };
		const name = at.ariaLabel || at.labels?.[0]?.textContent || at.innerText.trim().split("\n")[0];
		const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
		const box = at.getBoundingClientRect();
		const front = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
		let wrong = "";
		if (outlineStyle === "none" || parseFloat(outlineWidth) < 2 || outlineColor === "rgba(0, 0, 0, 0)") wrong = "has no outline";
		else if (!front || !(at.contains(front) || front.contains(at))) wrong = "is not seen";
		return { Name: name.trim().replace(/\s+/g, " "), Wrong: wrong };
	})()`))
	if at.Wrong != "" {
		b.t.Errorf("%s has the focus and %s", at.Name, at.Wrong)
	}
	return at.Name
}

// pressDay types the parts of the date in the order that the browser's locale uses. The
// first part of the field must have focus.
func (b *browser) pressDay(day string) {
	b.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		b.t.Fatal(err)
	}
	order := do(b, "ask for the order of a date", chromedp.Evaluate[[]string](
		`new Intl.DateTimeFormat().formatToParts().map(part => part.type).filter(type => type !== "literal")`))
	for _, place := range order {
		b.press(at.Format(map[string]string{"day": "02", "month": "01", "year": "2006"}[place]))
	}
	if got := do(b, "read the date", chromedp.Evaluate[string]("document.activeElement.value")); got != day {
		b.t.Fatalf("typed %s and got %s", day, got)
	}
}

// pressClock types the time of day into the focused field. It uses the 12-hour or 24-hour
// format, depending on the browser's locale.
func (b *browser) pressClock(clock string) {
	b.t.Helper()
	at, err := time.Parse("15:04", clock)
	if err != nil {
		b.t.Fatal(err)
	}
	format := "1504"
	if do(b, "ask for the sort of clock", chromedp.Evaluate[bool](`new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).resolvedOptions().hour12`)) {
		format = "0304PM"
	}
	b.press(at.Format(format))
	if got := do(b, "read the time", chromedp.Evaluate[string]("document.activeElement.value")); got != clock {
		b.t.Fatalf("typed %s and got %s", clock, got)
	}
}
