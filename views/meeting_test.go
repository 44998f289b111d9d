package views_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/views"
)

func TestMeetingShowsItsState(t *testing.T) {
	for _, tt := range []struct {
		sample, title string
		buttons       string // the paths of the expected buttons and links, in order
	}{
		{"meeting-created", "Created", ""},
		{"meeting-confirmed", "Created, confirmed on the second try", ""},
		{"meeting-found", "Found: this meeting existed already", ""},
		{"meeting-updated", "Changed", ""},
		{"meeting-failed-forbidden", "Failed: the meeting was not created", "/attempts/41/retry /attempts/41/dismiss /meetings"},
		{"meeting-update-failed", "Failed: the meeting was not changed", "/attempts/41/retry /attempts/41/dismiss /meetings/7/edit?attempt=41"},
		{"meeting-unfinished-no_answer", "Not confirmed: the meeting may exist", "/attempts/41/retry /attempts/41/dismiss"},
		{"meeting-update-unfinished", "Not confirmed: the meeting may have been changed", "/attempts/41/retry /attempts/41/dismiss /meetings/7/edit?attempt=41"},
		{"meeting-pending", "Still waiting. Nothing is created twice.", "/meetings/7"},
		{"meeting-dismissed", "Dismissed", "/meetings"},
		{"meeting-removed", "Removed", ""},
		{"meeting-replaced", "Replaced", ""},
		{"meeting-update-pending", "Still waiting. Nothing is created twice.", "/meetings/7"},
		{"meeting-remove-failed", "Failed: the meeting was not removed", "/attempts/41/retry /attempts/41/dismiss"},
		{"meeting-remove-unfinished", "Not confirmed: the meeting may have been removed", "/attempts/41/retry /attempts/41/dismiss"},
		{"meeting-refresh-failed", "Failed: the meeting was not refreshed", "/attempts/41/retry /attempts/41/dismiss"},
		{"meeting-read", "Refreshed", ""},
		{"meeting-unchanged", "Refreshed: nothing has changed", ""},
		{"meeting-adopted", "Added", ""},
		{"meeting-accepted", "Found: this meeting existed already", ""},
		{"meeting-kit", "This is a meeting of Tomás Oliveira", ""},
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
					href = path // without the query, which fills in the form
				}
				buttons = append(buttons, href)
			}
		}
		if got := strings.Join(buttons, " "); got != tt.buttons {
			t.Errorf("%s: can do %q, want %q", tt.sample, got, tt.buttons)
		}
	}
}

func TestMeetingShowsReasonAndAdvice(t *testing.T) {
	for sample, words := range map[string][]string{
		"meeting-failed-refused": {"Microsoft refused this (status 403).", "Retry once."},
		"meeting-accepted":       {"it is kept as it is"},
		"meeting-found":          {"ignored the subject, times and people"},
		"meeting-refresh-failed": {"Microsoft did not reply in time,", "Refreshing changes nothing in Teams. Try again in a minute."},
		"meeting-remove-failed":  {"another change of the same meeting", "The meeting is as it was."},
	} {
		text := find(t, sample).Find(".banner, .compare").Text()
		for _, want := range words {
			if !strings.Contains(text, want) {
				t.Errorf("%s: banner %q, want %q", sample, text, want)
			}
		}
	}
}

func TestMeetingComparesRequestAndResult(t *testing.T) {
	doc := find(t, "meeting-found")
	rows := doc.Find("table.asked tbody tr")
	if rows.Length() != 6 {
		t.Fatalf("%d rows, want the 6 that differ: %s", rows.Length(), rows.Text())
	}
	cells := rows.First().Find("td")
	if asked, got := cells.Eq(0).Text(), cells.Eq(1).Text(); asked != "Laptop again" || got != "Laptop does not start after the update" {
		t.Errorf("subject: asked %q, got %q", asked, got)
	}
	for what, want := range map[string]string{
		"People": "Dana Whitfield dana@contoso.example", "Channel": "19:general@thread.tacv2", "Who can bypass the lobby": "People who were invited", "Record automatically": "On",
	} {
		row := rows.FilterFunction(func(_ int, row *goquery.Selection) bool { return row.Find("th").Text() == what })
		if got := strings.TrimSpace(row.Find("td").First().Text()); got != want {
			t.Errorf("%s asked for: %q, want %q", what, got, want)
		}
	}
	if got := hidden(doc.Find(`.compare form[action="/meetings/7/update"]`)); got.Get("base_reply") != "12" || got.Get("subject") != "Laptop again" ||
		got.Get("start") != "11:00" || got.Get("form_id") != "f-2" || got.Get("lobby") != "invited" || got.Get("record") != "on" {
		t.Errorf("Update the meeting sends %v", got)
	}
	if n := doc.Find(`.compare form[action="/attempts/41/dismiss"]`).Length(); n != 1 {
		t.Errorf("%d ways to use what is there", n)
	}
	if link, _ := doc.Find(`.compare a[href*="/edit?attempt="]`).Attr("href"); link != "/meetings/7/edit?attempt=41" {
		t.Errorf("Edit it first leads to %q", link)
	}
	m := live(7, "INC0012345", "Laptop", now, priya)
	found := attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeFound, "")
	for name, d := range map[string]views.MeetingData{
		"nothing compared":     {Meeting: m, Attempts: []meeting.Attempt{found}, Differences: []meeting.Difference{meeting.DifferentSubject}, CanChange: true},
		"nothing different":    {Meeting: m, Attempts: []meeting.Attempt{found}, Compared: found, CanChange: true},
		"a colleague's to say": {Meeting: m, Attempts: []meeting.Attempt{found}, Compared: found, Differences: []meeting.Difference{meeting.DifferentSubject}},
	} {
		if n := parse(t, views.Meeting(page(t, priya, "INC0012345", "/meetings/7"), d)).Find("table.asked").Length(); n != 0 {
			t.Errorf("%s: request compared with the meeting", name)
		}
	}
}

func hidden(form *goquery.Selection) url.Values {
	values := url.Values{}
	for _, field := range form.Find(`input[type="hidden"]`).EachIter() {
		values.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	}
	return values
}

// TestEachFailureHasItsBanner checks the banners of failed, unfinished and pending attempts.
// Such an attempt has one banner above the Share card and one below it, but its buttons
// appear only once.
func TestEachFailureHasItsBanner(t *testing.T) {
	for _, tt := range []struct{ sample, titles, buttons string }{
		{"meeting-lobby-failed", "bad Failed: “Who can bypass the lobby” was not changed|bad Failed: “Who can bypass the lobby” was not changed|good Created", "/attempts/43/retry /attempts/43/dismiss"},
		{"meeting-option-set", "bad Failed: “Who can bypass the lobby” was not changed|bad Failed: “Who can bypass the lobby” was not changed|good Created|good Option set", "/attempts/43/retry /attempts/43/dismiss"},
		{"meeting-option-pending", "note Still waiting. Nothing is created twice.|note Still waiting. Nothing is created twice.|good Created", ""},
		{"meeting-option-unfinished", "warn Not confirmed: “Who can present” may have been changed|warn Not confirmed: “Who can present” may have been changed|good Created", "/attempts/45/retry /attempts/45/dismiss"},
		{"meeting-update-failed", "bad Failed: the meeting was not changed|bad Failed: the meeting was not changed", "/attempts/41/retry /attempts/41/dismiss"},
	} {
		doc := find(t, tt.sample)
		var titles, buttons []string
		for _, banner := range doc.Find(".banner").EachIter() {
			titles = append(titles, banner.AttrOr("data-tone", "")+" "+banner.Find("h2").Text())
		}
		for _, form := range doc.Find(".banner form").EachIter() {
			buttons = append(buttons, form.AttrOr("action", ""))
		}
		if got := strings.Join(titles, "|"); got != tt.titles {
			t.Errorf("%s: banners %q, want %q", tt.sample, got, tt.titles)
		}
		if got := strings.Join(buttons, " "); got != tt.buttons {
			t.Errorf("%s: buttons %q, want %q", tt.sample, got, tt.buttons)
		}
	}
	if text := find(t, "meeting-option-set").Find(".banner").Last().Text(); !strings.Contains(text, "Priya Nair set “Record automatically” to “On”.") {
		t.Errorf("banner = %q", text)
	}
}

// TestDismissedAttemptsHaveNoBanner checks that neither dismissed nor superseded attempts
// have a banner.
func TestDismissedAttemptsHaveNoBanner(t *testing.T) {
	m := live(7, "INC0012345", "Laptop", now, priya)
	created := first(m)
	failed := attempt(m, meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonBusy, call(503, ""))
	looked := attempt(m, meeting.KindRefresh, meeting.AttemptFailed, "", meeting.ReasonBusy, call(503, ""))
	read := attempt(m, meeting.KindRefresh, meeting.AttemptDone, meeting.OutcomeRead, "")
	dismissed := failed
	dismissed.ID, dismissed.State = 50, meeting.AttemptDismissed
	done := attempt(m, meeting.KindUpdate, meeting.AttemptDone, meeting.OutcomeUpdated, "")
	for _, tt := range []struct {
		name, title string
		attempts    []meeting.Attempt
	}{
		{"dismissed", "Created", []meeting.Attempt{dismissed, created}},
		{"done since", "Changed", []meeting.Attempt{done, failed, created}},
		{"an old look that came to something", "Created", []meeting.Attempt{dismissed, read, created}},
		{"an old look", "Changed", []meeting.Attempt{done, looked, created}},
		{"an old failure under one that was dismissed", "Created", []meeting.Attempt{dismissed, failed, created}},
	} {
		doc := parse(t, views.Meeting(page(t, priya, "INC0012345", "/meetings/7"), own(m, tt.attempts...)))
		if got := doc.Find(".banner h2").Text(); got != tt.title {
			t.Errorf("%s: banners %q, want %q", tt.name, got, tt.title)
		}
	}
}

func TestOnlyAllowedPeopleContinue(t *testing.T) {
	for sample, want := range map[string]string{
		"meeting-others-attempt": "Dana Whitfield started this, and only they can continue.",
		"meeting-not-now":        "You started this but cannot continue right now:",
	} {
		banner := find(t, sample).Find(".banner")
		if banner.Find(`form[action$="/retry"]`).Length() != 0 || banner.Find(`form[action$="/dismiss"]`).Length() != 1 {
			t.Errorf("%s: it can be gone on with, or not be put aside:\n%s", sample, banner.Text())
		}
		if !strings.Contains(banner.Text(), want) {
			t.Errorf("%s: banner %q, want %q", sample, banner.Text(), want)
		}
	}
}

// TestAdvisedButtonIsPrimary checks that a failed or unfinished attempt has exactly one
// primary button: the one that its advice recommends.
func TestAdvisedButtonIsPrimary(t *testing.T) {
	for sample, want := range map[string]string{
		"meeting-failed-bad_request":   "Edit and send again",
		"meeting-failed-beta_off":      "Edit and send again",
		"meeting-failed-no_organizer":  "Edit and send again",
		"meeting-failed-organizer_has": "Edit and send again",
		"meeting-failed-forbidden":     "Retry",
		"meeting-failed-sign_in":       "Sign in again",
		"meeting-update-failed":        "Retry",
		"meeting-unfinished-no_answer": "Finish",
	} {
		if got := find(t, sample).Find(".banner .button.primary").Text(); got != want {
			t.Errorf("%s: primary buttons %q, want %q", sample, got, want)
		}
	}
	m := live(7, "INC0012345", "Laptop", now, priya)
	changed := attempt(m, meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonChanged)
	d := own(m, changed, first(m))
	d.Retryable = map[int64]bool{changed.ID: true}
	doc := parse(t, views.Meeting(page(t, priya, "INC0012345", "/meetings/7"), d))
	if got := doc.Find(".banner .button.primary").Text(); got != "Edit the change" {
		t.Errorf("after another person's change: primary buttons %q", got)
	}
}

func TestSignInCarriesTheChallenge(t *testing.T) {
	for sample, named := range map[string]bool{"meeting-claims": true, "meeting-failed-sign_in": false} {
		link, err := url.Parse(find(t, sample).Find(`.banner a[href^="/auth/login"]`).AttrOr("href", ""))
		if err != nil {
			t.Fatal(err)
		}
		q := link.Query()
		if q.Get("signed_in_as") != "1.sample" || q.Get("return_to") != "/meetings/7" || q.Has("attempt") != named || q.Has("claims") {
			t.Errorf("%s: signs in by %q", sample, link)
		}
	}
	if n := find(t, "meeting-failed-forbidden").Find(`a[href^="/auth/login"]`).Length(); n != 0 {
		t.Error("signing in again is offered where it does not help")
	}
}

func TestPolicyCommands(t *testing.T) {
	doc := find(t, "meeting-policy")
	want := `Connect-MicrosoftTeams
# once only: leave it out where the policy exists
New-CsApplicationAccessPolicy -Identity Meetdesk-policy -AppIds "22222222-aaaa-4bbb-8ccc-000000000009" -Description "meetdesk makes meetings for others"
Grant-CsApplicationAccessPolicy -PolicyName Meetdesk-policy -Identity "11111111-aaaa-4bbb-8ccc-000000000002"
`
	if got := doc.Find(".banner pre").Text(); got != want {
		t.Errorf("commands:\n%s\nwant:\n%s", got, want)
	}
	if text := doc.Find(".banner").Text(); !strings.Contains(text, "30 minutes") {
		t.Errorf("banner = %q", text)
	}
	if n := find(t, "meeting-failed-forbidden").Find(".banner pre").Length(); n != 0 {
		t.Error("the commands show where they do not help")
	}
}

// filledIn returns the values with which a button prefills the meeting form. It leaves out
// the fields that every such button sends.
func filledIn(form *goquery.Selection) url.Values {
	values := hidden(form)
	values.Del("signed_in_as")
	values.Del("edit")
	return values
}

// TestFormAgain checks the form values that two buttons prefill: the button that edits the
// failed request, and the one that proposes a meeting on another day. Both keep an
// organizer other than the user.
func TestFormAgain(t *testing.T) {
	m := unconfirmed(live(7, "INC0012345", "Laptop", now, tomas), meeting.Failed)
	a := attempt(m, meeting.KindCreate, meeting.AttemptFailed, "", meeting.ReasonBusy, call(503, ""))
	a.Asked.ThreadID, a.Asked.Options = "19:general@thread.tacv2", meeting.Options{Lobby: "invited"}
	doc := parse(t, views.Meeting(page(t, dana, "INC0012345", "/meetings/7"), own(m, a)))
	for _, tt := range []struct {
		selector string
		want     url.Values
	}{
		{`.banner form[action="/meetings"]`, url.Values{
			"external_id": {"INC0012345"}, "subject": {"Laptop"}, "time_zone": {"Europe/Lisbon"}, "start": {"2027-03-02T15:04:05Z"}, "end": {"2027-03-02T15:34:05Z"},
			"attendees": {people.Lines(m.Attendees, english(t).Role)}, "organizer": {tomas.ObjectID}, "thread_id": {"19:general@thread.tacv2"}, "lobby": {"invited"},
		}},
		{`.actions form[action="/meetings"]`, url.Values{
			"external_id": {"INC0012345~2"}, "subject": {"Laptop"}, "time_zone": {"Europe/Lisbon"}, "date": {"2027-03-03"}, "start": {"15:04"}, "end": {"15:34"},
			"attendees": {people.Lines(m.Attendees, english(t).Role)}, "organizer": {tomas.ObjectID}, "proposed": {"all"},
		}},
	} {
		if got := filledIn(doc.Find(tt.selector)).Encode(); got != tt.want.Encode() {
			t.Errorf("%s fills in\n%s, want\n%s", tt.selector, got, tt.want.Encode())
		}
	}
	if own := filledIn(find(t, "meeting-created").Find(`.actions form[action="/meetings"]`)); !own.Has("subject") || own.Has("organizer") {
		t.Errorf("one's own next meeting is filled in with %q", own)
	}
}

func TestJournalInformsTheAdministrator(t *testing.T) {
	for sample, want := range map[string]string{
		"meeting-failed-forbidden":     "For your administrator: Microsoft Graph replied with 403, Forbidden. Graph does not say why.",
		"meeting-unfinished-no_answer": "For your administrator: Microsoft Graph gave no reply. The request was sent",
	} {
		if text := find(t, sample).Find(".journal .admin").Text(); !strings.HasPrefix(text, want) {
			t.Errorf("%s: %q, want %q", sample, text, want)
		}
	}
	if n := find(t, "meeting-created").Find(".admin").Length(); n != 0 {
		t.Error("the page has a sentence for the administrator although the attempt succeeded")
	}
}

func TestChangesSinceTheLastRefresh(t *testing.T) {
	doc := find(t, "meeting-changed")
	rows := doc.Find("table.changes tbody tr")
	if rows.Length() != 4 {
		t.Fatalf("%d rows, want the 4 that changed: %s", rows.Length(), rows.Text())
	}
	last := rows.Last()
	if was, is := strings.TrimSpace(last.Find("td").Eq(0).Text()), strings.TrimSpace(last.Find("td").Eq(1).Text()); was != "People in my org and guests" || is != "Everyone" {
		t.Errorf("lobby: was %q, is %q", was, is)
	}
	if text := find(t, "meeting-unchanged").Find(".banner").Text(); !strings.Contains(text, "Nothing shown here has changed since Tue 2 Mar 2027, 15:02.") {
		t.Errorf("banner = %q", text)
	}
}

func TestColleaguesAreNamed(t *testing.T) {
	card := find(t, "meeting-colleagues").Find(".guard")
	if text := card.Text(); !strings.Contains(text, "Tomás Oliveira") || !strings.Contains(text, "Wed 3 Mar 2027") || card.Find(".primary").Length() != 0 {
		t.Errorf("card = %q", text)
	}
	if got := hidden(card.Find(`form[action="/meetings/21/hand-over"]`)).Get("external_id"); got != "INC0012345" {
		t.Errorf("hand-over for %q", got)
	}
}

func TestKitAlone(t *testing.T) {
	doc := find(t, "meeting-kit")
	if n := doc.Find(`main form:not(.notes form, .sent form), .journal, .people, main a[href*="/edit"]`).Length(); n != 0 {
		t.Errorf("a handed-over meeting shows %d things in addition to its kit", n)
	}
	if doc.Find("#invitation, #join-url").Length() != 2 {
		t.Error("it lacks its kit")
	}
	if text := doc.Text(); strings.Contains(text, "Dana Whitfield") || strings.Contains(text, "b2c3d4e5") {
		t.Error("it tells who made it, or of calls")
	}
}

func TestActions(t *testing.T) {
	for sample, want := range map[string]string{
		"meeting-created":          "/meetings/7/edit /meetings/7/refresh /meetings /meetings/7/remove #journal",
		"meeting-removed":          "/meetings #journal",
		"meeting-failed-forbidden": "/meetings #journal",
		"meeting-sight-upcoming":   "#journal /meetings",
		"meeting-kit":              "",
	} {
		var actions []string
		for _, one := range find(t, sample).Find(".actions form, .actions a").EachIter() {
			path, _, _ := strings.Cut(one.AttrOr("action", one.AttrOr("href", "")), "?")
			actions = append(actions, path)
		}
		if got := strings.Join(actions, " "); got != want {
			t.Errorf("%s: %q, want %q", sample, got, want)
		}
	}
}

func TestExpiredLinkIsNotHandedOut(t *testing.T) {
	cancels := map[string]int{"meeting-removed": 1, "meeting-replaced": 1}
	for _, sample := range []string{"meeting-removed", "meeting-replaced"} {
		doc := find(t, sample)
		if n := doc.Find("#invitation, #note, .qr, .tiles, #join a:not([href$='/invitation.ics']), .columns button[data-copy], button[data-print]").Length(); n != 0 {
			t.Errorf("%s: %d ways to hand it out", sample, n)
		}
		if n := doc.Find("a[href$='/invitation.ics']").Length(); n != cancels[sample] {
			t.Errorf("%s: %d calendar files, want %d", sample, n, cancels[sample])
		}
		if text := doc.Find("#join").Text(); !strings.Contains(text, "https://teams.microsoft.com/") {
			t.Errorf("%s: the record lacks the link: %q", sample, text)
		}
	}
}

func TestFacts(t *testing.T) {
	facts := find(t, "meeting-lobby-failed").Find(".side").Text()
	for _, want := range []string{"People in my org and guests", "somethingNew", "Record automatically", "Unresolved", "Outside"} {
		if !strings.Contains(facts, want) {
			t.Errorf("the facts lack %q: %s", want, facts)
		}
	}
	people := find(t, "meeting-lobby-failed").Find(".side .people li")
	for i, want := range []string{"unresolved", "outside", ""} {
		if got := people.Eq(i).Find("[data-standing]").AttrOr("data-standing", ""); got != want {
			t.Errorf("person %d is %q, want %q", i, got, want)
		}
	}
	if text := find(t, "meeting-policy").Find(".side").Text(); !strings.Contains(text, "Created by Dana Whitfield") {
		t.Errorf("the facts lack the maker: %s", text)
	}
	if text := find(t, "meeting-created").Find(".side").Text(); strings.Contains(text, "Created by") || strings.Contains(text, "Channel") {
		t.Errorf("the facts name the organizer as another, or a channel: %s", text)
	}
	if text := find(t, "meeting-adopted").Find(".side").Text(); !strings.Contains(text, "added by its link") || !strings.Contains(text, "19:general@thread.tacv2") {
		t.Errorf("the facts lack the origin or the channel: %s", text)
	}
}

func TestMeetingKit(t *testing.T) {
	doc := find(t, "meeting-created")
	text := doc.Text()
	for _, want := range []string{
		"INC0012345", "Laptop does not start after the update", "Wed 3 Mar 2027, 10:00–10:30", "Europe/Lisbon (UTC+00:00)",
		"Priya Nair", "Tomás Oliveira", "Presenter", "caller@fabrikam.example", "234 567 890 123 4", "aB3xYz", "+351 21 000 0000", "123 456 789#",
		"Sun 2 May 2027", "b2c3d4e5-0a1b-4c2d-9e8f-112233445566", "6f1d6f2e-9a0e-4d7e-8f55-0f1d6a2b3c4d",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	q := hidden(doc.Find(`.actions form:contains("Another meeting")`))
	if q.Get(meeting.FieldExternalID) != "INC0012345~2" || q.Get(meeting.FieldAttendees) != "Tomás Oliveira <tomas@contoso.example> presenter\ncaller@fabrikam.example\n" {
		t.Errorf("another meeting is filled in with %q", q)
	}
	for _, hidden := range doc.Find("button[data-copy]").EachIter() {
		if _, ok := hidden.Attr("hidden"); !ok {
			t.Error("a copy button shows without the script")
		}
	}
}

func TestMeetingOfSomebodyElse(t *testing.T) {
	doc := find(t, "meeting-sight-upcoming")
	if n := doc.Find(`main form:not(.notes form, .sent form, [action="/meetings"]), main a[href*="/edit"], main a[href*="/remove"]`).Length(); n != 0 {
		t.Errorf("%d ways to change a colleague's meeting", n)
	}
	if link, _ := doc.Find(`.reach a[href^="mailto:"]`).Attr("href"); link != "mailto:priya@contoso.example?subject=INC0012345" {
		t.Errorf("mail leads to %q", link)
	}
	if link, _ := doc.Find(".back a").Attr("href"); link != "/history?list=1&q=inc+12345" {
		t.Errorf("back leads to %q", link)
	}
}

func TestMeetingWithoutLink(t *testing.T) {
	doc := find(t, "meeting-failed-forbidden")
	if n := doc.Find("#join, .share, .folds, #invitation, .columns, main button[data-copy='join-url']").Length(); n != 0 {
		t.Errorf("a meeting that was not made shows %d parts of a kit", n)
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
Ticket number: INC0012345
When: Sat 3 Jul 2027, 23:30 – Sun 4 Jul 2027, 00:00 Europe/Lisbon (UTC+01:00)
In UTC: Sat 3 Jul 2027, 22:30–23:00 UTC

Join: https://teams.example/j
Meeting ID: 234 567 890 123 45
Passcode: aB3xYz

Phone: +351 21 000 0000
Phone, free of charge: 800 000 000
Phone conference ID: 123 456 789#
Find a local number: https://dialin.teams.microsoft.com/x?id=123456789
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
