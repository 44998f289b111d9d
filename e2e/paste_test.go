package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// TestPasteIntoTheSearchBox checks that searching for text pasted from an email finds the
// meeting. The single-line search box replaces line breaks with spaces.
func TestPasteIntoTheSearchBox(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"with scripts": true, "without scripts": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBrowser(t, startDesk(t))
			b.signIn("Priya Nair")
			b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
			link := strings.TrimSpace(do(b, "read the link", chromedp.TextContent(chromedp.ID("join-url"))))
			id := b.factAfter("Meeting ID")
			b.useClipboard("clipboard-read", "clipboard-write")
			for what, text := range map[string]string{
				"a quoted link":        "On Monday Priya wrote:\r\n> Join here:\r\n> " + broken(link, 60, "\r\n> ") + "\r\n>\r\n> Thanks",
				"a link quoted twice":  ">> " + broken(link, 71, "\n>> "),
				"a broken link":        "Join: " + broken(link, 76, "\r\n") + "\r\nThanks",
				"quoted-printable":     "Content-Transfer-Encoding: quoted-printable\r\n\r\nJoin: " + broken(strings.ReplaceAll(link, "=", "=3D"), 70, "=\r\n"),
				"a quoted ID":          "> Meeting ID: " + strings.Replace(id, " ", "\r\n> ", 1) + "\r\n> Passcode: aB3xY9",
				"an ID in two lines":   "Meeting ID:\n" + id,
				"a ticket in its mail": "> Subject: [Ticket#INC0012777] Keyboard\r\n> \r\n> Hello",
				"a link from a letter": "| Join\n| " + broken(link, 64, "\n| "),
			} {
				b.open("/", 200)
				b.copied(text)
				if !scripts {
					call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
					b.open("/", 200)
				}
				do(b, "go to the box", chromedp.Focus(chromedp.ID("q")))
				b.paste()
				b.arrives("press Enter behind "+what, 200, chromedp.KeyEvent("\r"))
				if !scripts {
					call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{})
				}
				if text := b.text(); !strings.Contains(text, "Keyboard without a Tab key") || strings.Contains(text, "Found for") {
					t.Errorf("%s does not open the meeting:\n%s", what, text)
				}
			}
		})
	}
}

// broken inserts the separator after every n bytes of text, just as mail programs insert
// line breaks.
func broken(text string, n int, with string) string {
	var lines []string
	for ; len(text) > n; text = text[n:] {
		lines = append(lines, text[:n])
	}
	return strings.Join(append(lines, text), with)
}

func (b *browser) factAfter(name string) string {
	b.t.Helper()
	return strings.TrimSpace(do(b, "read "+name, chromedp.TextContent(`(//dt[normalize-space()="`+name+`"]/following-sibling::dd)[1]`)))
}

func (b *browser) copied(text string) {
	b.t.Helper()
	quoted := strings.NewReplacer("\\", "\\\\", "\r", "\\r", "\n", "\\n", `"`, `\"`).Replace(text)
	do(b, "copy", chromedp.Evaluate[bool](`navigator.clipboard.writeText("`+quoted+`").then(() => true)`, chromedp.EvalAwaitPromise))
}

const ctrl = 2 // the value for Ctrl in the DevTools protocol

func (b *browser) paste() {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		params := input.DispatchKeyEventParams{Type: kind, Modifiers: ctrl, Key: "v", Code: "KeyV", WindowsVirtualKeyCode: 86}
		if kind == input.DispatchKeyEventTypeKeyDown {
			params.Commands = []string{"paste"}
		}
		call(b, input.DispatchKeyEvent, params)
	}
}
