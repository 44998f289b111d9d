package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestHelpDeskCreatesForAColleague checks that the help desk can create, refresh and
// remove a meeting for a colleague. The colleague's history must list the removed meeting.
func TestHelpDeskCreatesForAColleague(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Dana Whitfield")
	b.fill("INC0012801", "New chair", "10:00", "10:30")
	b.choose("Organizer", "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01")
	b.write("People (optional)", "alex")
	b.waitFor("Alex Admin")
	do(b, "choose the person", chromedp.Click(`//*[@role="option"][contains(normalize-space(), "Alex Admin")]`))
	if people := b.lines(); people != "Alex Admin <alex@contoso.example>" {
		t.Fatalf("the people are %q", people)
	}
	b.follow("Create meeting")
	b.sees("Created", "New chair", "Priya Nair", "Created by", "Alex Admin")
	b.lacks("Unresolved")
	b.follow("Refresh")
	b.sees("nothing has changed")
	b.follow("Remove…")
	b.sees("Remove this meeting?", "may go on working")
	b.follow("Remove the meeting")
	b.sees("Removed")
	b.signOut("Sign out")
	b.signIn("Priya Nair")
	b.follow("History")
	b.sees("INC0012801", "Removed")
}
