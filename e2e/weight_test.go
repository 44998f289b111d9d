package e2e_test

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestFirstViewIsLight checks the size of the pages that people usually open first. With an
// empty cache, each page may take at most four requests and 45,000 bytes, including scripts.
func TestFirstViewIsLight(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	for _, path := range []string{"/", "/meetings/new", "/history"} {
		b := openBrowser(t, d) // a new browser, so that the cache is empty
		b.signIn("Priya Nair")
		call(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
		b.open(path, 200)
		type load struct {
			Name string
			Size int
		}
		loads := do(b, "count", chromedp.Evaluate[[]load](`[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
			.map((e) => ({ Name: e.name, Size: e.transferSize }))`))
		sum := 0
		for _, l := range loads {
			if l.Size == 0 {
				t.Errorf("%s: %s did not come from the network", path, l.Name)
			}
			sum += l.Size
		}
		if len(loads) > 4 || sum > 45_000 {
			t.Errorf("%s takes %d requests and %d bytes, want at most 4 and 45,000: %v", path, len(loads), sum, loads)
		}
		t.Logf("%s: %d requests, %d bytes", path, len(loads), sum)
	}
}
