package e2e_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// nextWeek returns the date a week from now, in the format of a date field.
func nextWeek() string { return time.Now().AddDate(0, 0, 7).Format(time.DateOnly) }

// signIn opens the desk and chooses a person on the provider's page.
func (b *browser) signIn(name string) {
	b.t.Helper()
	b.open("/", 200)
	b.sees("Pick an account")
	b.follow(name)
	b.sees(name)
}

// signOut signs out of the desk and the provider, and waits until the provider has
// redirected the browser back to the desk.
func (b *browser) signOut(button string) {
	b.t.Helper()
	b.openPersonMenu()
	b.follow(button)
	do(b, "come back from the provider", chromedp.WaitVisible(`main a[href^="/auth/login"]`))
}

// openPersonMenu opens the menu that contains the button for signing out.
func (b *browser) openPersonMenu() {
	b.t.Helper()
	do(b, "open the person's menu", chromedp.Evaluate[bool](`document.querySelector(".me").open = true`))
}

// create fills in and submits the form for a meeting next week.
func (b *browser) create(ticket, subject, start, end string) {
	b.t.Helper()
	b.fill(ticket, subject, start, end)
	b.follow("Create meeting")
}

// fill fills in the form for a meeting next week.
func (b *browser) fill(ticket, subject, start, end string) {
	b.t.Helper()
	b.follow("New meeting")
	b.write("Ticket number (external ID)", ticket)
	b.write("Subject (optional)", subject)
	b.choose("Date", nextWeek())
	b.choose("Start", start)
	b.choose("End", end)
	b.clear("End date") // shortly before midnight, the desk proposes an end date
	b.choose("Time zone", "Europe/Lisbon")
}

// TestMainJob creates a meeting and changes its time. It then finds the meeting in two
// ways: by entering its ticket in a new form and by searching as the help desk.
func TestMainJob(t *testing.T) {
	t.Parallel()
	openBrowser(t, startDesk(t)).mainJob()
}

func (b *browser) mainJob() {
	b.t.Helper()
	b.signIn("Priya Nair")

	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.sees("Created", "INC0012777", "Keyboard without a Tab key", "10:00", "10:30", "Priya Nair")

	b.follow("Change")
	b.choose("Start", "11:00")
	b.choose("End", "11:30")
	b.follow("Save changes")
	b.sees("Changed", "What changed", "10:00", "11:00", "11:30", "Put back")
	do(b, "reload", chromedp.Reload())
	b.lacks("Microsoft confirmed it")

	b.fill("INC-0012777", "Another subject for the same ticket", "15:00", "16:00")
	b.followTo("Create meeting", 409)
	b.sees("A meeting for this ticket already exists", "You have a meeting for INC-0012777", "11:00", "Open it", "Create another (INC0012777~2)")
	b.follow("Compare with what I entered")
	b.sees("Found: this meeting existed already", "What you asked for, and what exists",
		"Another subject for the same ticket", "Keyboard without a Tab key", "11:00", "15:00")

	b.signOut("Sign out")
	b.sees("You are signed out")

	b.signIn("Dana Whitfield")
	b.write("Find a meeting", "inc-0012777")
	b.follow("Find")
	b.sees("INC0012777", "Priya Nair", "Keyboard without a Tab key", "Only the organizer can change this meeting.")
	if b.offers("Change") {
		b.t.Error("the help desk is offered to change a colleague's meeting")
	}
}
