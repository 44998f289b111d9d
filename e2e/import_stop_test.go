package e2e_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// TestStoppedImport pauses an import while Graph is slow, with and without scripts. The
// page must not show a rate until it is known. After the pause, it must wait for the rows
// that were already sent and then show the right counts. If the import's session is ended
// from another browser, it must be possible to continue the import there.
func TestStoppedImport(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	for name, scripts := range map[string]bool{"scripts": true, "no scripts": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startSecureDesk(t)
			b := openBrowser(t, d.desk)
			if !scripts {
				b.withoutScripts()
			}
			b.signIn("Priya Nair")
			rows := []string{"Ticket\tDate\tStart\tMinutes"}
			for i := range 60 {
				rows = append(rows, "STOP"+strconv.Itoa(i)+"\t"+nextWeek()+"\t10:00\t30")
			}
			b.open("/imports/new", 200)
			b.write("Or paste rows", strings.Join(rows, "\n"))
			b.choose("Time zone", "Europe/Lisbon")
			b.follow("Check the rows")
			d.control("PUT", "latency", `{"milliseconds": 3000}`, nil)
			b.follow("Start: create 60 meetings")
			b.lacks("a minute")
			b.waitFor("rows a minute")
			const most = 8 * 60 / 3 // eight rows at a time, each of which takes at least three seconds
			if rate := numberBefore(t, b.text(), "rows a minute"); rate < 10 || rate > most*5/4 {
				t.Errorf("the page shows %d rows a minute, but Graph allows at most %d:\n%s", rate, most, b.text())
			}
			b.follow("Pause")
			b.sees("You paused the import.", "already sent to Microsoft")
			b.waitWithout("already sent to Microsoft")
			b.sees("Paused")
			done, left := numberBefore(t, b.text(), "of 60 processed"), numberAfter(t, b.text(), "Remaining")
			if done+left != 60 || done == 0 || left == 0 {
				t.Errorf("%d rows are done and %d remain:\n%s", done, left, b.text())
			}
			b.follow("Continue")

			other := openBrowser(t, d.desk)
			other.signIn("Priya Nair")
			other.open("/sessions", 200)
			other.follow("End all other sessions")
			other.open("/imports", 200)
			other.sees("You ended the session that the import was using.")
			other.follow("Pasted rows")
			other.follow("Continue")
			d.control("PUT", "latency", `{"milliseconds": 0}`, nil)
			other.waitFor("60 of 60 processed")
		})
	}
}

func numberBefore(t *testing.T, text, words string) int { return numberIn(t, text, `(\d+)\s+`+words) }
func numberAfter(t *testing.T, text, words string) int  { return numberIn(t, text, words+`\s+(\d+)`) }

func numberIn(t *testing.T, text, pattern string) int {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("nothing matches %s in:\n%s", pattern, text)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
