package e2e_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"meetdesk/locale"
	"meetdesk/static"
	"meetdesk/views/gallery"
)

// samplePages serves every sample page at "/language/name". It returns the server's URL
// and the paths of the pages, without the leading slash.
func samplePages(t *testing.T) (site string, names []string) {
	t.Helper()
	files, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	pages := make(map[string][]byte)
	for _, language := range catalogue.Printer().Languages() {
		for _, s := range gallery.Samples(gallery.Look{T: catalogue.Printer(language.Tag), Static: files.URL}) {
			var page bytes.Buffer
			if err := s.Page.Render(t.Context(), &page); err != nil {
				t.Fatal(err)
			}
			name := language.Tag + "/" + s.Name
			names, pages["/"+name] = append(names, name), page.Bytes()
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page, ok := pages[r.URL.Path]; ok {
			w.Write(page)
			return
		}
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, names
}

// TestFormsOnAPhone checks that forms fit a phone's screen in both languages and that their
// buttons are large enough to tap.
func TestFormsOnAPhone(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, nil)
	site, _ := samplePages(t)
	b.screen(390, 844, "dark")
	for _, name := range []string{"form", "form-past", "form-change", "adopt", "presets", "preset-new", "preset-change", "preset-wrong", "preset-conflict", "form-presets", "form-preset-filled", "form-preset-unknown"} {
		for _, language := range []string{"en", "pt-BR"} {
			do(b, "open "+name, chromedp.Navigate(site+"/"+language+"/"+name))
			got := do(b, "measure", chromedp.Evaluate[struct{ Width, Smallest, Buttons, Header, Rows int64 }](`(() => {
				const heights = [...document.querySelectorAll("main form .button, main .buttons .button")].filter(e => e.checkVisibility()).map(e => Math.round(e.getBoundingClientRect().height));
				const tops = new Set([...document.querySelectorAll(".sheet-end .button")].map(e => Math.round(e.getBoundingClientRect().top)));
				return { Rows: tops.size, Width: document.documentElement.scrollWidth, Smallest: Math.min(...heights), Buttons: heights.length, Header: Math.round(document.querySelector(".head").getBoundingClientRect().height) };
			})()`))
			if got.Width > 390 || got.Buttons == 0 || got.Smallest < 40 || got.Header > 64 || got.Rows > 1 {
				t.Errorf("%s in %s is %d px wide, the smallest of %d buttons is %d px high, the header %d, and the bar has %d rows", name, language, got.Width, got.Buttons, got.Smallest, got.Header, got.Rows)
			}
		}
	}
}

// TestTabsAndButtonsOnAPhone checks that the current tab is visible and that button text
// does not touch the border.
func TestTabsAndButtonsOnAPhone(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, nil)
	site, _ := samplePages(t)
	b.screen(390, 844, "light")
	measured := 0
	for _, name := range []string{"en/history", "pt-BR/history", "en/admin", "pt-BR/admin", "pt-BR/retention", "pt-BR/presets", "en/meeting-created", "pt-BR/meeting-created", "pt-BR/meeting-sight-upcoming"} {
		do(b, "open "+name, chromedp.Navigate(site+"/"+name))
		got := do(b, "measure", chromedp.Evaluate[struct {
			Hidden, Squeezed []string
			Measured, Rows   int
		}](`(() => {
			document.querySelectorAll("main details:not(.menu)").forEach(d => d.open = true);
			const text = e => e.textContent.trim();
			const tabs = [...document.querySelectorAll(".tabs [aria-current]")];
			const buttons = [...document.querySelectorAll("main .button:not(.bare, .copy-row)")].filter(e => e.checkVisibility());
			return {
				Measured: tabs.length + buttons.length,
				Rows: new Set([...document.querySelectorAll(".tabs nav:not(.scope) a")].map(e => e.offsetTop)).size,
				Hidden: tabs.filter(e => e.getBoundingClientRect().right > 390).map(text),
				Squeezed: buttons.filter(e => parseFloat(getComputedStyle(e).paddingLeft) < 4).map(text),
			};
		})()`))
		measured += got.Measured
		if got.Rows > 2 {
			t.Errorf("%s: the tabs take %d rows", name, got.Rows)
		}
		if len(got.Hidden)+len(got.Squeezed) > 0 {
			t.Errorf("%s: the tabs %q are out of sight, and the buttons %q have no room for their words", name, got.Hidden, got.Squeezed)
		}
	}
	if measured < 20 {
		t.Errorf("only %d tabs and buttons were measured", measured)
	}
}

// TestSubjectsInHalfAWindow checks that a table's subject column stays wide enough in
// narrow windows.
func TestSubjectsInHalfAWindow(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, nil)
	site, _ := samplePages(t)
	for _, width := range []int64{800, 960, 1280} {
		b.screen(width, 800, "light")
		for _, name := range []string{"en/history", "pt-BR/history", "pt-BR/home"} {
			do(b, "open "+name, chromedp.Navigate(site+"/"+name))
			if got := b.number(`Math.round(Math.min(...[...document.querySelectorAll(".history th:nth-child(3)")].map(e => e.clientWidth)))`); got < 150 {
				t.Errorf("%s, %d px wide: subjects have %d px, want 150", name, width, got)
			}
			if wide := b.widerThan(width); len(wide) > 0 {
				t.Errorf("%s is wider than %d px: %q", name, width, wide)
			}
		}
	}
}

// TestShareCardOfEverySample checks the position of the Share card on every sample page
// that has one, using the limits from TestShareCardNeedsNoScrolling.
func TestShareCardOfEverySample(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, nil)
	site, _ := samplePages(t)
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	measured := 0
	for _, s := range gallery.Samples(gallery.Look{T: catalogue.Printer(), Static: func(string) string { return "" }}) {
		var page strings.Builder
		if err := s.Page.Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page.String(), `class="card share"`) {
			continue
		}
		measured++
		for _, language := range catalogue.Printer().Languages() {
			do(b, "open "+s.Name, chromedp.Navigate(site+"/"+language.Tag+"/"+s.Name))
			for _, screen := range screens {
				b.screen(screen.width, screen.height, "light")
				end := do(b, "measure the card", chromedp.Evaluate[int64](`Math.ceil(document.querySelector(".share").getBoundingClientRect().bottom + scrollY)`))
				if end > screen.most {
					t.Errorf("%s in %s at %d × %d: the Share card ends at %d px, want at most %d", s.Name, language.Tag, screen.width, screen.height, end, screen.most)
				}
			}
		}
	}
	if measured < 20 {
		t.Errorf("only %d samples have a Share card", measured)
	}
}
