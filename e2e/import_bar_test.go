package e2e_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"meetdesk/testenv"
)

// TestImportBar checks that an import's page shows how long the desk must wait when Graph
// throttles it, and that the progress bar still works after a visit to the home page. The
// page must announce progress at most once for every tenth of the rows.
func TestImportBar(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	d := startSecureDesk(t)
	b := openBrowser(t, d.desk)
	b.signIn("Priya Nair")
	b.before(`addEventListener("DOMContentLoaded", () => {
		const said = document.getElementById("said");
		window.heard = [];
		window.updates = 0;
		if (said) new MutationObserver(() => heard.push(said.textContent)).observe(said, { childList: true });
		if (document.querySelector("progress")) new MutationObserver(() => updates++).observe(document.querySelector("main"), { childList: true });
	})`)
	rows := []string{"Ticket\tDate\tStart\tMinutes"}
	for i := range 100 {
		rows = append(rows, "BAR"+strconv.Itoa(i)+"\t"+nextWeek()+"\t10:00\t30")
	}
	b.open("/imports/new", 200)
	b.write("Or paste rows", strings.Join(rows, "\n"))
	b.choose("Time zone", "Europe/Lisbon")
	b.follow("Check the rows")
	d.control("PUT", "latency", `{"milliseconds": 1500}`, nil)
	d.control("POST", "failures", `{"route": "POST /me/onlineMeetings/createOrGet", "status": 429, "headers": {"Retry-After": "6"}}`, nil)
	b.follow("Start: create 100 meetings")
	b.waitFor("because Microsoft asked for it.")
	if said := regexp.MustCompile(`Waiting [1-6] seconds?, because Microsoft asked for it\.`).FindString(b.text()); said == "" {
		t.Errorf("the page does not say how long the import waits:\n%s", b.text())
	}

	b.open("/", 200)
	b.sees("Pasted rows", "Running")
	b.follow("Pasted rows")
	role := do(b, "read the role of the bar", chromedp.Evaluate[string](`document.querySelector("progress").ariaValueText ?? document.querySelector("progress").getAttribute("aria-valuetext")`))
	if !strings.Contains(role, " of 100 processed") {
		t.Errorf("the bar says %q", role)
	}
	b.waitWithout("because Microsoft asked for it")
	for end := time.Now().Add(patience); b.number("updates") < 8 && time.Now().Before(end); {
		time.Sleep(100 * time.Millisecond)
	}
	var tenths []int
	for _, text := range strings.Split(do(b, "read what was announced", chromedp.Evaluate[string](`heard.join("|")`)), "|") {
		done, _, _ := strings.Cut(text, " of 100 processed")
		n, err := strconv.Atoi(done)
		if err != nil {
			t.Fatalf("%q was announced", text)
		}
		tenths = append(tenths, n/10)
	}
	if updates := b.number("updates"); updates < 8 || len(tenths) >= updates || len(slices.Compact(slices.Clone(tenths))) != len(tenths) {
		t.Errorf("after %d updates, the announced tenths are %v", updates, tenths)
	}
	b.follow("Cancel the import")
	b.sees("Cancelled")
	d.control("PUT", "latency", `{"milliseconds": 0}`, nil)
}
