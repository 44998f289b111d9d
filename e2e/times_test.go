package e2e_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	_ "modernc.org/sqlite"
)

func TestEndMovesWithTheStart(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.fill("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	day := nextWeek()
	next := addDays(day, 1)
	for _, step := range []struct {
		name               string
		do                 func()
		start, end, endDay string
		length             string // label of the length button that must be shown as pressed
	}{
		{"a length", func() { b.click("45 min") }, "10:00", "10:45", "", "45 min"},
		{"another start", func() { b.choose("Start", "15:30") }, "15:30", "16:15", "", "45 min"},
		{"another end", func() { b.choose("End", "17:20") }, "15:30", "17:20", "", ""},
		{"a start close to midnight", func() { b.choose("Start", "23:00") }, "23:00", "00:50", next, ""},
		{"an end before midnight", func() { b.choose("End", "23:40") }, "23:00", "23:40", "", ""},
		{"an end after midnight", func() { b.choose("End", "00:20") }, "23:00", "00:20", next, ""},
		{"a length past midnight", func() { b.click("60 min") }, "23:00", "00:00", next, "60 min"},
		{"another day", func() { b.choose("Date", next) }, "23:00", "00:00", addDays(next, 1), "60 min"},
		{"the first day again", func() { b.choose("Date", day) }, "23:00", "00:00", next, "60 min"},
		{"a start before midnight", func() { b.choose("Start", "09:00") }, "09:00", "10:00", "", "60 min"},
		{"no start", func() { b.empty("Start") }, "", "10:00", "", ""},
		{"a start again", func() { b.choose("Start", "11:00") }, "11:00", "12:00", "", "60 min"},
		{"the shortest", func() { b.click("15 min") }, "11:00", "11:15", "", "15 min"},
	} {
		step.do()
		if start, end, endDay := b.value("Start"), b.value("End"), b.value("End date"); start != step.start || end != step.end || endDay != step.endDay {
			t.Fatalf("%s: from %q to %q, end date %q; want %q to %q, %q", step.name, start, end, endDay, step.start, step.end, step.endDay)
		}
		const pressed = `[...document.querySelectorAll("[data-lengths] [aria-pressed=true]")].map(b => b.textContent.trim()).join()`
		if got := do(b, "look for what is pressed", chromedp.Evaluate[string](pressed)); got != step.length {
			t.Fatalf("%s: the length %q is pressed, want %q", step.name, got, step.length)
		}
	}
	b.follow("Create meeting")
	b.sees("Created", "11:00–11:15")
	b.follow("New meeting")
	b.waitFor("organizer: you")
	if got := do(b, "look for the length", chromedp.Evaluate[string](`document.querySelector("[data-lengths] [aria-pressed=true]")?.textContent`)); got != "15 min" {
		t.Errorf("the length proposed the next time is %q, want 15 min", got)
	}
}

func TestSummaryFollowsTyping(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Dana Whitfield")
	b.fill("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
	b.choose("Date", "2027-03-03")
	b.waitFor("Wed 3 Mar 2027, 10:00–10:30 Europe/Lisbon, organizer: you")
	before := b.formHeight()
	b.choose("Organizer", "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01")
	b.waitFor("organizer: Priya Nair")
	b.choose("Time zone", "Asia/Tokyo")
	b.choose("Start", "08:00")
	b.waitFor("Wed 3 Mar 2027, 08:00–08:30 Asia/Tokyo")
	b.choose("Organizer", "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e02")
	b.waitFor("organizer: Tomás Oliveira")
	b.empty("Organizer")
	b.empty("Start")
	b.empty("End")
	b.empty("Date")
	b.waitFor("Starts now, for 60 minutes, organizer: you")
	b.choose("Date", "2026-03-03")
	b.choose("Start", "08:00")
	b.waitFor("ago.")
	if after := b.formHeight(); after != before {
		t.Errorf("the form is %v px high, and was %v", after, before)
	}
	b.followTo("Create meeting", 422)
	b.sees("The start was", "days ago", "Nothing has been created yet")
	b.follow("Create anyway")
	b.sees("Created", "This meeting starts in the past")
}

// TestBrowsersZone checks that the form offers the browser's time zone if it differs from
// the stored one. The stored zone must stay selected. If the user accepts the offer, the
// form must propose the next half hour in the new zone.
func TestBrowsersZone(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.travel("Asia/Dubai")
	b.open("/", 200)
	b.follow("Alex Admin") // Alex has a stored time zone
	b.follow("New meeting")
	b.waitFor("Use your browser’s zone, Asia/Dubai")
	if zone := b.value("Time zone"); zone != "Europe/Lisbon" {
		t.Fatalf("the zone is %s, want the one remembered", zone)
	}
	b.click("Use your browser’s zone, Asia/Dubai")
	b.waitToBe(`document.getElementById("made").textContent.includes("Asia/Dubai")`)
	b.wantNextHalfHour("Asia/Dubai")
	b.lacks("Use your browser")
	b.write("Ticket number (external ID)", "INC0012888")
	b.follow("Create meeting")
	b.sees("Created", "Asia/Dubai")
	b.follow("New meeting")
	b.waitFor("Use your browser’s zone, Asia/Dubai") // a meeting's zone does not change the stored one

	t.Run("typed times stay unchanged", func(t *testing.T) {
		b.travel("America/New_York")
		b.follow("New meeting")
		b.choose("Date", "2027-03-03")
		b.choose("Start", "10:00")
		b.click("Use your browser’s zone, America/New_York")
		b.waitFor("Wed 3 Mar 2027, 10:00")
		b.waitToBe(`document.getElementById("made").textContent.includes("America/New_York")`)
	})
	t.Run("the zone in a link takes precedence", func(t *testing.T) {
		b.open("/meetings/new?date=2027-03-03&start=10:00&time_zone=Europe/Lisbon", 200)
		b.waitFor("Wed 3 Mar 2027, 10:00")
		b.lacks("Use your browser")
	})
}

func TestBrowsersZoneTheFirstTime(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	d.forgetZones()
	b := openBrowser(t, d)
	b.travel("Australia/Lord_Howe")
	b.signIn("Priya Nair")
	b.follow("New meeting")
	b.waitToBe(`document.getElementById("made").textContent.includes("Australia/Lord_Howe")`)
	b.wantNextHalfHour("Australia/Lord_Howe")
	b.write("Ticket number (external ID)", "INC0012888")
	b.follow("Create meeting")
	b.sees("Created", "Australia/Lord_Howe")
}

// TestDaysOnWhichClocksChange checks that the form rejects a local time that does not
// exist. If a local time occurs twice, the form must ask which occurrence is meant.
func TestDaysOnWhichClocksChange(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	for _, tt := range []struct {
		zone                  string
		gap, never, neverEnd  string // a date, a local time that does not exist on that date, and a valid end time
		fold, twice, twiceEnd string // a date, an ambiguous local time on that date, and a later time
		first, firstEnd       string // the first occurrence and the end, in UTC
		offset, offsetThen    string // the UTC offsets of the two occurrences
	}{
		{"Europe/Lisbon", "2027-03-28", "01:30", "02:30", "2027-10-31", "01:30", "02:30", "00:30", "02:30", "+01:00", "+00:00"},
		{"America/Sao_Paulo", "2018-11-04", "00:30", "01:30", "2018-02-17", "23:30", "23:45", "01:30", "01:45", "-02:00", "-03:00"},
		{"America/New_York", "2027-03-14", "02:30", "03:30", "2027-11-07", "01:30", "02:30", "05:30", "07:30", "-04:00", "-05:00"},
		{"Australia/Lord_Howe", "2027-10-03", "02:15", "02:45", "2027-04-04", "01:45", "02:15", "14:45", "15:45", "+11:00", "+10:30"},
	} {
		t.Run(tt.zone, func(t *testing.T) {
			past := strings.HasPrefix(tt.gap, "2018")
			ticket := "DST-" + tt.zone
			b.fill(ticket, "", "10:00", "10:30")
			b.choose("Time zone", tt.zone)
			b.choose("Date", tt.gap)
			b.choose("Start", tt.never)
			b.choose("End", tt.neverEnd)
			never := "There is no " + tt.never + " on " + inWords(t, tt.gap) + " in " + tt.zone
			b.waitFor(never)
			b.followTo("Create meeting", 422)
			b.sees("There is a problem with the form", never)

			b.choose("Date", tt.fold)
			b.choose("Start", tt.twice)
			b.choose("End", tt.twiceEnd)
			b.waitFor("There are two times " + tt.twice + " on " + inWords(t, tt.fold) + " in " + tt.zone)
			b.followTo("Create meeting", 422)
			b.sees("Which of the two times?")
			for _, answer := range []struct{ label, offset string }{
				{"The second one, after the clocks went back", tt.offsetThen},
				{"The first one, before the clocks go back", tt.offset},
			} {
				do(b, "answer", chromedp.Click(field(answer.label)))
				b.waitFor(tt.zone + " (UTC" + strings.ReplaceAll(answer.offset, "-", "−") + ")") // the page shows U+2212, because a line could break after a hyphen
			}
			if past {
				b.followTo("Create meeting", 422)
				b.follow("Create anyway")
			} else {
				b.follow("Create meeting")
			}
			b.sees("Created")
			invitation := do(b, "read the invitation", chromedp.TextContent(chromedp.ID("invitation")))
			if !strings.Contains(invitation, tt.first) || !strings.Contains(invitation, tt.firstEnd) {
				t.Errorf("the invitation lacks the times %s and %s in UTC:\n%s", tt.first, tt.firstEnd, invitation)
			}
		})
	}
}

func addDays(day string, days int) string {
	at, _ := time.Parse(time.DateOnly, day)
	return at.AddDate(0, 0, days).Format(time.DateOnly)
}

func (b *browser) travel(zone string) {
	b.t.Helper()
	call(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
}

// forgetZones stops the desk, clears the time zone and meeting length of every user in the
// database, and restarts the desk.
func (d *desk) forgetZones() {
	d.t.Helper()
	d.stop()
	db, err := sql.Open("sqlite", filepath.Join(d.data, "meetdesk.db"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE users SET time_zone = '', duration_minutes = 0`); err != nil {
		d.t.Fatal(err)
	}
	d.start()
}

// empty clears a field of any kind and sends the page an input event.
func (b *browser) empty(label string) {
	b.t.Helper()
	do(b, "empty "+label, chromedp.Evaluate[bool](`(() => {
		const field = [...document.querySelectorAll("label")].find(l => l.textContent.trim() === "`+label+`").control;
		field.value = "";
		return field.dispatchEvent(new Event("input", { bubbles: true }));
	})()`))
}

// click clicks a button that does not lead to another page.
func (b *browser) click(words string) {
	b.t.Helper()
	do(b, "click "+words, chromedp.Click(linkOrButton(words)))
}

func (b *browser) value(label string) string {
	b.t.Helper()
	return do(b, "read "+label, chromedp.Value(field(label)))
}

func (b *browser) formHeight() float64 {
	b.t.Helper()
	return do(b, "measure the form", chromedp.Evaluate[float64](`document.getElementById("form").getBoundingClientRect().height`))
}

func (b *browser) wantNextHalfHour(zone string) {
	b.t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		b.t.Fatal(err)
	}
	start, err := time.ParseInLocation("2006-01-02 15:04", b.value("Date")+" "+b.value("Start"), loc)
	if wait := time.Until(start); err != nil || wait < -time.Minute || wait > 31*time.Minute || start.Minute()%30 != 0 {
		b.t.Fatalf("proposed %s %s, %s from now, %v; want the next half hour", b.value("Date"), b.value("Start"), wait, err)
	}
}

// inWords converts an ISO 8601 date to the format of the English pages.
func inWords(t *testing.T, date string) string {
	t.Helper()
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	return day.Format("Mon 2 Jan 2006")
}
