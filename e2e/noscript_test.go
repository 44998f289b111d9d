package e2e_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.withoutScripts()
	b.signIn("Priya Nair")
	b.create("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.sees("Created", "INC0012777", "10:00")
	if b.offers("Copy link") {
		t.Error("there is a copy button that cannot work")
	}
	b.follow("Change")
	b.choose("Start", "10:15")
	b.follow("Save changes")
	b.sees("Changed", "10:15")
}

func TestInPortugueseWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.withoutScripts()
	b.portuguese("INC0012777", "Teclado sem a tecla Tab", func(string) {})
}

func (b *browser) withoutScripts() {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}
