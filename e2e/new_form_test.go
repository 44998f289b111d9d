package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestNewMeetingIsOneScreen checks that the form fits on common desktop screens. Its
// buttons must always be visible, even on a phone.
func TestNewMeetingIsOneScreen(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Dana Whitfield") // her form has one more field, the organizer
	for _, screen := range [][2]int64{{1440, 900}, {1280, 800}, {390, 844}} {
		b.screen(screen[0], screen[1], "light")
		b.open("/meetings/new", 200)
		name := fmt.Sprintf("%d × %d", screen[0], screen[1])
		if end := b.bottomOf("#form"); screen[0] > 600 && end > float64(screen[1]) {
			t.Errorf("%s: the form ends at %v px", name, end)
		}
		unfold := `document.querySelectorAll("#form details").forEach(d => d.open = true)`
		for _, step := range []string{"0", unfold, "scrollTo(0, document.body.scrollHeight / 3)", "scrollTo(0, document.body.scrollHeight / 2)"} {
			do(b, "change the page", chromedp.Evaluate[any](step+"; 0"))
			for _, button := range []string{"Create meeting", "Start now"} {
				if at := do(b, "look for the button", chromedp.Evaluate[string](onTop(button))); at != button {
					t.Errorf("%s, %s: where the button %q should be there is %q", name, step, button, at)
				}
			}
		}
		if wide := b.widerThan(screen[0]); len(wide) > 0 {
			t.Errorf("%s: wider than the screen: %q", name, wide)
		}
	}
	b.screen(1280, 800, "light")
	b.open("/meetings/new", 200)
	for _, row := range [][]string{{"external_id", "subject"}, {"date", "start", "length + .lengths", "end"}} {
		for _, id := range row {
			if first, at := b.bottomOf("#"+row[0]), b.bottomOf("#"+id); first != at {
				t.Errorf("%s ends at %v px, %s at %v px; want one row", row[0], first, id, at)
			}
		}
	}
}

func (b *browser) bottomOf(selector string) float64 {
	b.t.Helper()
	return do(b, "measure "+selector, chromedp.Evaluate[float64](`scrollY + document.querySelector("`+selector+`").getBoundingClientRect().bottom`))
}

// onTop returns a script that checks whether the given button is visible. The script
// returns the button's text, or other text if the button is covered or off the screen.
func onTop(button string) string {
	return `(() => {
		const button = [...document.querySelectorAll("#form button")].find(b => b.textContent.trim() === "` + button + `");
		const box = button.getBoundingClientRect();
		if (box.top < 0 || box.bottom > innerHeight) return "something below the screen";
		return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest("button, body").textContent.trim().slice(0, 40);
	})()`
}

// TestMainJobInTwoClicksAndElevenKeys creates a meeting and copies its link. The clicks
// are on "New meeting" and "Copy link". The keys are the ten characters of the ticket
// number, followed by Enter.
func TestMainJobInTwoClicksAndElevenKeys(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.useClipboard("clipboard-read")
	b.follow("New meeting")
	b.waitFor("organizer: you")
	b.press("INC0012777")
	b.pressTo(kb.Enter, 200)
	b.sees("Created", "INC0012777")
	b.click("Copy link")
	b.waitFor("Copied")
	if link := b.clipboard(); !strings.HasPrefix(link, "https://teams.microsoft.com/") {
		t.Errorf("copied %q", link)
	}
}

// TestMainJobInTwentyKeys checks that creating a meeting from the home page takes fewer
// than twenty keystrokes.
func TestMainJobInTwentyKeys(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	keys := len("INC0012777") + 2 // the ticket number plus Enter twice
	if at := b.focus(); at != "Find a meeting" {
		t.Fatalf("at home the focus is on %q", at)
	}
	keys += len(b.tabTo("New meeting"))
	b.pressTo(kb.Enter, 200)
	b.waitFor("organizer: you")
	b.press("INC0012777")
	b.pressTo(kb.Enter, 200)
	b.sees("Created", "INC0012777")
	if keys >= 20 {
		t.Errorf("it takes %d keys, want fewer than 20", keys)
	}
}

// TestTicketSystemsLinkInTwoClicks checks that it takes two clicks to create a meeting:
// one on the ticket system's link and one on the form's button. The focus must be on
// the first empty field. If no field is empty, the focus must be on the button.
func TestTicketSystemsLinkInTwoClicks(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.open("/meetings/new?external_id=INC0012777&subject=Printer", 200)
	b.follow("Create meeting")
	b.sees("Created", "INC0012777", "Printer")

	for _, tt := range []struct{ query, want string }{
		{"", "Ticket number (external ID)"},
		{"?subject=Printer", "Ticket number (external ID)"},
		{"?external_id=INC2", "Subject (optional)"},
		{"?external_id=INC2&subject=Printer", "People (optional)"},
		{"?external_id=INC2&subject=Printer&attendees=dana@contoso.example", "Create meeting"},
	} {
		b.open("/meetings/new"+tt.query, 200)
		b.waitFor("organizer: you")
		if at := b.focus(); at != tt.want {
			t.Errorf("%s: the focus is on %q, want %q", tt.query, at, tt.want)
		}
		if top := do(b, "look how far it is scrolled", chromedp.Evaluate[float64]("scrollY")); top != 0 {
			t.Errorf("%s: the page is scrolled by %v px", tt.query, top)
		}
	}
	b.pressTo(kb.Enter, 200)
	b.sees("Created", "INC2", "Dana Whitfield")
}

// TestStartNowIsOneClick checks that the "Start now" button ignores the start time in the
// form, with and without scripts.
func TestStartNowIsOneClick(t *testing.T) {
	t.Parallel()
	for name, scripts := range map[string]bool{"with scripts": true, "without scripts": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBrowser(t, startDesk(t))
			b.signIn("Priya Nair")
			if !scripts {
				b.withoutScripts()
			}
			b.follow("New meeting")
			b.write("Ticket number (external ID)", "INC0012777")
			if scripts {
				b.choose("Start", "23:00")
				b.choose("Date", nextWeek())
			} else {
				b.choose("Time zone", "Europe/Lisbon")
			}
			b.follow("Start now")
			lisbon, err := time.LoadLocation("Europe/Lisbon")
			if err != nil {
				t.Fatal(err)
			}
			text, now := b.text(), time.Now().In(lisbon)
			text = strings.ReplaceAll(text, " –", "–") // the dash has spaces around it if the meeting ends on the next day
			if !strings.Contains(text, now.Format(", 15:04–")) && !strings.Contains(text, now.Add(-time.Minute).Format(", 15:04–")) {
				t.Errorf("the meeting does not start at %s", now.Format("15:04"))
			}
		})
	}
}

// TestOptionsFoldIntoOneLine checks that the summary of the collapsed options lists the
// options that are set, or states that the organization's defaults apply.
func TestOptionsFoldIntoOneLine(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.open("/meetings/new?lobby=everyone", 200)
	b.sees("Who can bypass the lobby: Everyone")
	b.choose("Record automatically", "on")
	b.choose("Who can bypass the lobby", "")
	b.sees("Options Record automatically: On")
	b.choose("Record automatically", "")
	b.sees("Options Organization default")
}
