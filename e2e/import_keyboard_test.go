package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestImportByKeyboard uses the keyboard to submit pasted rows, correct one of them and
// create the meetings. Only the rows and the time zone are set without typing.
func TestImportByKeyboard(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.open("/imports/new", 200)
	b.tabTo("Or paste rows")
	b.choose("Or paste rows", strings.Join([]string{ // not typed, because Tab would move the focus
		"Ticket\tSubject\tDate\tStart\tMinutes",
		"BULK1\tFirst\t" + nextWeek() + "\t10:00\t30",
		"BULK2\tSecond\t" + nextWeek() + "\tten\t30",
	}, "\n"))
	b.choose("Time zone", "Europe/Lisbon")
	b.tabTo("Check the rows")
	b.pressTo(kb.Enter, 200)
	b.sees("1 meeting will be created, 1 row has problems.")
	b.tabTo("Start")
	b.press("a", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	b.press("10:30")
	b.tabTo("Check again")
	b.pressTo(kb.Enter, 200)
	b.sees("2 meetings will be created.")
	b.tabTo("Start: create 2 meetings")
	b.pressTo(kb.Enter, 200)
	b.waitFor("2 of 2 processed")
	b.tabTo("Print all invitations")
	b.pressTo(kb.Enter, 200)
	b.sees("2 invitations")
}

func TestImportOnAPhone(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.touches = true
	do(b, "make it a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.signIn("Priya Nair")
	b.create("INC0054321", "Before", "10:00", "10:30")
	b.importRows("INC0054321", func(page string) {
		if small := b.smallTargets(); len(small) > 0 {
			t.Errorf("%s has small targets:\n%s", page, strings.Join(small, "\n"))
		}
		if wide := do(b, "measure the page", chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`)); wide > 0 {
			t.Errorf("%s is %d pixels too wide", page, wide)
		}
	})
}
