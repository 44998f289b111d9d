package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// zoneIs returns a script that makes the browser report the given time zone as its own. The
// name is a JavaScript expression.
func zoneIs(name string) string {
	return `Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, { apply(format, self, [language, options]) {
		return options?.timeZone === undefined ? { resolvedOptions: () => ({ timeZone: ` + name + ` }) } : format.call(self, language, options);
	} })`
}

// TestBrowserWithAnUnusualZone checks that the form recognizes alternative names for the
// time zones in its list. If the browser's zone is not in the list, the form must neither
// select that zone nor offer it.
func TestBrowserWithAnUnusualZone(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	d.forgetZones()
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	b.open("/meetings/new", 200)
	listed := b.zones()
	oddities := map[string]struct{ script, want string }{
		"Etc/Unknown":             {zoneIs(`"Etc/Unknown"`), ""},
		"the text undefined":      {zoneIs(`"undefined"`), ""},
		"undefined":               {zoneIs(`undefined`), ""},
		"null":                    {zoneIs(`null`), ""},
		"an empty name":           {zoneIs(`""`), ""},
		"an unknown name":         {zoneIs(`"Mars/Olympus"`), ""},
		"a name not in the list":  {zoneIs(`"Etc/GMT-5"`), ""},
		"an offset":               {zoneIs(`"+05:30"`), ""},
		"a name in Chinese":       {zoneIs(`"亞洲/東京"`), ""},
		"one zone for every call": {`Intl.DateTimeFormat.prototype.resolvedOptions = () => ({ timeZone: "US/Pacific" })`, ""},
		"no Intl":                 {`delete globalThis.Intl`, ""},
		"an Intl that throws":     {`Intl.DateTimeFormat = () => { throw new Error("no") }`, ""},
		"an Intl without zones":   {`Intl.DateTimeFormat.prototype.resolvedOptions = () => ({})`, ""},
		"an old name":             {zoneIs(`"US/Pacific"`), "America/Los_Angeles"},
		"another old name":        {zoneIs(`"Portugal"`), "Europe/Lisbon"},
		"a name from before 2001": {zoneIs(`"Asia/Calcutta"`), "Asia/Calcutta"},
		"its current name":        {zoneIs(`"Asia/Kolkata"`), "Asia/Kolkata"}, // Chromium calls this zone Asia/Calcutta
		"a name from 2022":        {zoneIs(`"Europe/Kyiv"`), "Europe/Kyiv"},
		"in lower case":           {zoneIs(`"asia/tokyo"`), "Asia/Tokyo"},
		"UTC":                     {zoneIs(`"Etc/UTC"`), "UTC"},
	}
	for name, odd := range oddities {
		t.Run("chosen/"+name, func(t *testing.T) {
			b := b.of(t)
			defer b.before(odd.script)()
			b.open("/meetings/new", 200)
			if zone := b.value("Time zone"); zone != odd.want {
				t.Errorf("%q is chosen, want %q", zone, odd.want)
			}
			if zones := b.zones(); !slices.Equal(zones, listed) {
				t.Errorf("%d zones are offered, want the server's %d", len(zones), len(listed))
			}
			b.wantLengths()
		})
	}
	b.open("/meetings/new", 200)
	b.choose("Time zone", "Europe/Lisbon")
	b.create("INC0012888", "Keyboard without a Tab key", "10:00", "10:30")
	for name, odd := range oddities {
		t.Run("offered/"+name, func(t *testing.T) {
			b := b.of(t)
			defer b.before(odd.script)()
			b.open("/meetings/new", 200)
			b.wantLengths()
			if odd.want == "" || odd.want == "Europe/Lisbon" {
				b.lacks("Use your browser")
			} else {
				b.click("Use your browser’s zone, " + odd.want)
			}
			if zone := b.value("Time zone"); odd.want != "" && zone != odd.want || odd.want == "" && zone != "Europe/Lisbon" {
				t.Errorf("the zone is %q", zone)
			}
		})
	}
}

// TestBrowserLacksAFeature checks that a missing browser feature affects only the parts of
// the page that depend on it.
func TestBrowserLacksAFeature(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.useClipboard()
	made := do(b, "read the address", chromedp.Location())
	for name, tt := range map[string]struct{ script, lost string }{
		"nothing":              {``, ""},
		"Intl":                 {`delete globalThis.Intl`, "zone"},
		"the clipboard":        {`Object.defineProperty(navigator, "clipboard", { value: undefined })`, "copy"},
		"clipboard access":     {`Object.defineProperty(navigator, "clipboard", { get() { throw new Error("no") } })`, "copy"},
		"ClipboardItem":        {`delete globalThis.ClipboardItem`, ""},
		"rich text":            {`Clipboard.prototype.write = () => Promise.reject(new Error("no"))`, ""},
		"storage":              {`for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { get() { throw new Error("no") } })`, ""},
		"FormData":             {`delete globalThis.FormData`, "summary"},
		"fetch":                {`delete globalThis.fetch`, "summary guard"},
		"DOMParser":            {`delete globalThis.DOMParser`, "guard"},
		"toISOString":          {`delete Date.prototype.toISOString`, "lengths"},
		"getSelection":         {`delete globalThis.getSelection`, ""},
		"a select's options":   {`Object.defineProperty(HTMLSelectElement.prototype, "options", { get() { throw new Error("no") } })`, "zone"},
		"an element's closest": {`Element.prototype.closest = () => { throw new Error("no") }`, "lengths summary"},
	} {
		t.Run(name, func(t *testing.T) {
			b := b.of(t)
			defer b.before(tt.script)()
			b.travel("Asia/Dubai")
			var lost []string
			check := func(feature string, works bool) {
				if !works {
					lost = append(lost, feature)
				}
			}
			b.open(strings.TrimPrefix(made, b.desk.url), 200)
			check("print", b.comes(`!document.querySelector("[data-print]").hidden`))
			b.click("Copy invitation")
			check("copy", b.comes(`document.querySelector("[data-copy=invitation] [data-word]").textContent === "Copied"`))
			b.open("/meetings/new", 200)
			check("zone", b.comes(`!document.getElementById("offer").hidden`))
			b.choose("Date", "2027-03-03")
			check("lengths", b.comes(`(() => {
				const other = document.querySelector("[data-lengths] [value=\"45\"]"); other.click(); return other.ariaPressed === "true"; })()`))
			check("summary", b.comes(`document.getElementById("made").textContent.includes("3 Mar 2027")`))
			b.write("Ticket number (external ID)", "REQ0004423")
			b.leave()
			check("guard", b.comes(`document.getElementById("guard").textContent.includes("Tomás")`))
			check("finder", b.comes(`!document.querySelector("[data-people]").hidden`))
			slices.Sort(lost)
			want := strings.Fields(tt.lost)
			slices.Sort(want)
			if !slices.Equal(lost, want) {
				t.Errorf("without it %q do not work, want %q", lost, want)
			}
			b.complaints.forget() // the console reports the missing feature
		})
	}
}

// before makes every page run the given script before the page's own scripts, until the
// returned function is called.
func (b *browser) before(script string) (end func()) {
	b.t.Helper()
	added := call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	return func() {
		call(b, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams(added))
	}
}

// of returns a copy of the browser that reports failures to the subtest t.
func (b *browser) of(t *testing.T) *browser {
	part := *b
	part.t = t
	return &part
}

// comes waits up to two seconds for the JavaScript expression to become true and reports
// whether it did.
func (b *browser) comes(expression string) bool {
	b.t.Helper()
	for end := time.Now().Add(2 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if do(b, "look for "+expression, chromedp.Evaluate[bool](expression)) {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

func (b *browser) zones() []string {
	b.t.Helper()
	return do(b, "read the list", chromedp.Evaluate[[]string](`[...document.getElementById("time_zone").querySelectorAll("option")].map(o => o.value)`))
}

func (b *browser) wantLengths() {
	b.t.Helper()
	if !b.comes(`!document.querySelector("[data-lengths]").hidden`) {
		b.t.Error("the lengths of a meeting are not offered")
	}
}
