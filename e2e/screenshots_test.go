package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestScreenshots saves screenshots of the pages that tour and portuguese visit, at two
// widths and in both themes:
//
//	SCREENSHOTS=folder go test -run Screenshots ./e2e
func TestScreenshots(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		t.Skip("SCREENSHOTS names no folder")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t, startDesk(t))
	number := 0
	look := func(page string) {
		number++
		for _, width := range []int64{1280, 390} {
			for _, theme := range []string{"light", "dark"} {
				b.screen(width, 800, theme)
				image := do(b, "take a picture", chromedp.FullScreenshot(100))
				file := fmt.Sprintf("%02d-%s-%d-%s.png", number, page, width, theme)
				if err := os.WriteFile(filepath.Join(dir, file), image, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		b.screen(1280, 800, "light") // a narrow page hides links that the tour follows
	}
	b.tour("INC0012777", "Keyboard without a Tab key", look)
	b.signOut("Sign out")
	b.portuguese("INC0012888", "Teclado sem a tecla Tab", func(page string) { look("pt-" + page) })
}
