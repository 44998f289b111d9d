package e2e_test

import "testing"

func TestImportWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.withoutScripts()
	b.signIn("Priya Nair")
	b.create("INC0054321", "Before", "10:00", "10:30")
	b.importRows("INC0054321", func(string) {})
}
