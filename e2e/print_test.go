package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestPrintedKitFitsOneSheet checks that the printed page of a meeting with very long
// fields fits on one sheet of A4 or Letter paper.
func TestPrintedKitFitsOneSheet(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.fill("INC", "A", "10:00", "10:30")
	b.choose("Ticket number (external ID)", longTicket)
	b.choose("Subject (optional)", strings.Repeat("A subject of the longest kind, with blanks. ", 6)[:255])
	var people strings.Builder
	for i := range 10 {
		fmt.Fprintf(&people, "Somebody With A Name %d <somebody.with.a.name.%d@contoso.example>\n", i, i)
	}
	b.invite(people.String())
	b.follow("Create meeting")
	b.sees("Created", "somebody.with.a.name.9@contoso.example")
	for name, size := range map[string][2]float64{"a4": {8.27, 11.69}, "letter": {8.5, 11}} {
		for _, theme := range []string{"light", "dark"} {
			b.screen(1280, 900, theme)
			pdf := b.pdf(size[0], size[1])
			if dir := os.Getenv("SCREENSHOTS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, "print-"+name+"-"+theme+".pdf"), pdf, 0o644); err != nil {
					t.Error(err)
				}
			}
			if n := len(pageObject.FindAll(pdf, -1)); n != 1 {
				t.Errorf("%s, %s: %d pages, want 1", name, theme, n)
			}
		}
	}
	// The QR code is in a collapsed section and is loaded on demand, but it must be printed.
	// It makes the PDF at least 5,000 bytes larger.
	with := len(b.pdf(8.27, 11.69))
	do(b, "take the QR code away", chromedp.Evaluate[bool](`(document.querySelector(".qr img").remove(), true)`))
	if without := len(b.pdf(8.27, 11.69)); with < without+5000 {
		t.Errorf("%d bytes with the QR code, %d without: it is not printed", with, without)
	}
}

// pageObject matches a page object in a PDF written by Chromium. Each page has one.
var pageObject = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// TestPrintedContents checks that a meeting's page is printed in black on white, without
// buttons.
func TestPrintedContents(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	for _, theme := range []string{"light", "dark"} {
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
		})
		b.sees("INC0012777", "Keyboard without a Tab key", "10:00–10:30", "https://teams.microsoft.com/", "Meeting ID", "Passcode", "Priya Nair")
		b.lacks("Copy", "Change", "Sign out", "New meeting", "Invitation to send", "Note for the ticket", "client-request-id", "Microsoft confirmed", "Print")
		// The QR code must be large enough for a phone's camera, and everything
		// else must be black on white.
		wrong := do(b, "look at the sheet", chromedp.Evaluate[[]string](`(() => {
			const wrong = [];
			const qr = document.querySelector(".qr img").getBoundingClientRect();
			if (qr.width < 150 || qr.height !== qr.width) wrong.push("the QR code is " + qr.width + " by " + qr.height);
			for (const e of document.querySelectorAll("body, body *")) {
				if (!e.checkVisibility() || e.matches("img")) continue;
				const { color, backgroundColor } = getComputedStyle(e);
				if (color !== "rgb(0, 0, 0)") wrong.push(e.outerHTML.slice(0, 60) + " is " + color);
				if (!["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(backgroundColor)) wrong.push(e.outerHTML.slice(0, 60) + " is on " + backgroundColor);
			}
			return wrong;
		})()`))
		for _, w := range wrong {
			t.Errorf("%s: %s", theme, w)
		}
	}
}

// pdf returns the page as a PDF, printed on paper of the given size in inches.
func (b *browser) pdf(width, height float64) []byte {
	b.t.Helper()
	return call(b, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: width, PaperHeight: height}).Data
}

func TestLargeQRCode(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.screen(390, 800, "dark")
	b.follow("Show it large")
	width := do(b, "measure it", chromedp.Evaluate[float64](`document.querySelector("svg path").getBoundingClientRect().width`))
	do(b, "ask for the icon, as the browser may", chromedp.Evaluate[bool](`fetch("/favicon.ico").then(() => true)`, chromedp.EvalAwaitPromise))
	if width < 380 {
		t.Errorf("the QR code is %v px wide on a screen of 390 px", width)
	}
}
