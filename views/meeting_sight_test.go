package views_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/people"
	"meetdesk/views"
)

// TestHelpDeskReadsTheState checks the badge and the message that the help desk sees for
// each state. No banner may address the organizer.
func TestHelpDeskReadsTheState(t *testing.T) {
	for _, tt := range []struct{ sample, badge, sentence string }{
		{"upcoming", "Ready", "Ready. It has not started yet."},
		{"now", "Ready", "Ready, and on now until Tue 2 Mar 2027, 15:24."},
		{"no-time", "Ready", "Ready, without a time."},
		{"over", "Past", "Past. Its link still opens until Wed 21 Apr 2027."},
		{"over-expected", "Past", "Past. Its link is expected to open until Fri 30 Apr 2027."},
		{"over-expired", "Past", "Past. Its link was valid until Sun 31 Jan 2027 and may no longer open."},
		{"failed", "Failed", "This meeting was not created, so there is no link. Priya Nair can open this page, see what to do, and choose Retry."},
		{"unfinished", "Not confirmed", "Microsoft did not confirm whether this meeting was created. Priya Nair can open this page and choose Finish to settle it."},
		{"pending", "Waiting", "Microsoft was asked to create this meeting and has not replied yet."},
		{"dismissed", "Not confirmed", "Microsoft did not confirm whether this meeting was created."},
		{"gone", "Not found", "Microsoft did not find this meeting at the last check, so its link may not open."},
		{"removed", "Removed", "This meeting was removed. Do not use its link."},
		{"replaced", "Replaced", "Another meeting has replaced this one. Do not use this link."},
	} {
		doc := find(t, "meeting-sight-"+tt.sample)
		if got := strings.TrimSpace(doc.Find(".title .badge").Text()); got != tt.badge {
			t.Errorf("%s: the badge says %q, want %q", tt.sample, got, tt.badge)
		}
		if got := strings.TrimSpace(doc.Find(".beside [aria-current] .badge").Text()); got != tt.badge {
			t.Errorf("%s: in the list of the ticket's meetings, the badge says %q, want %q", tt.sample, got, tt.badge)
		}
		if got := doc.Find(".title > p:last-child").Text(); got != tt.sentence {
			t.Errorf("%s: %q, want %q", tt.sample, got, tt.sentence)
		}
		banners := doc.Find(".banner").Text()
		for _, never := range []string{"Your ", "your ", "then retry", "Retry in", "Choose Finish", "Finish asks", "send a new form", "as you asked"} {
			if strings.Contains(banners, never) {
				t.Errorf("%s: the help desk reads %q: %s", tt.sample, never, banners)
			}
		}
	}
	m := live(7, "INC0012345", "Laptop", now.Add(-time.Hour), priya)
	doc := parse(t, views.Meeting(page(t, priya, "INC0012345", "/meetings/7"), own(m, first(m))))
	if text := doc.Find(".title").Text(); !strings.Contains(text, "Past") || !strings.Contains(text, "Past. Its link") {
		t.Errorf("the organizer of a meeting that is over reads %q", text)
	}
}

func TestHelpDeskReadsWhoCanContinue(t *testing.T) {
	for sample, want := range map[string]string{
		"failed":            "Priya Nair’s Microsoft session has expired, so nothing was done in their name.",
		"change-failed":     "Only Priya Nair can continue. Ask them to open this page and choose Retry.",
		"change-unfinished": "Only Priya Nair can continue. Ask them to open this page and choose Finish.",
		"gone":              "Do not share its link. Ask Priya Nair whether to create another meeting for this ticket.",
		"dismissed":         "Priya Nair can ask again with a new form",
	} {
		if text := find(t, "meeting-sight-"+sample).Find(".banner").Text(); !strings.Contains(text, want) {
			t.Errorf("%s: %q, want %q", sample, text, want)
		}
	}
}

func TestSupportText(t *testing.T) {
	want := `Tenant ID:           aadc5d1f-19e5-4ec4-9b1e-7f2f5f8c7a11
Organizer object ID: 11111111-aaaa-4bbb-8ccc-000000000001
External ID:         INC0012345

Calls to Microsoft Graph, the newest first, times in UTC

2027-03-02 15:02:05.000Z  POST (create, delegated)
  status:            401 InvalidAuthenticationToken
  request-id:        b2c3d4e5-0a1b-4c2d-9e8f-112233445566
  client-request-id: 6f1d6f2e-9a0e-4d7e-8f55-0f1d6a2b3c4d
  date:              Tue, 02 Mar 2027 15:02:05 GMT
`
	if got := find(t, "meeting-sight-failed").Find("#support").Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	text := find(t, "meeting-sight-unfinished").Find("#support").Text()
	if !strings.Contains(text, "  status:            no answer\n  request-id:        none\n") {
		t.Errorf("a call without an answer reads\n%s", text)
	}
	text = find(t, "meeting-sight-change-failed").Find("#support").Text()
	if n := strings.Count(text, "client-request-id:"); n != 20 || !strings.HasSuffix(text, "\nOlder calls, left out: 7\n") {
		t.Errorf("of 27 calls %d are told of:\n%s", n, text)
	}
	first, second := strings.Index(text, "429 UnknownError"), strings.Index(text, "503 UnknownError")
	if first < 0 || first > second || strings.Contains(text, "aB3xYz") {
		t.Errorf("the newest is not first, or it holds the passcode:\n%s", text)
	}
}

func TestMeetingsOfTheSameTicket(t *testing.T) {
	doc := find(t, "meeting-sight-upcoming")
	rows := doc.Find("ol.list > li")
	for i, want := range []string{"/meetings/5 Past", "/meetings/6 Removed", " Ready", "/meetings/9 Ready", "/meetings/10 Not confirmed"} {
		row := rows.Eq(i)
		got := row.Find("a").AttrOr("href", "") + " " + strings.TrimSpace(row.Find(".badge").Text())
		if _, current := row.Attr("aria-current"); got != want || current != (i == 2) {
			t.Errorf("row %d is %q, current %v; want %q", i, got, current, want)
		}
	}
	if text := rows.Last().Text(); !strings.Contains(text, "No time yet") || !strings.Contains(text, "Tomás Oliveira") {
		t.Errorf("the last row reads %q", text)
	}
	if n := find(t, "meeting-created").Find("ol.list").Length(); n != 0 {
		t.Error("a ticket's only meeting has a list of others")
	}
}

// TestHelpDeskReadsInOrder checks the order of the help desk's page: status, link and
// numbers, organizer, the ticket's other meetings, and then the rest.
func TestHelpDeskReadsInOrder(t *testing.T) {
	for _, sample := range []string{"meeting-sight-upcoming", "meeting-sight-noted", "meeting-sight-over", "meeting-sight-change-failed"} {
		var order []string
		for _, part := range find(t, sample).Find(".stands, #join, #join-url, .numbers, #organizer-title, .reach, #beside-title, #facts-title, .folds, #notes-title, #journal").EachIter() {
			order = append(order, part.AttrOr("id", strings.Fields(part.AttrOr("class", "") + " ?")[0]))
		}
		want := "stands join join-url numbers organizer-title reach beside-title facts-title folds numbers notes-title journal"
		if got := strings.Join(order, " "); got != want {
			t.Errorf("%s has the order\n%s, want\n%s", sample, got, want)
		}
	}
	if doc := find(t, "meeting-sight-failed"); doc.Find("#organizer-title").Length() != 1 || doc.Find("#beside-title").Length() != 1 {
		t.Error("the page of a failed meeting lacks the organizer or the ticket's other meetings")
	}
	if doc := find(t, "meeting-created"); doc.Find("#organizer-title").Length() != 0 || doc.Find(".side .reach").Length() != 0 {
		t.Error("the organizer's own page has the help desk's section")
	}
}

// TestOrganizerLeft checks the values with which the button for another meeting fills in the
// form. They do not include an organizer if the reader cannot change this meeting.
func TestOrganizerLeft(t *testing.T) {
	for sample, want := range map[string]url.Values{
		"upcoming": {"external_id": {"INC0012345~5"}, "date": {"2027-03-04"}, "start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"}},
		"no-time":  {"external_id": {"INC0012345~5"}, "time_zone": {"Europe/Lisbon"}},
		"adopted":  {"date": {"2027-03-04"}, "start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"}},
	} {
		want.Set("proposed", "all")
		want.Set("subject", "Laptop does not start after the update")
		want.Set("attendees", people.Lines(live(7, "", "", now, priya).Attendees, english(t).Role))
		if got := filledIn(find(t, "meeting-sight-"+sample).Find(`main form[action="/meetings"]`)).Encode(); got != want.Encode() {
			t.Errorf("%s fills in\n%s, want\n%s", sample, got, want.Encode())
		}
	}
	if link := find(t, "meeting-sight-adopted").Find(`.reach a[href^="mailto:"]`).AttrOr("href", ""); link != "mailto:priya@contoso.example?subject=Laptop%20does%20not%20start%20after%20the%20update" {
		t.Errorf("without a ticket, mail leads to %q", link)
	}
	if n := find(t, "meeting-kit").Find(`main form[action="/meetings"]`).Length(); n != 0 {
		t.Error("a person to whom the meeting was handed over reads how to replace it")
	}
}
