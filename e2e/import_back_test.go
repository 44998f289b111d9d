package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"meetdesk/testenv"
)

// TestBackKeepsPastedRows checks that going back from a dry run restores the pasted rows
// and the time zone, with and without the back/forward cache. A page cannot restore the
// chosen file.
func TestBackKeepsPastedRows(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	file := filepath.Join(t.TempDir(), "exams.csv")
	if err := os.WriteFile(file, []byte("Ticket\nBACK1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rows := "Ticket\tNotes\n" + strings.TrimSpace(strings.Repeat("BACK1\t"+strings.Repeat("x", 3000)+"\n", 1000))
	for _, tt := range []struct{ file, script string }{
		{"", ""},
		{file, `addEventListener("unload", () => {})`}, // disables the back/forward cache
	} {
		end := b.before(tt.script)
		b.open("/imports/new", 200)
		do(b, "paste 3 MB", chromedp.SetValue(`#rows`, rows))
		b.choose("Time zone", "Asia/Kolkata")
		if tt.file != "" {
			do(b, "choose the file", chromedp.SetUploadFiles(`input[type="file"]`, []string{tt.file}))
		}
		b.follow("Check the rows")
		b.back()
		zone := do(b, "read the time zone", chromedp.Evaluate[string](`document.getElementById("time_zone").value`))
		if n := b.number(`document.getElementById("rows").value.length`); n != len(rows) || zone != "Asia/Kolkata" {
			t.Errorf("with the file %q, the form has %d characters of rows, want %d, and the time zone %s", tt.file, n, len(rows), zone)
		}
		end()
	}
}
