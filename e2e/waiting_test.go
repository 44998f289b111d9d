package e2e_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"meetdesk/emulator/control"
)

const stillWaiting = "Still waiting. Nothing is created twice."

func (d *desk) setLatency(ms int) {
	d.t.Helper()
	r, err := http.NewRequest(http.MethodPut, "http://"+d.emulator+control.Path+"latency", strings.NewReader(`{"milliseconds":`+strconv.Itoa(ms)+`}`))
	if err != nil {
		d.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		d.t.Fatalf("latency: status %d", resp.StatusCode)
	}
}

// TestBusyButton checks that pressing the button twice submits the form only once. The
// button must look busy, and a message must appear after a delay.
func TestBusyButton(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.fill("INC0012777", "Keyboard", "10:00", "10:30")
	const button = `document.querySelector("button[data-busy='Creating…']")`
	state := func() string {
		t.Helper()
		return do(b, "read the button", chromedp.Evaluate[string](`(b => [b.textContent.trim(), b.ariaBusy, b.inert].join(" "))(`+button+`)`))
	}
	ready := state()
	sent := do(b, "press twice", chromedp.Evaluate[int](`(() => {
		let sent = 0;
		addEventListener("submit", (event) => { if (!event.defaultPrevented) sent++; event.preventDefault(); });
		`+button+`.click();
		`+button+`.click();
		return sent;
	})()`))
	if got := state(); sent != 1 || got != "Creating… true true" {
		t.Errorf("sent %d times, and the button is %q", sent, got)
	}
	b.lacks(stillWaiting)
	b.waitFor(stillWaiting)
	if role := do(b, "find the live region", chromedp.Evaluate[string](`[...document.querySelectorAll("[role=status]")].find(e => e.textContent === "`+stillWaiting+`")?.checkVisibility() + ""`)); role != "true" {
		t.Errorf("the live region is visible: %s", role)
	}
	if axe := readAxe(t); axe != "" {
		for _, violation := range b.violations(axe, everyRule) {
			t.Error(violation)
		}
	}
	do(b, "come back", chromedp.Evaluate[bool](`dispatchEvent(new PageTransitionEvent("pageshow"))`))
	if got := state(); got != ready {
		t.Errorf("after coming back, the button is %q, want %q", got, ready)
	}
	b.lacks(stillWaiting)
}

// TestWaitingPage checks, with and without scripts, that the waiting page appears and then
// gives way to the new meeting. With scripts, no button may remain busy after the user
// navigates back to the form.
func TestWaitingPage(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"scripts": true, "no scripts": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startDesk(t)
			b := openBrowser(t, d)
			if !scripts {
				b.withoutScripts()
			}
			b.signIn("Priya Nair")
			b.fill("INC0012777", "Keyboard", "10:00", "10:30")
			d.setLatency(5000)
			b.follow("Create meeting")
			b.sees("Waiting for Microsoft", stillWaiting)
			b.waitFor("Created")
			d.setLatency(0)
			if !scripts {
				return
			}
			for range 2 { // going back takes two steps if the waiting page is in the browser's history
				if address, _, ok := b.back(); !ok || strings.HasSuffix(address, "/meetings/new") {
					break
				}
			}
			if busy := do(b, "look for a busy button", chromedp.Evaluate[bool](`!!document.querySelector("[aria-busy], button[inert]")`)); busy {
				t.Error("a button is still busy after going back")
			}
		})
	}
}

// TestWaitingPageIsAccessible checks the waiting page with checkPage. It disables fetch
// to keep the page from opening the meeting during the checks.
func TestWaitingPageIsAccessible(t *testing.T) {
	t.Parallel()
	axe, d := readAxe(t), startDesk(t)
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	b.fill("INC0012777", "Keyboard", "10:00", "10:30")
	d.setLatency(5000)
	b.follow("Create meeting")
	do(b, "stop the page", chromedp.Evaluate[bool](`fetch = () => new Promise(() => {}); true`))
	b.sees(stillWaiting)
	b.checkPage("waiting", axe)
	d.setLatency(0)
}
