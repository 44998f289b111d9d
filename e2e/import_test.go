package e2e_test

import (
	"strings"
	"testing"
)

// importRows creates meetings from pasted rows and calls look on each page. One of the rows
// has the given ticket, which must already have a meeting.
func (b *browser) importRows(ticket string, look func(page string)) {
	b.t.Helper()
	b.open("/", 200)
	b.follow("Create many meetings at once")
	look("import-new")
	b.followTo("Check the rows", 422)
	b.sees("There are no rows")
	look("import-unread")
	b.write("Or paste rows", strings.Join([]string{
		"Ticket\tSubject\tDate\tStart\tMinutes\tRoom",
		"BULK1\tFirst\t" + nextWeek() + "\t10:00\t30\tA",
		"BULK2\tSecond\t" + nextWeek() + "\tten\t30\tB",
		ticket + "\tThird\t" + nextWeek() + "\t11:00\t30\tC",
	}, "\n"))
	b.choose("Time zone", "Europe/Lisbon")
	b.follow("Check the rows")
	b.sees("1 meeting will be created, 1 exists already, 1 row has problems.", "These columns are ignored: Room.")
	look("import-check")
	b.choose("Start", "10:30")
	b.follow("Check again")
	b.sees("2 meetings will be created, 1 exists already.")
	b.follow("Start: create 2 meetings")
	b.waitFor("3 of 3 processed")
	b.sees("Completed", "BULK2")
	look("import")
	b.follow("Print all invitations")
	b.sees("3 invitations")
	look("import-invitations")
	b.open("/", 200)
	b.sees("Pasted rows")
	b.open("/imports", 200)
	look("imports")
}

func TestImportPages(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.create("INC0054321", "Before", "10:00", "10:30")
	b.importRows("INC0054321", func(page string) { b.checkPage(page, axe) })
}
