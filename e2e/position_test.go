package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// screens lists the window sizes in which sharing a meeting must not require scrolling.
// The field most is the maximum distance, in pixels, from the top of the page to the
// bottom of the Share card.
var screens = []struct{ width, height, most int64 }{{1440, 900, 600}, {1280, 800, 600}, {390, 844, 844}}

// TestShareCardNeedsNoScrolling checks the position of the Share card on the pages of new
// and found meetings. It opens them as the organizer, the help desk and a colleague. One of
// the meetings has the longest possible ticket and subject.
func TestShareCardNeedsNoScrolling(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.sees("Created")
	b.shareEnds("created")
	b.fill("INC0012777", "Another subject", "15:00", "15:30")
	b.followTo("Create meeting", 409)
	b.follow("Compare with what I entered")
	b.sees("Found")
	b.shareEnds("found")
	if order := do(b, "look for the comparison", chromedp.Evaluate[bool](`
		document.querySelector(".share").compareDocumentPosition(document.querySelector(".compare")) === Node.DOCUMENT_POSITION_FOLLOWING`)); !order {
		t.Error("the comparison is above the Share card")
	}
	b.create(longTicket, longSubject, "11:00", "11:30")
	b.sees("Created")
	b.shareEnds("long texts")
	long := do(b, "read the address", chromedp.Evaluate[string]("location.pathname"))

	b.signOut("Sign out")
	b.signIn("Dana Whitfield")
	b.write("Find a meeting", "INC0012777")
	b.follow("Find")
	b.sees("Only the organizer can change this meeting.")
	b.shareEnds("help desk")
	b.open(long, 200)
	b.shareEnds("help desk, long texts")

	b.signOut("Sign out")
	b.signIn("Tomás Oliveira")
	b.open("/t/INC0012777", 200)
	b.follow("Usar esta")
	b.shareEnds("handed over, in Portuguese")
}

func (b *browser) shareEnds(page string) {
	b.t.Helper()
	for _, s := range screens {
		b.screen(s.width, s.height, "light")
		got := do(b, "measure the card", chromedp.Evaluate[struct {
			End, Length int64
			Missing     []string
		}](`(() => {
			scrollTo(0, 0);
			const card = document.querySelector(".share");
			const parts = ["[data-copy=join-url]", "[data-copy=invitation]", "a[href^='mailto:']", ".menu", "#join-url", "#number-meeting_id", "#number-passcode",
				"#number-phone", "#number-conference_id", "[data-copy=number-passcode]", "[data-copy=numbers]"];
			return {
				End: Math.ceil(card.getBoundingClientRect().bottom),
				Length: document.documentElement.scrollHeight,
				Missing: parts.filter(part => !card.querySelector(part)?.checkVisibility()),
			};
		})()`))
		b.t.Logf("%s at %d × %d: the card ends at %d, the page at %d", page, s.width, s.height, got.End, got.Length)
		if got.End > s.most || len(got.Missing) > 0 {
			b.t.Errorf("%s at %d × %d: the Share card ends at %d px, want at most %d; it lacks %s", page, s.width, s.height, got.End, s.most, strings.Join(got.Missing, ", "))
		}
		if dir := os.Getenv("SCREENSHOTS"); dir != "" {
			name := fmt.Sprintf("share-%s-%d.png", strings.ReplaceAll(strings.ReplaceAll(page, ",", ""), " ", "-"), s.width)
			if err := os.WriteFile(filepath.Join(dir, name), do(b, "photograph it", chromedp.FullScreenshot(100)), 0o644); err != nil {
				b.t.Error(err)
			}
		}
	}
	b.screen(1280, 900, "light")
}
