package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// open goes to an address of the desk; the page, after all redirects, must come
// with the status.
func (b *browser) open(path string, status int) {
	b.t.Helper()
	b.arrives("open "+path, status, chromedp.Navigate(b.desk.url+path))
}

// follow clicks a link or button and waits for the page behind it.
func (b *browser) follow(words string) {
	b.t.Helper()
	b.followTo(words, http.StatusOK)
}

// followTo is follow to a page with another status than 200.
func (b *browser) followTo(words string, status int) {
	b.t.Helper()
	if b.touches {
		b.arrives("tap "+words, status, b.tap(linkOrButton(words)))
		return
	}
	b.arrives("click "+words, status, chromedp.Click(linkOrButton(words)))
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

// write types into the field with the label.
func (b *browser) write(label, text string) {
	b.t.Helper()
	b.clear(label)
	do(b, "write into "+label, chromedp.SendKeys(field(label), text))
}

// choose sets a list, a date or a time, where what to type depends on the
// browser's language.
func (b *browser) choose(label, value string) {
	b.t.Helper()
	do(b, "set "+label, chromedp.SetValue(field(label), value))
}

// clear empties the field with the label, of what came with the page.
func (b *browser) clear(label string) {
	b.t.Helper()
	do(b, "clear "+label, chromedp.Clear(field(label)))
}

// text is all that can be read on the page.
func (b *browser) text() string {
	b.t.Helper()
	return do(b, "read the page", chromedp.Text("body"))
}

// sees asserts that the page says all of it.
func (b *browser) sees(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Fatalf("the page does not say %q", w)
		}
	}
}

// waitFor waits until the page says it.
func (b *browser) waitFor(words string) { b.t.Helper(); b.waitUntil(words, true) }

// waitWithout waits until the page no longer says it.
func (b *browser) waitWithout(words string) { b.t.Helper(); b.waitUntil(words, false) }

func (b *browser) waitUntil(words string, there bool) {
	b.t.Helper()
	for end := time.Now().Add(patience); strings.Contains(b.text(), words) != there; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("waited in vain: the page says %q: %v", words, !there)
		}
	}
}

// lacks asserts that the page says none of it.
func (b *browser) lacks(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if strings.Contains(text, w) {
			b.t.Fatalf("the page says %q", w)
		}
	}
}

// offers reports whether the page has a link or button with the words.
func (b *browser) offers(words string) bool {
	b.t.Helper()
	return len(do(b, "look for "+words, chromedp.Nodes(linkOrButton(words), chromedp.AtLeast(0)))) > 0
}

// linkOrButton is the first one on the page with these words, alone or beside others.
func linkOrButton(words string) string {
	return `(//*[self::a or self::button][not(@hidden)][.//text()[normalize-space()="` + words + `"]])[1]`
}

// field is what the label belongs to.
func field(label string) string {
	return `//*[@id=//label[normalize-space()="` + label + `"]/@for]`
}
