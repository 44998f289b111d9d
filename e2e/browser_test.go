package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser is a Chromium window. Its methods simulate user actions and fail the test if an
// action is impossible.
type browser struct {
	t          *testing.T
	desk       *desk
	ctx        context.Context
	complaints *complaints
	touches    bool // whether links and buttons are tapped instead of clicked
}

// openBrowser opens a window with its own cookies, cache and storage in the shared
// Chromium. The test fails if the browser reports an error.
func openBrowser(t *testing.T, d *desk, more ...chromedp.CreateBrowserContextOption) *browser {
	t.Helper()
	chromium(t)
	shared, err := sharedChromium()
	if err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	ctx, end := chromedp.NewContext(shared, chromedp.WithNewBrowserContext(more...))
	t.Cleanup(end)
	b := &browser{t: t, desk: d, ctx: ctx, complaints: new(complaints)}
	if err := chromedp.Listen(ctx, b.complaints.hear); err != nil { // this call opens the window
		t.Fatalf("open a window: %v", err)
	}
	// Only one window can have focus, but every page must behave as if it were focused.
	call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	t.Cleanup(func() {
		for _, complaint := range b.complaints.list() {
			t.Error(complaint)
		}
		if t.Failed() {
			b.keepPage()
		}
	})
	return b
}

// endChromium ends the shared Chromium if it was started.
var endChromium = func() {}

// sharedChromium starts Chromium with a new profile on the first call. It returns a
// context for the browser.
var sharedChromium = sync.OnceValues(func() (context.Context, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	ctx, end := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], // headless and without background activity
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // otherwise Chromium refuses to run as root
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		// Without this flag, each window loads two pages for its address bar.
		chromedp.Flag("disable-features", "Translate,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,PreloadTopChromeWebUI"),
		chromedp.WindowSize(1280, 900),
		// The desk with TLS has a host name under .example and an untrusted certificate.
		chromedp.Flag("host-resolver-rules", "MAP *.example 127.0.0.1"),
		chromedp.IgnoreCertErrors,
	)...)
	endChromium = end
	ctx, _ = chromedp.NewContext(ctx) // cancelled together with its parent
	return ctx, chromedp.Do(ctx)
})

// do performs an action with a timeout and returns its result. If the action fails, so does
// the test.
func do[T any](b *browser, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	return result
}

// keepPage saves a screenshot of the page on which the test failed and logs the page's
// text.
func (b *browser) keepPage() {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100)); err == nil {
		file := filepath.Join(b.t.ArtifactDir(), "page.png")
		os.WriteFile(file, image, 0o600)
		b.t.Logf("a picture of the page, kept with go test -artifacts: %s", file)
	}
	// The text contains only the selected option of each list, because some lists, such as
	// the list of time zones, are long.
	const say = `document.querySelectorAll("select").forEach(s => s.replaceChildren(...s.selectedOptions));
		location.href + "\n" + document.body.innerText`
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](say))
	if err != nil {
		text = err.Error()
	}
	b.t.Logf("the page at the end: %s", text)
}
