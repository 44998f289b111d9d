package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// open opens the given path on the desk and follows all redirects. The resulting page
// must have the given status.
func (b *browser) open(path string, status int) {
	b.t.Helper()
	b.arrives("open "+path, status, chromedp.Navigate(b.desk.url+path))
}

// follow clicks or taps a link or button and waits for the next page, which must have
// status 200.
func (b *browser) follow(words string) {
	b.t.Helper()
	b.followTo(words, http.StatusOK)
}

// followTo is like follow, but the next page must have the given status.
func (b *browser) followTo(words string, status int) {
	b.t.Helper()
	b.unfold(words)
	if b.touches {
		b.arrives("tap "+words, status, b.tap(linkOrButton(words)))
		return
	}
	b.arrives("click "+words, status, chromedp.Click(linkOrButton(words)))
}

// unfold expands the collapsed menu or section, if any, that contains the link or button.
func (b *browser) unfold(words string) {
	b.t.Helper()
	do(b, "unfold "+words, chromedp.Evaluate[bool](`(() => {
		const path = `+"`"+linkOrButton(words)+"`"+`;
		const e = document.evaluate(path, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
		e?.closest("details")?.setAttribute("open", "");
		return true;
	})()`))
}

// openMore opens the menu of less common actions on a meeting's page.
func (b *browser) openMore() {
	b.t.Helper()
	do(b, "open the menu", chromedp.Evaluate[bool](`document.querySelector(".actions .menu").open = true`))
}

func (b *browser) arrives(what string, status int, step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	page := do(b, what, func(ctx context.Context, _ *chromedp.Target) (*network.Response, error) {
		return chromedp.RunResponse(ctx, step)
	})
	if page == nil {
		b.t.Fatalf("%s led to no page", what)
	}
	if page.Status != int64(status) {
		b.t.Fatalf("%s led to %s with status %d, want %d", what, page.URL, page.Status, status)
	}
}

// write types the text into the field with the given label. It sets long text without
// typing, which would take too long.
func (b *browser) write(label, text string) {
	b.t.Helper()
	if len(text) > 100 {
		b.choose(label, text)
		return
	}
	b.clear(label)
	do(b, "write into "+label, chromedp.SendKeys(field(label), text))
}

// choose sets the value of a field without typing, because the format in which a date or
// time must be typed depends on the browser's language.
func (b *browser) choose(label, value string) {
	b.t.Helper()
	do(b, "set "+label, chromedp.SetValue(field(label), value))
}

func (b *browser) clear(label string) {
	b.t.Helper()
	do(b, "clear "+label, chromedp.Clear(field(label)))
}

// text returns the visible text of the page. It retries after an error, because some pages
// reload themselves.
func (b *browser) text() string {
	b.t.Helper()
	return eventually(b, chromedp.Text("body"))
}

// sees fails the test unless the page shows all of the given strings.
func (b *browser) sees(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Fatalf("the page does not say %q", w)
		}
	}
}

func (b *browser) waitFor(words string) { b.t.Helper(); b.waitUntil(words, true) }

func (b *browser) waitWithout(words string) { b.t.Helper(); b.waitUntil(words, false) }

func (b *browser) waitUntil(words string, there bool) {
	b.t.Helper()
	for end := time.Now().Add(patience); strings.Contains(b.text(), words) != there; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("waited in vain: the page says %q: %v", words, !there)
		}
	}
}

// lacks fails the test if the page shows any of the given strings.
func (b *browser) lacks(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if strings.Contains(text, w) {
			b.t.Fatalf("the page says %q", w)
		}
	}
}

func (b *browser) offers(words string) bool {
	b.t.Helper()
	return len(do(b, "look for "+words, chromedp.Nodes(linkOrButton(words), chromedp.AtLeast(0)))) > 0
}

// linkOrButton returns the XPath of the first link or button with the given text, ignoring
// differences in white space.
func linkOrButton(words string) string {
	return `(//*[self::a or self::button][not(@hidden)][.//text()[normalize-space()="` + words + `"]])[1]`
}

// field returns the XPath of the field with the given label.
func field(label string) string {
	return `//*[@id=//label[normalize-space()="` + label + `"]/@for]`
}
