package e2e_test

import (
	"strings"
	"sync"
	"testing"

	devtools "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

func TestCopyButtons(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard <without> a Tab key", "10:00", "10:30")
	b.useClipboard("clipboard-read")
	for _, tt := range []struct {
		button, source string
		html           []string // expected HTML on the clipboard, if any
	}{
		{"Copy link", "join-url", nil},
		{"Copy invitation", "invitation", []string{"Keyboard &lt;without&gt; a Tab key", `href="https://teams.microsoft.com/`, ">Join the meeting</a>"}},
		{"Copy numbers", "numbers", nil},
		{"Copy note", "note", nil},
	} {
		want := strings.TrimSpace(do(b, "read "+tt.source, chromedp.TextContent(chromedp.ID(tt.source))))
		b.unfold(tt.button)
		do(b, "click "+tt.button, chromedp.Click(linkOrButton(tt.button)))
		done := `//button[@data-copy="` + tt.source + `"]//*[normalize-space()="Copied"]`
		do(b, "wait until the button says Copied", chromedp.WaitVisible(done))
		if got := b.clipboard(); got != want || want == "" {
			t.Errorf("%s copied\n%q, want\n%q", tt.button, got, want)
		}
		html := b.clipboardHTML()
		if (html == "") != (tt.html == nil) {
			t.Errorf("%s copied the HTML %q, want some: %v", tt.button, html, tt.html != nil)
		}
		for _, want := range tt.html {
			if !strings.Contains(html, want) {
				t.Errorf("%s copied the HTML\n%s\nwant %q in it", tt.button, html, want)
			}
		}
	}
}

// TestCopyWithoutHTML checks that plain text is copied if the browser's clipboard API does
// not support HTML.
func TestCopyWithoutHTML(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.useClipboard("clipboard-read")
	do(b, "forget ClipboardItem", chromedp.Evaluate[bool]("(delete self.ClipboardItem, true)"))
	do(b, "copy", chromedp.Click(linkOrButton("Copy invitation")))
	b.waitFor("Copied")
	if got := b.clipboard(); !strings.Contains(got, "Subject: Keyboard without a Tab key") {
		t.Errorf("copied %q", got)
	}
}

// TestCopyIsNotAllowed checks that a page without access to the clipboard selects the text
// and suggests pressing Ctrl+C.
func TestCopyIsNotAllowed(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	do(b, "take the clipboard away", chromedp.Evaluate[bool](`(Object.defineProperty(navigator, "clipboard", { value: undefined }), true)`))
	b.unfold("Copy note")
	do(b, "copy", chromedp.Click(linkOrButton("Copy note")))
	b.waitFor("Press Ctrl+C")
	if got := do(b, "read the selection", chromedp.Evaluate[string]("String(getSelection())")); !strings.Contains(got, "Organizer: Priya Nair") {
		t.Errorf("selected %q", got)
	}
}

// clipboardInUse serializes access to the clipboard, which all windows of Chromium share.
var clipboardInUse sync.Mutex

// useClipboard reserves the clipboard for this test and grants the page the given
// permissions. After a click, a page needs no permission to write to the clipboard.
func (b *browser) useClipboard(permissions ...string) {
	b.t.Helper()
	clipboardInUse.Lock()
	b.t.Cleanup(clipboardInUse.Unlock)
	for _, name := range permissions {
		if _, err := chromedp.CallBrowser(b.ctx, devtools.SetPermission, devtools.SetPermissionParams{
			Origin:           b.desk.url,
			Permission:       &devtools.PermissionDescriptor{Name: name},
			Setting:          devtools.PermissionSettingGranted,
			BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
		}); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *browser) clipboard() string {
	b.t.Helper()
	return do(b, "read the clipboard", chromedp.Evaluate[string]("navigator.clipboard.readText()", chromedp.EvalAwaitPromise))
}

// clipboardHTML returns the HTML on the clipboard, or "" if the clipboard contains no HTML.
func (b *browser) clipboardHTML() string {
	b.t.Helper()
	return do(b, "read the clipboard's HTML", chromedp.Evaluate[string](`navigator.clipboard.read().then(([item]) =>
		item.types.includes("text/html") ? item.getType("text/html").then(blob => blob.text()) : "")`, chromedp.EvalAwaitPromise))
}
