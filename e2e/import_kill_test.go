package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// examRows returns a table with 200 rows below the header. Each of the first seven rows
// has a different kind of problem.
func examRows() string {
	wrong := []struct{ ticket, date, start, minutes, zone, people, lobby string }{
		{ticket: " "}, {date: "31/31/2027"}, {start: "ten"}, {minutes: "2000"}, {zone: "Mars/Olympus"}, {people: "ana@"}, {lobby: "nobody"},
	}
	var b strings.Builder
	b.WriteString("Ticket;Subject;Date;Start;Minutes;Time zone;People;Lobby\r\n")
	for i := range 200 {
		cells := []string{fmt.Sprintf("EXAM%04d", i+1), fmt.Sprintf("Exam “%d”", i+1), nextWeek(), "10:00", "30", "Europe/Lisbon", "", ""}
		if i < len(wrong) {
			w := wrong[i]
			for at, cell := range []string{w.ticket, "", w.date, w.start, w.minutes, w.zone, w.people, w.lobby} {
				if cell != "" {
					cells[at] = cell
				}
			}
		}
		b.WriteString(strings.Join(cells, ";") + "\r\n")
	}
	return b.String()
}

// TestImportSurvivesKill uploads a file, corrects its seven problems and kills the desk
// while it creates the meetings. After a restart, the import must continue without
// creating any meeting twice.
func TestImportSurvivesKill(t *testing.T) {
	t.Parallel()
	d := startSecureDesk(t)
	b := openBrowser(t, d.desk)
	b.signIn("Priya Nair")
	file := filepath.Join(t.TempDir(), "exams.csv")
	if err := os.WriteFile(file, []byte(examRows()), 0o600); err != nil {
		t.Fatal(err)
	}
	b.open("/imports/new", 200)
	do(b, "choose the file", chromedp.SetUploadFiles(`input[type="file"]`, []string{file}))
	b.choose("Time zone", "Europe/Lisbon")
	b.follow("Check the rows")
	do(b, "show all problems", chromedp.Click("#problems summary"))
	b.sees("193 meetings will be created, 7 rows have problems.", "Row 2, Ticket number", "Row 3, Date", "Row 4, Start", "Row 5, Length", "Row 6, Time zone", "Row 7, People", "Row 8, Lobby")
	for input, value := range map[string]string{
		"r1.external_id": "EXAM0001", "r2.date": nextWeek(), "r3.start": "10:00", "r4.duration": "30", "r5.time_zone": "Europe/Lisbon", "r6.attendees": "ana@fabrikam.example", "r7.lobby": "invited",
	} {
		do(b, "correct "+input, chromedp.SetValue(`[id="`+input+`"]`, value))
	}
	b.follow("Check again")
	b.sees("200 meetings will be created.")

	var meetings []struct {
		ExternalID string `json:"externalId"`
	}
	d.control("PUT", "latency", `{"milliseconds": 100}`, nil)
	b.follow("Start: create 200 meetings")
	for end := time.Now().Add(3 * patience); len(meetings) < 20 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		d.control("GET", "meetings", "", &meetings)
	}
	d.control("PUT", "latency", `{"milliseconds": 60000}`, nil) // so that no more rows are completed
	do(b, "leave the page", chromedp.Navigate("about:blank"))
	if d.control("GET", "meetings", "", &meetings); len(meetings) < 20 || len(meetings) == 200 {
		t.Errorf("the desk is killed after %d meetings", len(meetings))
	}
	d.control("PUT", "latency", `{"milliseconds": 0}`, nil)
	d.killAndServe()

	b.open("/", 200)
	b.follow("exams.csv")
	for range 40 { // the import may take longer than patience on a busy machine
		if strings.Contains(b.text(), "200 of 200 processed") {
			break
		}
		time.Sleep(patience / 5)
		b.open("/imports/1", 200)
	}
	b.waitFor("200 of 200 processed")
	b.sees("Completed")
	d.control("GET", "meetings", "", &meetings)
	seen := make(map[string]bool)
	for _, m := range meetings {
		seen[m.ExternalID] = true
	}
	if len(meetings) != 200 || len(seen) != 200 {
		t.Errorf("Microsoft has %d meetings with %d external IDs, want 200", len(meetings), len(seen))
	}
	result := b.evaluateLong(`fetch("/imports/1/result.csv").then((r) => r.text())`)
	if n := strings.Count(result, "https://teams.microsoft.com/"); n != 200 {
		t.Errorf("the result has %d join links, want 200:\n%.2000s", n, result)
	}
}
