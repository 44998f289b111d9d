package views_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/views"
)

func TestMeetingSaysHowItStands(t *testing.T) {
	for _, tt := range []struct {
		sample, title string
		buttons       string // what can be done about it, in order
	}{
		{"meeting-created", "Created", ""},
		{"meeting-confirmed", "Created, confirmed on the second try", ""},
		{"meeting-found", "Found: this meeting existed already", ""},
		{"meeting-updated", "Changed", ""},
		{"meeting-failed-forbidden", "Failed: the meeting was not made", "/attempts/41/retry /attempts/41/dismiss /meetings/new"},
		{"meeting-update-failed", "Failed: the change was not made", "/attempts/41/retry /attempts/41/dismiss /meetings/7/edit?attempt=41"},
		{"meeting-unfinished-no_answer", "Unfinished: the meeting may exist", "/attempts/41/retry /attempts/41/dismiss"},
		{"meeting-update-unfinished", "Unfinished: the change may have been made", "/attempts/41/retry /attempts/41/dismiss /meetings/7/edit?attempt=41"},
		{"meeting-pending", "Waiting for Microsoft", "/meetings/7 /attempts/40/retry"},
		{"meeting-dismissed", "Put aside", "/meetings/new"},
		{"meeting-removed", "Removed", ""},
		{"meeting-replaced", "Replaced", ""},
	} {
		doc := find(t, tt.sample)
		if got := doc.Find("#news").Text(); got != tt.title {
			t.Errorf("%s: banner %q, want %q", tt.sample, got, tt.title)
		}
		var buttons []string
		for _, one := range doc.Find(".banner .buttons form, .banner .buttons > a").EachIter() {
			if action, ok := one.Attr("action"); ok {
				buttons = append(buttons, action)
			} else if href, ok := one.Attr("href"); ok {
				if path, _, ok := strings.Cut(href, "?"); ok && path == "/meetings/new" {
					href = path // with the form filled in
				}
				buttons = append(buttons, href)
			}
		}
		if got := strings.Join(buttons, " "); got != tt.buttons {
			t.Errorf("%s: can do %q, want %q", tt.sample, got, tt.buttons)
		}
	}
}

func TestMeetingTellsWhyAndWhatToDo(t *testing.T) {
	text := find(t, "meeting-failed-refused").Find(".banner").Text()
	if !strings.Contains(text, "Microsoft refused this (status 403).") || !strings.Contains(text, "Retry once.") {
		t.Errorf("banner = %q", text)
	}
}

func TestMeetingShowsAskedBesideGot(t *testing.T) {
	doc := find(t, "meeting-found")
	rows := doc.Find("table.asked tbody tr")
	if rows.Length() != 6 {
		t.Fatalf("%d rows, want the 6 that differ: %s", rows.Length(), rows.Text())
	}
	cells := rows.First().Find("td")
	if asked, got := cells.Eq(0).Text(), cells.Eq(1).Text(); asked != "Laptop again" || got != "Laptop does not start after the update" {
		t.Errorf("subject: asked %q, got %q", asked, got)
	}
	if link, _ := doc.Find(".compare a.primary").Attr("href"); link != "/meetings/7/edit?attempt=41" {
		t.Errorf("Update leads to %q", link)
	}
	m := live(7, "INC0012345", "Laptop", now, priya)
	since := []meeting.Attempt{
		attempt(m, meeting.KindUpdate, meeting.AttemptDone, meeting.OutcomeUpdated, ""),
		attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeFound, ""),
	}
	d := views.MeetingData{Meeting: m, Attempts: since, Differences: []meeting.Difference{meeting.DifferentSubject}}
	if n := parse(t, views.Meeting(page(t, priya, "INC0012345", "/meetings/7"), d)).Find("table.asked").Length(); n != 0 {
		t.Error("asked beside got after a change")
	}
}

func TestMeetingKit(t *testing.T) {
	doc := find(t, "meeting-created")
	text := doc.Text()
	for _, want := range []string{
		"INC0012345", "Laptop does not start after the update", "Wed 3 Mar 2027, 10:00–10:30", "Europe/Lisbon (UTC+00:00)", "10:00–10:30 UTC",
		"Priya Nair", "Tomás Oliveira", "Presenter", "caller@fabrikam.example", "234 567 890 123 4", "aB3xYz", "+351 21 000 0000", "123 456 789#",
		"Sun 2 May 2027", "Nothing was put on a calendar and nobody was told", "b2c3d4e5-0a1b-4c2d-9e8f-112233445566", "6f1d6f2e-9a0e-4d7e-8f55-0f1d6a2b3c4d",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	href, _ := doc.Find(`.actions a[href^="/meetings/new"]`).Attr("href")
	link, err := url.Parse(href)
	if err != nil {
		t.Fatal(err)
	}
	q := link.Query()
	if q.Get(meeting.FieldExternalID) != "INC0012345~2" || q.Get(meeting.FieldAttendees) != "Tomás Oliveira <tomas@contoso.example> presenter\ncaller@fabrikam.example\n" {
		t.Errorf("another meeting leads to %q", href)
	}
	for _, hidden := range doc.Find("button[data-copy]").EachIter() {
		if _, ok := hidden.Attr("hidden"); !ok {
			t.Error("a copy button shows without the script")
		}
	}
}

func TestMeetingOfSomebodyElse(t *testing.T) {
	doc := find(t, "meeting-not-mine")
	if n := doc.Find(`main form, main a[href*="/edit"], main a[href*="/new"]`).Length(); n != 0 {
		t.Errorf("%d ways to change a colleague's meeting", n)
	}
	if link, _ := doc.Find(`a[href^="mailto:"]`).Attr("href"); link != "mailto:priya@contoso.example?subject=INC0012345" {
		t.Errorf("mail leads to %q", link)
	}
	if link, _ := doc.Find(".back a").Attr("href"); link != "/history?q=inc+12345" {
		t.Errorf("back leads to %q", link)
	}
}

func TestMeetingWithoutLink(t *testing.T) {
	doc := find(t, "meeting-failed-forbidden")
	if n := doc.Find("#invitation, button[data-copy], .tiles").Length(); n != 0 {
		t.Errorf("a meeting that was not made shows %d parts of a kit", n)
	}
	if text := doc.Find("#join").Text(); !strings.Contains(text, "There is no join link yet") {
		t.Errorf("join = %q", text)
	}
}

func TestMeetingRefusesAScriptAsJoinLink(t *testing.T) {
	m := live(1, "X", "s", now, priya)
	m.JoinURL = "javascript:alert(1)"
	doc := parse(t, views.Meeting(page(t, priya, "X", "/meetings/1"), views.MeetingData{Meeting: m}))
	if href, _ := doc.Find("#join-url").Attr("href"); strings.HasPrefix(href, "javascript:") {
		t.Errorf("join link = %q", href)
	}
}

func TestInvitationText(t *testing.T) {
	start := time.Date(2027, 7, 3, 22, 30, 0, 0, time.UTC)
	m := live(1, "INC0012345", "Laptop", start, priya)
	m.JoinURL, m.JoinMeetingID = "https://teams.example/j", "234 567 890 123 45"
	want := `Microsoft Teams meeting
Subject: Laptop
When: Sat 3 Jul 2027, 23:30 – Sun 4 Jul 2027, 00:00 Europe/Lisbon (UTC+01:00)
In UTC: Sat 3 Jul 2027, 22:30–23:00 UTC

Join: https://teams.example/j
Meeting ID: 234 567 890 123 45
Passcode: aB3xYz

Phone: +351 21 000 0000
Phone, free of charge: 800 000 000
Phone conference ID: 123 456 789#
`
	if got := views.InvitationText(english(t), m, lisbon); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	plain := meeting.Meeting{Details: meeting.Details{Start: start, End: start.Add(time.Hour), JoinURL: "https://teams.example/j"}}
	want = "Microsoft Teams meeting\nWhen: Sat 3 Jul 2027, 22:30–23:30 UTC\n\nJoin: https://teams.example/j\n"
	if got := views.InvitationText(english(t), plain, time.UTC); got != want {
		t.Errorf("without the rest, got:\n%s\nwant:\n%s", got, want)
	}
	if got := views.InvitationText(english(t), meeting.Meeting{}, nil); got != "" {
		t.Errorf("without a link, got:\n%s", got)
	}
}
