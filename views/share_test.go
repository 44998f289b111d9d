package views_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/meeting"
	"meetdesk/views"
)

// sharePage returns a meeting's page as its organizer sees it. It calls change to modify
// the meeting's data first.
func sharePage(t *testing.T, change func(*views.MeetingData)) *goquery.Document {
	t.Helper()
	m := live(7, "INC0012345", "Laptop", time.Date(2027, 7, 3, 22, 30, 0, 0, time.UTC), priya)
	d := own(m, first(m))
	change(&d)
	return parse(t, views.Meeting(page(t, priya, "INC0012345", "/meetings/7"), d))
}

// linkTo returns the first URL on the page that begins with the address, and its query.
func linkTo(t *testing.T, doc *goquery.Document, address string) (link string, query url.Values) {
	t.Helper()
	link = doc.Find(`a[href^="`+address+`"]`).AttrOr("href", "")
	u, err := url.Parse(link)
	if err != nil || link == "" {
		t.Fatalf("no link to %s: %q (%v)", address, link, err)
	}
	query, err = url.ParseQuery(u.RawQuery)
	if err != nil {
		t.Fatalf("%v: %s", err, link)
	}
	return link, query
}

func TestShareCard(t *testing.T) {
	card := find(t, "meeting-created").Find(".share")
	var copied []string
	for _, button := range card.Find("button[data-copy]").EachIter() {
		copied = append(copied, button.AttrOr("data-copy", ""))
	}
	want := "join-url invitation numbers number-meeting_id number-passcode number-phone number-phone_free number-conference_id"
	if got := strings.Join(copied, " "); got != want {
		t.Errorf("copy buttons for %s, want %s", got, want)
	}
	for id, want := range map[string]string{"number-meeting_id": "234 567 890 123 4", "number-passcode": "aB3xYz", "number-conference_id": "123 456 789#"} {
		if got := card.Find("#" + id).Text(); got != want {
			t.Errorf("%s copies %q, want %q", id, got, want)
		}
	}
	doc := find(t, "meeting-created")
	if got, want := doc.Find("#numbers").Text(), "Meeting ID: 234 567 890 123 4\nPasscode: aB3xYz\nPhone: +351 21 000 0000\nToll-free phone: 800 000 000\nConference ID: 123 456 789#\n"; got != want {
		t.Errorf("all numbers are %q, want %q", got, want)
	}
	if got := doc.Find(".folds .numbers .digits").Text(); got != "+44 20 0000 0000+44 800 000 0000" {
		t.Errorf("further numbers %q", got)
	}
	for _, address := range []string{"https://teams.microsoft.com/meetingOptions/", "https://dialin.teams.microsoft.com/"} {
		linkTo(t, doc, address)
	}
	if n := find(t, "meeting-kit").Find(`a[href*="meetingOptions"]`).Length(); n != 0 {
		t.Error("the options are offered to somebody to whom the meeting was handed over")
	}
}

// TestCalendarLinks checks the subject, times, attendees and text in the links that open a
// prefilled calendar entry.
func TestCalendarLinks(t *testing.T) {
	doc := sharePage(t, func(d *views.MeetingData) {
		d.Meeting.Subject = `1+1 = 100% & <b>"you"</b>?#`
	})
	const headline, people = `INC0012345: 1+1 = 100% & <b>"you"</b>?#`, "tomas@contoso.example,caller@fabrikam.example"
	outlook, q := linkTo(t, doc, "https://outlook.office.com/calendar/deeplink/compose?")
	for name, want := range map[string]string{
		"subject": headline, "startdt": "2027-07-03T22:30:00Z", "enddt": "2027-07-03T23:00:00Z", "to": people, "path": "/calendar/action/compose", "rru": "addevent",
	} {
		if got := q.Get(name); got != want {
			t.Errorf("Outlook: %s is %q, want %q", name, got, want)
		}
	}
	if body := q.Get("body"); strings.Contains(body, "<b>") || strings.Contains(body, "\n") || !strings.Contains(body, "&lt;b&gt;") || !strings.Contains(body, "<br>") {
		t.Errorf("Outlook: the body is not HTML, or the subject is markup in it: %q", body)
	}
	google, q := linkTo(t, doc, "https://calendar.google.com/calendar/render?")
	for name, want := range map[string]string{
		"action": "TEMPLATE", "text": headline, "dates": "20270703T223000Z/20270703T230000Z", "add": people, "ctz": "Europe/Lisbon",
	} {
		if got := q.Get(name); got != want {
			t.Errorf("Google: %s is %q, want %q", name, got, want)
		}
	}
	if details := q.Get("details"); !strings.Contains(details, "\nJoin: https://teams.microsoft.com/") {
		t.Errorf("Google: the details are %q", details)
	}
	if !strings.HasPrefix(q.Get("location"), "https://teams.microsoft.com/") {
		t.Errorf("Google: the place is %q", q.Get("location"))
	}
	if strings.ContainsAny(outlook+google, "+ \n") {
		t.Errorf("not escaped:\n%s\n%s", outlook, google)
	}
}

// TestHandingOverToACrowd checks that the links for sharing a meeting stay within their
// length limits, even with many attendees. If not all addresses fit into the mail link, it
// contains no addresses.
func TestHandingOverToACrowd(t *testing.T) {
	crowd := func(n int) func(*views.MeetingData) {
		return func(d *views.MeetingData) {
			d.Meeting.Attendees = nil
			for i := range n {
				d.Meeting.Attendees = append(d.Meeting.Attendees, meeting.Attendee{UPN: fmt.Sprintf("somebody+%d@contoso.example", i)})
			}
		}
	}
	for _, tt := range []struct {
		name    string
		change  func(*views.MeetingData)
		mail    int // the number of addresses in the mail link
		leftOut bool
	}{
		{"nobody", crowd(0), 0, false},
		{"a few", crowd(10), 10, false},
		{"as many as fit with a short text", crowd(36), 36, false},
		{"sixty", crowd(60), 0, true},
		{"a handed-over meeting", func(d *views.MeetingData) { crowd(60)(d); d.KitOnly = true }, 0, false},
		{"sixty, and the longest subject", func(d *views.MeetingData) { crowd(60)(d); d.Meeting.Subject = strings.Repeat("📅", 255) }, 0, true},
		{"a link that fits nowhere", func(d *views.MeetingData) { d.Meeting.JoinURL += strings.Repeat("%", 2000) }, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := sharePage(t, tt.change)
			mail := doc.Find(`.share a[href^="mailto:"]`).AttrOr("href", "")
			to, _, _ := strings.Cut(strings.TrimPrefix(mail, "mailto:"), "?")
			if n := strings.Count(to, "@"); n != tt.mail || strings.Contains(to, "+") || len(mail) > 1900 {
				t.Errorf("the mail has %d addresses, want %d, in %d bytes: %s", n, tt.mail, len(mail), mail)
			}
			if offered := doc.Find(`button[data-copy="addresses"]`).Length() == 1; offered != tt.leftOut {
				t.Errorf("the addresses are offered to copy: %v, want %v", offered, tt.leftOut)
			}
			if tt.leftOut && !strings.Contains(doc.Find("#addresses").Text(), "@") {
				t.Error("there is no address to copy")
			}
			for _, address := range []string{"https://outlook.office.com/", "https://calendar.google.com/"} {
				link, q := linkTo(t, doc, address)
				if len(link) > 2000 || !strings.HasPrefix(q.Get("subject")+q.Get("text"), "INC0012345") {
					t.Errorf("%s: %d bytes: %s", address, len(link), link)
				}
			}
		})
	}
}

// TestMeetingIsCalledByItsTicket checks that the ticket takes the place of a missing subject,
// and is not added to a subject that already contains it.
func TestMeetingIsCalledByItsTicket(t *testing.T) {
	for _, tt := range []struct{ ticket, subject, heading, line string }{
		{"INC0012345", "Laptop", "Laptop", "INC0012345: Laptop"},
		{"INC0012345", "", "INC0012345", "INC0012345"},
		{"INC0012345", "[inc0012345] Laptop", "[inc0012345] Laptop", "[inc0012345] Laptop"},
		{"", "Laptop", "Laptop", "Laptop"},
		{"", "", "Meeting without a subject", "Microsoft Teams meeting"},
	} {
		doc := sharePage(t, func(d *views.MeetingData) { d.Meeting.ExternalID, d.Meeting.Subject = tt.ticket, tt.subject })
		if got := doc.Find("h1").Text(); got != tt.heading {
			t.Errorf("%q, %q: the heading is %q, want %q", tt.ticket, tt.subject, got, tt.heading)
		}
		link := doc.Find(`.share a[href^="mailto:"]`).AttrOr("href", "")
		_, query, _ := strings.Cut(link, "?")
		if q, err := url.ParseQuery(query); err != nil || q.Get("subject") != tt.line {
			t.Errorf("%q, %q: the mail's subject is %q, want %q", tt.ticket, tt.subject, q.Get("subject"), tt.line)
		}
		if text := doc.Find("#invitation").Text(); tt.ticket != "" && !strings.Contains(text, "\nTicket number: "+tt.ticket+"\n") {
			t.Errorf("the invitation lacks the ticket:\n%s", text)
		}
	}
	long := strings.Repeat("Laptop ", 40)
	doc := sharePage(t, func(d *views.MeetingData) { d.Meeting.Subject = long })
	if !strings.Contains(doc.Find(".side").Text(), long) {
		t.Error("a subject that the heading cuts is nowhere in full")
	}
}
