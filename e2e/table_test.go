package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// createMany creates n meetings on several days. It uses a script, because filling in the
// form n times would be slow. The first meeting has the longest ticket and subject.
func (b *browser) createMany(n int) {
	b.t.Helper()
	created := do(b, "create meetings", chromedp.Evaluate[int](fmt.Sprintf(`(async () => {
		const parse = (html) => new DOMParser().parseFromString(html, "text/html");
		let created = 0;
		for (let i = 0; i < %d; i++) {
			const page = parse(await (await fetch("/meetings/new")).text()).querySelector("form[action='/meetings']");
			const data = new URLSearchParams(new FormData(page));
			const day = new Date(Date.now() + (1 + i %% 7) * 864e5).toISOString().slice(0, 10);
			for (const [name, value] of Object.entries({ external_id: i ? "REQ" + (70000 + i) : %q, subject: i ? "Printer on the third floor, call " + i : %q, date: day, start: "10:00", end: "10:30", end_date: "" })) data.set(name, value);
			const answer = await fetch("/meetings", { method: "POST", body: data });
			if (/\/meetings\/\d+$/.test(new URL(answer.url).pathname)) created++;
		}
		return created;
	})()`, n, longTicket, longSubject), chromedp.EvalAwaitPromise))
	if created != n {
		b.t.Fatalf("created %d meetings, want %d", created, n)
	}
}

// TestTableOfMeetings checks that a page of the list has 50 rows, each at most two lines
// high. The heading must stay visible while the page scrolls. A click at the end of a row
// must open the meeting.
func TestTableOfMeetings(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.useClipboard("clipboard-read")
	b.signIn("Priya Nair")
	b.createMany(52)
	b.screen(1440, 900, "light")
	for _, path := range []string{"/history?state=upcoming", "/history?q=printer"} {
		b.open(path, 200)
		if rows := b.number(`document.querySelectorAll(".history tbody tr:not(.day)").length`); rows != 50 {
			t.Fatalf("%s has %d rows, want 50", path, rows)
		}
		if height := b.number(`document.documentElement.scrollHeight`); height >= 2300 {
			t.Errorf("%s is %d px high, want less than 2300", path, height)
		}
		if height := b.number(`Math.max(...[...document.querySelectorAll(".history tbody tr")].map(r => Math.round(r.getBoundingClientRect().height)))`); height > 60 {
			t.Errorf("%s has a row of %d px, want two lines at most", path, height)
		}
		if top := b.number(`(document.querySelector(".history tbody:last-child tr:last-child").scrollIntoView(), Math.round(document.querySelector(".history thead th").getBoundingClientRect().top))`); top < -1 {
			t.Errorf("%s: the head of the table is at %d px after scrolling, want it in sight", path, top)
		}
	}

	b.open("/history?state=upcoming", 200)
	do(b, "copy the link of a row", chromedp.Click(`//button[@title="Copy the link of REQ70001"]`))
	b.waitFor("Copied")
	if got := b.clipboard(); !strings.HasPrefix(got, "https://teams.microsoft.com/") {
		t.Errorf("the clipboard has %q, want the join link", got)
	}
	b.arrives("click on the end of a row", 200, chromedp.Click(`//tr[contains(., "REQ70001")]/td[contains(@class, "state")]`))
	b.sees("REQ70001", "Back to the list")

	b.screen(390, 844, "light")
	for _, path := range []string{"/history?state=upcoming", "/history?q=printer", "/"} {
		b.open(path, 200)
		if wide := b.widerThan(390); len(wide) > 0 {
			t.Errorf("%s is wider than a phone: %q", path, wide)
		}
	}
}

func (b *browser) number(expression string) int {
	b.t.Helper()
	return do(b, "measure", chromedp.Evaluate[int](expression))
}
