package e2e_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestMainJobOnAPhone repeats TestMainJob on an emulated phone, where every link and
// button is tapped.
func TestMainJobOnAPhone(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.touches = true
	do(b, "make it a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.mainJob()
	if !do(b, "ask for the screen", chromedp.Evaluate[bool](`innerWidth === 390 && matchMedia("(pointer: coarse)").matches`)) {
		t.Error("the browser did not emulate a phone")
	}
	b.lacks("Keyboard shortcuts")
}

// TestShareSheet checks that the Share button passes the whole invitation to a phone's
// share sheet. The button must be hidden if there is no touch screen.
func TestShareSheet(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `navigator.share = async (what) => { window.shared = what.title + "\n" + what.text; }`,
	})
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.lacks("Share…")
	do(b, "make it a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	do(b, "load the page again", chromedp.Reload())
	do(b, "share", chromedp.Click(linkOrButton("Share…")))
	got := do(b, "read what was shared", chromedp.Evaluate[string]("window.shared"))
	if !strings.HasPrefix(got, "INC0012777: Keyboard without a Tab key\n") || !strings.Contains(got, "Join: https://teams.microsoft.com/") {
		t.Errorf("shared %q", got)
	}
}

// tap returns an action that touches the centre of the element. It fails the test if
// another element covers that point.
func (b *browser) tap(path string) chromedp.Action[chromedp.Void] {
	b.t.Helper()
	do(b, "scroll to it", chromedp.ScrollIntoView(path))
	at := do(b, "look where it is", chromedp.Evaluate[struct{ X, Y float64 }](`(() => {
		const e = document.evaluate(`+"`"+``+path+``+"`"+`, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
		const box = e.getBoundingClientRect();
		const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
		return e.contains(document.elementFromPoint(x, y)) ? { x, y } : { x: 0, y: 0 };
	})()`))
	if at.X == 0 {
		b.t.Fatalf("something lies over %s", path)
	}
	return func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{
			Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: at.X, Y: at.Y}},
		})
		if err == nil {
			_, err = chromedp.Call(ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{
				Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{},
			})
		}
		return chromedp.Void{}, err
	}
}
