package views_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

func TestGuardPage(t *testing.T) {
	doc := find(t, "guard")
	if text := doc.Find(".guard").Text(); !strings.Contains(text, "Tomás Oliveira") || !strings.Contains(text, "Wed 3 Mar 2027") {
		t.Errorf("card = %q", text)
	}
	anyway := doc.Find(`form[action="/meetings"]:has([name="anyway"])`)
	if anyway.Length() != 1 {
		t.Fatalf("%d ways to make one's own", anyway.Length())
	}
	sent := hidden(anyway)
	for name, want := range map[string]string{
		"external_id": "INC0012345", "subject": "Laptop does not start", "date": "2027-03-03", "start": "10:00", "end": "10:30", "end_date": "2027-03-04",
		"duration": "30", "time_zone": "Europe/Lisbon", "fold": "first", "attendees": "caller@fabrikam.example\n", "form_id": "f-1",
		"thread_id": "19:general@thread.tacv2", "organizer": tomas.ObjectID,
		"lobby": "invited", "presenters": "organizer", "announce": "on", "record": "off", "anyway": "1",
	} {
		if got := sent[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is sent as %q, want %q", name, got, want)
		}
	}
	if got := hidden(doc.Find(`form[action="/meetings/21/hand-over"]`)).Get("external_id"); got != "INC0012345" {
		t.Errorf("hand-over for %q", got)
	}
	back := doc.Find(`form[action="/meetings"]:has(button[name="edit"])`)
	if back.Length() != 1 {
		t.Fatalf("%d ways back to the form", back.Length())
	}
	sent.Del("anyway")
	if got := hidden(back); got.Encode() != sent.Encode() {
		t.Errorf("back to the form goes %v, want %v", got, sent)
	}
}

func TestLimitedGuardNamesNobody(t *testing.T) {
	doc := find(t, "guard-limited")
	if text := doc.Text(); strings.Contains(text, "Tomás") || doc.Find(".guard").Length() != 0 {
		t.Error("it names a colleague")
	}
	forms := doc.Find(`form[action="/meetings"]:not(:has([name="edit"]))`)
	if forms.Length() != 2 {
		t.Fatalf("%d forms, want one to check again and one to make it", forms.Length())
	}
	if again, anyway := hidden(forms.First()).Get("anyway"), hidden(forms.Last()).Get("anyway"); again != "" || anyway != "1" {
		t.Errorf("anyway = %q and %q", again, anyway)
	}
}

// TestGuardCardHasNoFrame checks that the card is a fragment rather than a whole page, and
// that it escapes the ticket.
func TestGuardCardHasNoFrame(t *testing.T) {
	html := render(t, views.GuardCard(page(t, priya, "", ""), views.GuardCardData{ExternalID: `<b>"INC1"`, Guarded: meeting.Guarded{Colleagues: colleagues()}}))
	if !strings.HasPrefix(html, "<section") || strings.Contains(html, "<html") || strings.Contains(html, "<b>") {
		t.Errorf("card:\n%s", html)
	}
}

// TestGuardListTellsMeetingsApart checks that no two rows are alike and that only one
// button is primary. If all meetings are over, the primary button is the one that creates
// a new meeting.
func TestGuardListTellsMeetingsApart(t *testing.T) {
	for sample, filled := range map[string]string{
		"guard": "Use this one", "guard-one": "Create anyway", "guard-own": "Open it",
		"ticket": "Use this one", "ticket-help-desk": "Use this one",
	} {
		doc := find(t, sample)
		if buttons := doc.Find("main .primary"); buttons.Length() != 1 || !strings.Contains(buttons.Text(), filled) {
			t.Errorf("%s: filled are %q, want %q alone", sample, buttons.Text(), filled)
		}
		seen := make(map[string]bool)
		doc.Find(".guard li").Each(func(_ int, li *goquery.Selection) {
			if text := strings.Join(strings.Fields(li.Text()), " "); seen[text] {
				t.Errorf("%s: two rows read %q", sample, text)
			} else {
				seen[text] = true
			}
			if li.Find(".id").Text() == "" || li.Find(".badge").Text() == "" || li.Find(".hint").Text() == "" {
				t.Errorf("%s: no number, status or time in\n%s", sample, li.Text())
			}
		})
	}
}

func TestTicket(t *testing.T) {
	doc := find(t, "ticket")
	if text := doc.Find("main").Text(); !strings.Contains(text, "Tomás Oliveira") || !strings.Contains(text, "INC0012345") {
		t.Errorf("ticket = %q", text)
	}
	if got := hidden(doc.Find(`main form[action="/meetings"]`)); got.Get("external_id") != "INC0012345" || got.Get("subject") != "Printer" {
		t.Errorf("one's own meeting is filled in with %q", got)
	}
	if n := doc.Find("main a").Length(); n != 0 {
		t.Errorf("staff get %d links, want none", n)
	}
	if n := find(t, "ticket-help-desk").Find(`main a[href="/history?q=INC0012345"]`).Length(); n != 1 {
		t.Errorf("help desk: %d ways to the history", n)
	}
}

func TestAdopt(t *testing.T) {
	form := find(t, "adopt").Find(`form[action="/meetings/adopt?submit"]`)
	if method := form.AttrOr("method", ""); method != "post" || form.Find("#join_url").Length() != 1 {
		t.Errorf("adopts by %q", method)
	}
	doc := find(t, "adopt-wrong")
	if title := doc.Find("title").Text(); !strings.HasPrefix(title, "Error: ") {
		t.Errorf("title = %q", title)
	}
	if href := doc.Find("#problems a").AttrOr("href", ""); href != "#join_url" {
		t.Errorf("the problem leads to %q", href)
	}
	if field := doc.Find("#join_url"); field.AttrOr("value", "") != "https://teams.example/x" || field.AttrOr("aria-invalid", "") != "true" {
		t.Error("the link is lost, or not marked")
	}
	for _, sample := range []string{"home", "history-no-match"} {
		if n := find(t, sample).Find(`main a[href="/meetings/adopt"]`).Length(); n != 1 {
			t.Errorf("%s: %d ways to bring a meeting in", sample, n)
		}
	}
}

func TestRemoveExplainsItself(t *testing.T) {
	doc := find(t, "remove")
	if got := hidden(doc.Find(`form[action="/meetings/7/remove"]`)).Get("base_reply"); got != "12" {
		t.Errorf("base_reply = %q", got)
	}
	if n := doc.Find(`main a[href="/meetings/7"]`).Length(); n != 1 {
		t.Errorf("%d ways back", n)
	}
	text := doc.Find("main").Text()
	for _, want := range []string{"INC0012345", "deleted at Microsoft", "may go on working", "are not told", "stays in the history", "not certain"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if text := find(t, "remove-adopted").Find("main").Text(); strings.Contains(text, "ticket number again") {
		t.Errorf("a meeting without a ticket: %q", text)
	}
}

func TestHomeNamesOtherOrganizers(t *testing.T) {
	who := find(t, "home-calm").Find(".history .who")
	if first, last := who.First().Text(), who.Last().Text(); first != "Priya Nair" || last != "Tomás Oliveira" {
		t.Errorf("the organizers are %q to %q", first, last)
	}
}

func TestFormOfTheHelpDesk(t *testing.T) {
	doc := find(t, "form-full")
	if got := strings.TrimSpace(doc.Find("#organizer option[selected]").Text()); got != "Tomás Oliveira (tomas@contoso.example)" {
		t.Errorf("organizer = %q", got)
	}
	if first := doc.Find("#organizer option").First(); first.AttrOr("value", "x") != "" || first.Text() != "Me" {
		t.Errorf("the first organizer is %q", first.Text())
	}
	for field, want := range map[string]string{"lobby": "invited", "presenters": "", "announce": "", "record": "on"} {
		if got := doc.Find("#"+field+" option[selected]").AttrOr("value", "none"); got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
	if got := doc.Find("#thread_id").AttrOr("value", ""); got != "19:general@thread.tacv2" {
		t.Errorf("thread_id = %q", got)
	}
	if line := doc.Find("details.options [data-summary]").Text(); line != "Who can bypass the lobby: People who were invited · Record automatically: On · Channel: 19:general@thread.tacv2" {
		t.Errorf("the folded options say %q", line)
	}
	if _, open := find(t, "form-full-new").Find("details.options").Attr("open"); open {
		t.Error("options that nobody chose are unfolded")
	}
	if n := find(t, "form").Find("#organizer, #thread_id").Length(); n != 0 {
		t.Errorf("the plain form has %d fields of the help desk's", n)
	}
	combobox := doc.Find("[data-people]")
	if _, ok := combobox.Attr("hidden"); !ok || combobox.AttrOr("data-from", "") != "/people" {
		t.Error("the combobox shows without the script, or looks elsewhere")
	}
	if n := combobox.Find("[name]").Length(); n != 0 {
		t.Errorf("%d controls of the combobox are sent with the form", n)
	}
	wrong := find(t, "form-full-wrong")
	var links []string
	for _, link := range wrong.Find("#problems a").EachIter() {
		links = append(links, link.AttrOr("href", ""))
	}
	if got := strings.Join(links, " "); got != "#organizer #lobby #thread_id" {
		t.Errorf("the problems lead to %q", got)
	}
	if _, open := wrong.Find("details.options").Attr("open"); !open {
		t.Error("a problem is folded away")
	}
	if got := wrong.Find("#lobby option[selected]").Text(); got != "nobody" {
		t.Errorf("the unknown choice is shown as %q", got)
	}
}

func TestFormOfAChange(t *testing.T) {
	doc := find(t, "form-change-options")
	for field, want := range map[string]string{"lobby": "organizer", "presenters": "", "announce": "off", "record": ""} {
		if got := doc.Find("#"+field+" option[selected]").AttrOr("value", "none"); got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
	if got := doc.Find("#lobby option").First().Text(); got != "Keep as it is" {
		t.Errorf("the first choice is %q", got)
	}
	if _, open := doc.Find("details.options").Attr("open"); open {
		t.Error("options that nobody changes are unfolded")
	}
	if n := doc.Find("#thread_id, [data-guard]").Length(); n != 0 {
		t.Error("a change asks for a channel, or for colleagues")
	}
	crowd := find(t, "form-change-crowd")
	if n := crowd.Find(`[name="attendees"], [data-people]`).Length(); n != 0 {
		t.Error("a list that may be cut can be changed")
	}
	if text := crowd.Find("#attendees").Text(); !strings.Contains(text, "750") || !strings.Contains(text, "in Teams") {
		t.Errorf("people = %q", text)
	}
	if n := doc.Find(`textarea[name="attendees"]`).Length(); n != 1 {
		t.Error("an ordinary list cannot be changed")
	}
}

// TestOptionsFoldIntoALine checks that collapsed options are summarized in one line, and
// that a problem expands them.
func TestOptionsFoldIntoALine(t *testing.T) {
	m := live(7, "INC0012345", "Laptop", now, priya)
	m.Options = meeting.Options{Lobby: "invited"}
	for _, tt := range []struct {
		name string
		d    views.FormData
		open bool
		line string
	}{
		{"nothing chosen", views.FormData{}, false, "Organization default"},
		{"an option", views.FormData{Form: form.Form{Options: meeting.Options{Record: meeting.On}}}, false, "Record automatically: On"},
		{"what the meeting has", views.FormData{Meeting: &m, Form: form.Form{Options: m.Options}}, false, "Who can bypass the lobby: People who were invited"},
		{"another than the meeting has", views.FormData{Meeting: &m, Form: form.Form{Options: meeting.Options{Lobby: "everyone"}}}, false, "Who can bypass the lobby: Everyone"},
		{"a channel", views.FormData{Beta: true, Form: form.Form{ThreadID: "19:general@thread.tacv2"}}, false, "Channel: 19:general@thread.tacv2"},
		{"a channel where that is off", views.FormData{Form: form.Form{ThreadID: "19:general@thread.tacv2"}}, false, "Organization default"},
		{"a problem with the channel", views.FormData{Beta: true, Problems: meeting.Problems{{Field: meeting.FieldThreadID, Key: meeting.ReasonThreadIDUnreadable}}}, true, "Organization default"},
		{"a problem with an option", views.FormData{Problems: meeting.Problems{{Field: string(meeting.OptionLobby), Key: meeting.ReasonOptionUnknown}}}, true, "Organization default"},
		{"a problem elsewhere", views.FormData{Problems: meeting.Problems{{Field: meeting.FieldSubject, Key: meeting.ReasonSubjectControl}}}, false, "Organization default"},
	} {
		options := parse(t, views.MeetingForm(page(t, priya, "", "/meetings/new"), tt.d)).Find("details.options")
		if _, open := options.Attr("open"); open != tt.open {
			t.Errorf("%s: unfolded %v, want %v", tt.name, open, tt.open)
		}
		if line := options.Find("[data-summary]").Text(); line != tt.line {
			t.Errorf("%s: the line is %q, want %q", tt.name, line, tt.line)
		}
	}
}

func TestFormLooksUpColleagues(t *testing.T) {
	doc := find(t, "form")
	if got := doc.Find("#external_id").AttrOr("data-guard", ""); got != "/meetings/new/guard" {
		t.Errorf("data-guard = %q", got)
	}
	if got := doc.Find("#guard").AttrOr("aria-live", ""); got != "polite" {
		t.Errorf("aria-live = %q", got)
	}
}
