package e2e_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// TestFormShowsAColleaguesMeeting checks that the form shows a colleague's meeting when the
// ticket field loses focus. The user must be able to open that meeting without submitting
// the form.
func TestFormShowsAColleaguesMeeting(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.follow("New meeting")
	b.write("Ticket number (external ID)", "req-0004423")
	b.leave()
	b.waitFor("Tomás Oliveira")
	b.sees("Use this one")
	b.lacks("Instalação")
	do(b, "type on", chromedp.SendKeys(field("Ticket number (external ID)"), "9"))
	b.leave()
	b.waitWithout("Tomás Oliveira")
	b.follow("New meeting")
	b.write("Ticket number (external ID)", "REQ0004423")
	b.leave()
	b.waitFor("Tomás Oliveira")
	b.follow("Use this one")
	b.sees("Instalação do leitor de cartões", "Meeting ID", "Copy link")
	b.lacks("What was done")
	b.follow("Home")
	b.sees("REQ0004423")
}

// TestCardIsThereOnLoad checks that a form prefilled by a link shows a colleague's meeting
// on load. Only the meeting's card may have a primary button.
func TestCardIsThereOnLoad(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.open("/meetings/new?external_id=req-0004423&subject=Reader", 200)
	b.waitFor("Tomás Oliveira")
	b.sees("Use this one")
	if at := b.focus(); at != "People (optional)" {
		t.Errorf("the focus is in %q, want the field for people", at)
	}
	if n := do(b, "count primary buttons", chromedp.Evaluate[int](`document.querySelectorAll("main .button.primary").length`)); n != 1 {
		t.Errorf("%d primary buttons, want the card's alone", n)
	}
	b.open("/meetings/new?external_id=REQ0009999", 200)
	b.lacks("Use this one")
}

// TestCardDoesNotMoveAPressedButton checks that a card appears only after a pressed button
// is released. Otherwise the button would move away from the pointer.
func TestCardDoesNotMoveAPressedButton(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.follow("New meeting")
	b.write("Ticket number (external ID)", "REQ0004423")
	const middle = `(() => {
		const r = document.querySelector(".sheet-end .primary").getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`
	at := do(b, "find the button", chromedp.Evaluate[[]float64](middle))
	mouse := input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMousePressed, X: at[0], Y: at[1], Button: input.MouseButtonLeft, ClickCount: 1}
	call(b, input.DispatchMouseEvent, mouse)
	b.waitToBe(`performance.getEntriesByType("resource").some((e) => e.name.endsWith("/meetings/new/guard") && e.responseEnd)`)
	b.waitToBe(`new Promise((done) => setTimeout(() => done(true), 300))`)
	b.lacks("Tomás Oliveira")
	mouse.Type = input.DispatchMouseEventTypeMouseReleased
	b.arrives("release the button", 409, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		call(b, input.DispatchMouseEvent, mouse)
		return chromedp.Void{}, nil
	})
	b.sees("A meeting for this ticket already exists", "Tomás Oliveira")
}

// Without scripts, a separate page shows a colleague's meeting for the ticket and has a
// button to create another meeting.
func TestGuardWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.withoutScripts()
	b.signIn("Priya Nair")
	b.fill("REQ0004423", "Mine all the same", "10:00", "10:30")
	b.followTo("Create meeting", 409)
	b.sees("A meeting for this ticket already exists", "Tomás Oliveira", "Nothing has been created yet")
	b.follow("Create anyway")
	b.sees("Created", "Mine all the same", "Tomás Oliveira")
}

// TestFormShowsOwnMeeting checks that a card with the user's own meeting appears below the
// ticket field. While the card is shown, only it may have a primary button. If the script
// suggested the form's times, the desk must not offer to compare them with the meeting's
// times.
func TestFormShowsOwnMeeting(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.sees("Created")
	const filled = `[...document.querySelectorAll("main .primary")].map(b => b.textContent.trim()).join()`
	wantFilled := func(want string) {
		t.Helper()
		got := ""
		for end := time.Now().Add(patience); got != want && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			got = do(b, "look for filled buttons", chromedp.Evaluate[string](filled))
		}
		if got != want {
			t.Errorf("the filled buttons are %q, want %q", got, want)
		}
	}
	b.follow("New meeting")
	b.write("Ticket number (external ID)", "inc 0012777")
	b.leave()
	b.waitFor("You have a meeting")
	wantFilled("Open it")
	b.click("Create another (INC0012777~2)")
	b.waitWithout("You have a meeting")
	wantFilled("Create meeting")
	if got := b.value("Ticket number (external ID)"); got != "INC0012777~2" {
		t.Errorf("the ticket is %q", got)
	}

	for _, zone := range []string{"America/Sao_Paulo", "Asia/Kathmandu"} {
		call(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
		b.follow("New meeting")
		b.write("Ticket number (external ID)", "INC0012777")
		do(b, "take the browser's zone", chromedp.Evaluate[any](`document.getElementById("offer")?.click()`))
		b.followTo("Create meeting", 409)
		b.sees("You have a meeting", "Keyboard without a Tab key")
		b.lacks("Compare with what I entered")
	}
	b.follow("Open it")
	b.sees("Keyboard without a Tab key", "10:00–10:30")
}

// leave presses Tab to move the focus out of the field.
func (b *browser) leave() {
	b.t.Helper()
	do(b, "leave the field", chromedp.KeyEvent("\t"))
}
