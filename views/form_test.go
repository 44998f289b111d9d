package views_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/meeting"
)

func TestFormKeepsWhatWasTyped(t *testing.T) {
	doc := find(t, "form-wrong")
	for field, want := range map[string]string{
		meeting.FieldExternalID: `<b>"x"</b>`,
		meeting.FieldSubject:    strings.Repeat("long ", 60),
		meeting.FieldDate:       "3 March",
		meeting.FieldStart:      "25:00",
		meeting.FieldEndDate:    "2027-03-04",
		meeting.FieldDuration:   "ages",
	} {
		if got, _ := doc.Find("#" + field).Attr("value"); got != want {
			t.Errorf("%s = %q, want %q", field, got, want)
		}
	}
	if got := doc.Find("#attendees").Text(); got != "nobody at all\npriya@contoso.example\n" {
		t.Errorf("attendees = %q", got)
	}
	if got := doc.Find("#time_zone option[selected]").Text(); got != "Mars/Olympus" {
		t.Errorf("time zone = %q", got)
	}
	// A browser clears a date field whose value is not a date.
	if kind, _ := doc.Find("#date").Attr("type"); kind != "text" {
		t.Errorf("the malformed date is in a field of type %q", kind)
	}
	if kind, _ := find(t, "form-filled").Find("#date").Attr("type"); kind != "date" {
		t.Errorf("the date is in a field of type %q", kind)
	}
	if _, open := doc.Find("#form details").Attr("open"); !open {
		t.Error("the end date is folded away")
	}
	if action, _ := find(t, "form").Find("#form").Attr("action"); action != "/meetings" {
		t.Errorf("form action = %q", action)
	}
}

func TestFormShowsProblems(t *testing.T) {
	doc := find(t, "form-wrong")
	if title := doc.Find("title").Text(); !strings.HasPrefix(title, "Error: ") {
		t.Errorf("title = %q", title)
	}
	links := doc.Find("#problems a")
	if links.Length() != 7 {
		t.Errorf("%d problems in the summary, want 7", links.Length())
	}
	order := links.Map(func(_ int, link *goquery.Selection) string { return link.AttrOr("href", "") })
	if want := []string{"#subject", "#date", "#start", "#duration", "#time_zone", "#fold", "#attendees"}; !slices.Equal(order, want) {
		t.Errorf("the problems lead to %q, want the order of the fields, %q", order, want)
	}
	if folded := doc.Find("#problems details a").Length(); folded != 4 {
		t.Errorf("%d problems are folded, want all but three", folded)
	}
	if details := find(t, "form-full-wrong").Find("#problems details").Length(); details != 0 {
		t.Error("the summary of three problems folds some of them")
	}
	field := doc.Find("#subject")
	if invalid, _ := field.Attr("aria-invalid"); invalid != "true" {
		t.Errorf("subject: aria-invalid = %q", invalid)
	}
	if by := field.AttrOr("aria-describedby", ""); by != "subject-error" {
		t.Errorf("subject: aria-describedby = %q", by)
	}
	if by := doc.Find("#attendees").AttrOr("aria-describedby", ""); by != "attendees-hint attendees-error" {
		t.Errorf("attendees: aria-describedby = %q", by)
	}
	if text := strings.TrimSpace(doc.Find("#subject-error").Text()); text != "The subject must be 255 characters or fewer. It has 299" {
		t.Errorf("subject: %q", text)
	}
	if n := find(t, "form-filled").Find("[aria-invalid], #problems").Length(); n != 0 {
		t.Errorf("a form without problems shows %d", n)
	}
}

func TestFormAsksOnlyForWhatIsNeeded(t *testing.T) {
	if n := find(t, "form-filled").Find(`[name="fold"], [name="duration"]`).Length(); n != 0 {
		t.Errorf("the plain form asks for fold or duration: %d", n)
	}
	if n := find(t, "form-twice").Find(`input[type="radio"][name="fold"]`).Length(); n != 2 {
		t.Errorf("a time that exists twice: %d answers offered, want 2", n)
	}
	if _, ok := find(t, "form").Find("#time_zone").Attr("data-detect-zone"); !ok {
		t.Error("a new form does not look for the browser's zone")
	}
	if _, ok := find(t, "form-filled").Find("#time_zone").Attr("data-detect-zone"); ok {
		t.Error("a remembered zone would be overwritten")
	}
	change := find(t, "form-change")
	if n := change.Find(`[name="external_id"]`).Length(); n != 0 {
		t.Error("the external ID can be changed")
	}
	if got := change.Find(".ticket").Text(); got != "INC0012345" {
		t.Errorf("the external ID is shown as %q", got)
	}
	if action, _ := change.Find("#form").Attr("action"); action != "/meetings/7/update" {
		t.Errorf("change form action = %q", action)
	}
	if base, _ := change.Find(`[name="base_reply"]`).Attr("value"); base != "12" {
		t.Errorf("base_reply = %q", base)
	}
}
