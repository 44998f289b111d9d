package e2e_test

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// TestHeaderSearch checks that each of several pages has exactly one search box and a header
// at most 64 pixels high. The "/" key must move the focus to the search box.
func TestHeaderSearch(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	for _, path := range []string{"/", "/history", "/meetings/new", "/meetings/adopt", "/nowhere"} {
		status := 200
		if path == "/nowhere" {
			status = 404
		}
		b.open(path, status)
		if n := do(b, "count the search boxes", chromedp.Evaluate[int](`document.querySelectorAll("input[name=q]").length`)); n != 1 {
			t.Errorf("%s has %d search boxes, want 1", path, n)
		}
		if high := do(b, "measure the header", chromedp.Evaluate[float64](`document.querySelector(".head").getBoundingClientRect().height`)); high > 64 {
			t.Errorf("%s: the header is %v px high, want at most 64", path, high)
		}
	}
	b.strike("/")
	if at := b.focus(); at != "Find a meeting" {
		t.Fatalf("after / the focus is on %q", at)
	}
	b.press("INC0012345/c?") // in a field, no key is a shortcut
	if typed := b.value("Find a meeting"); typed != "INC0012345/c?" {
		t.Errorf("typed %q", typed)
	}
	b.press("a", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	b.press("INC0012345")
	b.pressTo("\r", 200)
	b.sees("History")
}

// TestHeaderOnAPhone checks that the header and the demo banner do not become taller in a
// narrow window in either language.
func TestHeaderOnAPhone(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.screen(390, 844, "light")
	for _, language := range []string{"en", "pt-BR"} {
		b.open("/meetings/new", 200)
		high := do(b, "measure", chromedp.Evaluate[[]float64](`[".head", ".band"].map(s => document.querySelector(s).getBoundingClientRect().height)`))
		if high[0] > 64 || high[1] > 30 {
			t.Errorf("%s: the header is %v px high, want at most 64; the banner %v, want one line", language, high[0], high[1])
		}
		if language == "en" {
			b.follow("Português (Brasil)")
		}
	}
	b.signOut("Sair")
	b.signIn("Alex Admin") // administrators have one more link
	b.screen(360, 800, "light")
	for _, language := range []string{"pt-BR", "en"} {
		b.open("/admin", 200)
		if high := do(b, "measure", chromedp.Evaluate[float64](`document.querySelector(".head").getBoundingClientRect().height`)); high > 64 {
			t.Errorf("%s: the administrator's header is %v px high, want at most 64", language, high)
		}
		if language == "pt-BR" {
			b.follow("English")
		}
	}
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.open("/nowhere", 404) // a page on which no field has focus
	for _, modifier := range []chromedp.KeyOption{chromedp.KeyModifiers(chromedp.ModifierCtrl), chromedp.KeyModifiers(chromedp.ModifierAlt), chromedp.KeyModifiers(chromedp.ModifierMeta)} {
		b.press("/", modifier)
		if at := b.focus(); at == "Find a meeting" {
			t.Error("/ with a modifier key acts")
		}
	}
	b.pressTo("c", 200)
	b.sees("New meeting", "Ticket number")
	b.fill("INC0012888", "Keys", "10:00", "10:30")
	b.follow("Create meeting")
	b.sees("Created")
	b.useClipboard("clipboard-read")
	b.press("y")
	b.waitFor("Copied")

	b.press("?")
	b.sees("Keyboard shortcuts", "Use these shortcuts")
	do(b, "turn them off", chromedp.Evaluate[bool](`document.getElementById("use-shortcuts").click(), true`))
	b.press("\x1b")
	b.open("/nowhere", 404) // the choice persists across pages
	b.strike("/")
	if at := b.focus(); at == "Find a meeting" {
		t.Error("/ acts although the shortcuts are turned off")
	}
	b.click("Keyboard shortcuts")
	do(b, "turn them on", chromedp.Evaluate[bool](`document.getElementById("use-shortcuts").click(), true`))
	b.click("Close")
	b.strike("/")
	if at := b.focus(); at != "Find a meeting" {
		t.Errorf("after turning them on, / leads to %q", at)
	}
}

// strike presses a key. Unlike the press method, it types no character if the page handles
// the key.
func (b *browser) strike(key string) {
	b.t.Helper()
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key, UnmodifiedText: key})
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key})
}
