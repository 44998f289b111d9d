package e2e_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A colleague's ticket: the form says so after leaving the field, and theirs can
// be used without ever sending it.
func TestTheFormSaysThatAColleagueHasAMeeting(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.follow("New meeting")
	b.write("Ticket number (external ID)", "req-0004423")
	b.leave()
	b.waitFor("Tomás Oliveira")
	b.sees("Use this one")
	b.lacks("Instalação")
	do(b, "type on", chromedp.SendKeys(field("Ticket number (external ID)"), "9")) // nobody's
	b.leave()
	b.waitWithout("Tomás Oliveira")
	b.follow("New meeting")
	b.write("Ticket number (external ID)", "REQ0004423")
	b.leave()
	b.waitFor("Tomás Oliveira")
	b.follow("Use this one")
	b.sees("Instalação do leitor de cartões", "Join", "Copy link")
	b.lacks("What was done")
	b.follow("Home")
	b.sees("REQ0004423")
}

// Without scripts it is a page between the form and the call.
func TestTheGuardWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.signIn("Priya Nair")
	b.fill("REQ0004423", "Mine all the same", "10:00", "10:30")
	b.followTo("Create meeting", 409)
	b.sees("There is a meeting for this ticket already", "Tomás Oliveira", "Nothing has been made yet")
	b.follow("Make mine anyway")
	b.sees("Created", "Mine all the same", "Tomás Oliveira")
}

// leave takes the focus out of the field, as the Tab key does.
func (b *browser) leave() {
	b.t.Helper()
	do(b, "leave the field", chromedp.KeyEvent("\t"))
}
