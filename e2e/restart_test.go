package e2e_test

import "testing"

func TestRestartKeepsTheSession(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	b.create("INC0012777", "Before the restart", "10:00", "10:30")

	d.restart()

	b.open("/", 200)
	b.sees("Priya Nair", "INC0012777")
	b.create("INC0012778", "After the restart", "11:00", "11:30")
	b.sees("Created", "INC0012778")
	b.fill("INC0012777", "Before the restart", "10:00", "10:30")
	b.followTo("Create meeting", 409)
	b.sees("You have a meeting for INC0012777")
	b.follow("Compare with what I entered")
	b.sees("Found") // the emulator still has the meeting, so its data also survived the restart
}
