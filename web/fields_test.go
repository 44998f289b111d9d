package web_test

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/form"
	"meetdesk/meeting"
)

// TestFieldsSurvive checks that the fields of the meeting form keep their values after a
// validation error, on the guard page, after a language switch, and across a sign-in.
func TestFieldsSurvive(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBeta)
	b := s.signIn(priya)
	b.post("/meetings", s.form("external_id", "REQ-1")).want(200)
	values := fields(b.get("/meetings/new?external_id=REQ-1&time_zone=Europe%2FLisbon").want(200))
	for name, value := range map[string]string{
		"external_id": "REQ-1", "subject": "Typed", "date": "2027-06-01", "start": "10:00", "end": "11:30", "end_date": "2027-06-01",
		"fold": "first", "attendees": "tomas@contoso.example", "thread_id": "19:general@thread.tacv2",
		"lobby": "invited", "presenters": "organizer", "announce": "on", "record": "on",
	} {
		values.Set(name, value)
	}
	for _, name := range form.Inputs() {
		// The organizer field is only for the help desk, a duration would replace the end, and
		// a series has no guard page.
		if name != meeting.FieldOrganizer && name != meeting.FieldDuration && !slices.Contains(form.SeriesInputs(), name) && values.Get(name) == "" {
			t.Errorf("the field %s has no value: add one above", name)
		}
	}
	wantSame := func(where string, got url.Values, except ...string) {
		t.Helper()
		for name := range values {
			if strings.Contains(strings.Join(except, " "), name) {
				continue
			}
			if a, b := strings.TrimSpace(got.Get(name)), strings.TrimSpace(values.Get(name)); a != b {
				t.Errorf("%s: %s is %q, want %q", where, name, a, b)
			}
		}
	}
	guard := b.post("/meetings", values).want(409)
	wantSame("guard", formFields(guard.doc.Find(`form:has([name="anyway"]):has([value="REQ-1"])`)))
	back := formFields(guard.doc.Find(`form:has([name="edit"])`))
	back.Set("edit", "1")
	wantSame("back from the guard", fields(b.post("/meetings", back).want(200)))

	values.Set("repeat", "week")
	values.Set("times", "1")
	wrong := url.Values{}
	for name := range values {
		wrong.Set(name, values.Get(name))
	}
	wrong.Set("end", "09:00")
	mistake := b.post("/meetings", wrong).want(422)
	wantSame("form with a problem", fields(mistake), "end", "end_date")
	wantSame("language switch", fields(b.post("/preferences", switchFields(mistake, "language", "pt-BR")).want(200, "Nova reunião")), "form_id", "end", "end_date")
	b.post("/preferences", url.Values{"language": {"en"}})

	s.SetAhead(13 * time.Hour)
	held := b.post("/meetings", values).want(401)
	wantSame("ended session", formFields(held.doc.Find(`main form[action="/meetings"]`)))
	r, err := http.NewRequest(http.MethodGet, s.url+held.doc.Find(`main a[href^="/auth/login"]`).AttrOr("href", ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantSame("after the sign-in", fields(s.pick(b, b.do(r), priya).want(200)), "form_id", "signed_in_as")
}

// TestFieldsReachTheMeeting checks that the fields of the meeting form are recorded with
// the attempt. They must also reappear in the forms for changing the meeting, creating
// another one, and resubmitting a refused form.
func TestFieldsReachTheMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t, withBeta)
	b := s.signIn(priya)
	// Clocks in Lisbon go back that night, so the start is ambiguous without a fold.
	values := s.form("external_id", "REQ-1", "subject", "Typed", "date", "2027-10-31", "start", "01:15", "end", "00:30", "end_date", "2027-11-01",
		"fold", "second", "attendees", "tomas@contoso.example", "thread_id", "19:general@thread.tacv2",
		"lobby", "invited", "presenters", "organizer", "announce", "on", "record", "on", "form_id", "reach")
	elsewhere := map[string]string{
		meeting.FieldOrganizer: "is only for the help desk",
		meeting.FieldDuration:  "is an alternative to the end",
		meeting.FieldRepeat:    "makes an import; see TestSeries",
		meeting.FieldTimes:     "makes an import; see TestSeries",
	}
	wantFields := func(where string, got url.Values, except map[string]string) {
		t.Helper()
		for _, name := range form.Inputs() {
			if elsewhere[name] != "" || except[name] != "" {
				continue
			}
			want := values.Get(name)
			if want == "" {
				t.Errorf("the field %s has no value: add one above", name)
			}
			if a := strings.TrimSpace(got.Get(name)); a != want && !(name == meeting.FieldAttendees && strings.Contains(a, want)) {
				t.Errorf("%s loses the field %s: it is %q, want %q", where, name, a, want)
			}
		}
	}
	where := b.post("/meetings", values).want(200, "Created").url.Path
	list := attempts(t, s, newest(t, s, "REQ-1").ID) // newest first
	wantRecorded(t, list[len(list)-1].Asked, form.FromValues(values), s.now())
	wantFields("changeForm in web/meeting_prefill.go", fields(b.get(where+"/edit").want(200)), map[string]string{
		meeting.FieldExternalID: "is fixed: it identifies the meeting",
		meeting.FieldThreadID:   "is fixed: Graph cannot move a meeting to another channel",
	})
	another := formFields(b.get(where).doc.Find(`form:contains("Another meeting")`))
	wantFields("another in views/meeting_paths.go", fields(b.post("/meetings", another).want(200)), map[string]string{
		meeting.FieldExternalID:          "is the next one of the ticket",
		meeting.FieldDate:                "is another day",
		meeting.FieldEndDate:             "is another day",
		meeting.FieldFold:                "is needed on one day of the year",
		meeting.FieldThreadID:            "is left out: another meeting has a chat of its own",
		string(meeting.OptionLobby):      "starts at the organization's default",
		string(meeting.OptionPresenters): "starts at the organization's default",
		string(meeting.OptionAnnounce):   "starts at the organization's default",
		string(meeting.OptionRecord):     "starts at the organization's default",
	})

	values.Set("external_id", "REQ-2")
	values.Set("form_id", "refused")
	s.graph.FailNext(createRoute, emulator.Failure{Status: 400})
	refused := b.post("/meetings", values).want(200, "Edit and send again")
	again := formFields(refused.doc.Find(`form:contains("Edit and send again")`))
	wantFields("again in views/meeting_paths.go", fields(b.post("/meetings", again).want(200)), nil)
}

// wantRecorded fails the test unless the recorded request matches the form. Tomás must be
// the only attendee.
func wantRecorded(t *testing.T, asked meeting.Asked, f form.Form, now time.Time) {
	t.Helper()
	request, problems := f.Request(now)
	if problems.Any() {
		t.Fatal(problems)
	}
	got, want := reflect.ValueOf(asked), reflect.ValueOf(request.Asked(now))
	for i := range got.NumField() {
		name := got.Type().Field(i).Name
		if name == "Attendees" { // the desk adds the attendees' details from the directory
			if len(asked.Attendees) != 1 || asked.Attendees[0].UPN != tomas {
				t.Errorf("the recorded attempt has the attendees %v, want %s", asked.Attendees, tomas)
			}
		} else if !reflect.DeepEqual(got.Field(i).Interface(), want.Field(i).Interface()) {
			t.Errorf("the recorded attempt loses Asked.%s: it is %v, want %v", name, got.Field(i), want.Field(i))
		}
	}
}
