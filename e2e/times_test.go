package e2e_test

import "testing"

func TestTheEndKeepsItsDistanceFromTheStart(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:45")
	b.follow("Change")
	b.choose("Start", "15:30")
	b.follow("Save the change")
	b.sees("Changed", "15:30", "16:15")
}
