package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPresetFillsInTheForm checks that a preset fills in the form, whether it is selected
// by the user or by the ticket's prefix. It must not replace a subject entered by the user.
func TestPresetFillsInTheForm(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.open("/meetings/new", 200)
	wantValue := func(id, want string) {
		t.Helper()
		if got := do(b, "read "+id, chromedp.Evaluate[string](`document.getElementById("`+id+`").value`)); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	b.choose("Preset", "Remote support")
	b.waitFor("Who can bypass the lobby: Everyone")
	wantValue("subject", "Remote support {ticket}")
	b.write("Ticket number (external ID)", "CHG-7")
	b.press(kb.Tab)
	do(b, "wait for the subject", chromedp.Poll[bool](`document.getElementById("subject").value === "Remote support CHG-7"`))
	wantValue("preset", "Remote support")
	b.choose("Subject (optional)", "Typed")
	b.choose("Preset", "Change review")
	b.waitFor("Record automatically: On")
	wantValue("subject", "Typed")
	b.choose("Preset", "")
	b.waitFor("Organization default")
	wantValue("subject", "Typed")

	b.open("/meetings/new", 200)
	do(b, "wait for the focus", chromedp.Poll[bool](`document.activeElement.id === "external_id"`))
	b.press("CHG-8" + kb.Tab)
	b.waitFor("Record automatically: On")
	wantValue("preset", "Change review")
	wantValue("subject", "Review of CHG-8")
	b.follow("Create meeting")
	b.sees("Created", "Review of CHG-8")
}

// TestPresetWithoutScripts applies a preset with the Apply button. The Enter key must then
// create the meeting instead of applying the preset again.
func TestPresetWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.withoutScripts()
	b.open("/meetings/new?time_zone=Europe/Lisbon", 200)
	b.choose("Preset", "Remote support")
	b.follow("Apply")
	b.write("Ticket number (external ID)", "INC0012777")
	b.pressTo(kb.Enter, 200)
	b.sees("Remote support INC0012777")
}
