package e2e_test

import (
	"strings"
	"testing"

	devtools "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

func TestCopyButtons(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")

	// Writing needs no permission; reading it back, as this test does, needs one.
	if _, err := chromedp.CallBrowser(b.ctx, devtools.SetPermission, devtools.SetPermissionParams{
		Origin:     d.url,
		Permission: &devtools.PermissionDescriptor{Name: "clipboard-read"},
		Setting:    devtools.PermissionSettingGranted,
	}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ button, source string }{
		{"Copy link", "join-url"},
		{"Copy invitation", "invitation"},
	} {
		want := strings.TrimSpace(do(b, "read "+tt.source, chromedp.TextContent(chromedp.ID(tt.source))))
		do(b, "click "+tt.button, chromedp.Click(linkOrButton(tt.button)))
		done := `//button[@data-copy="` + tt.source + `"]//*[normalize-space()="Copied"]`
		do(b, "wait until the button says Copied", chromedp.WaitVisible(done))
		if got := b.clipboard(); got != want || want == "" {
			t.Errorf("%s copied\n%q, want\n%q", tt.button, got, want)
		}
	}
}

func (b *browser) clipboard() string {
	b.t.Helper()
	return do(b, "read the clipboard", chromedp.Evaluate[string]("navigator.clipboard.readText()", chromedp.EvalAwaitPromise))
}
