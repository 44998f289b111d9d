package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
)

// TestFieldsSurvive checks that every field of the form keeps its value after a mistake,
// on the guard page, after a language switch, when the session has ended, and after
// signing in again.
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
		if name != meeting.FieldOrganizer && name != meeting.FieldDuration && values.Get(name) == "" { // the first is only for the help desk, the second an alternative to the end
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

	wrong := url.Values{}
	for name := range values {
		wrong.Set(name, values.Get(name))
	}
	wrong.Set("end", "09:00")
	mistake := b.post("/meetings", wrong).want(422)
	wantSame("form with a problem", fields(mistake), "end", "end_date")
	language := formFields(mistake.doc.Find(`form[action="/preferences"]:has([value="pt-BR"])`))
	language.Set("language", "pt-BR")
	wantSame("language switch", fields(b.post("/preferences", language).want(200, "Nova reunião")), "form_id", "end", "end_date")
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
