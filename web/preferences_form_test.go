package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// longForm returns a form that is too long for a URL, with a long subject and 60 people.
func longForm(s *site) url.Values {
	var people strings.Builder
	for i := range 60 {
		fmt.Fprintf(&people, "Person number %d <person.number.%d@partner.example>\r\n", i, i)
	}
	return s.form("external_id", "INC-LONG", "subject", strings.Repeat("Schön & lang ", 19), "attendees", people.String())
}

// lines returns a field's value without carriage returns or surrounding white space.
func lines(values url.Values, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(values.Get(name), "\r", ""))
}

// TestSwitchKeepsLongForms checks that switching the language or theme keeps the input in a
// form that is too long for a URL.
func TestSwitchKeepsLongForms(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC-LONG")).want(200)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	values := longForm(s)
	wrong := longForm(s)
	wrong.Set("end", "09:00")
	change := longForm(s)
	change.Set("end", "09:00")
	change.Set("base_reply", "1")
	for name, tt := range map[string]struct {
		page *page
		says string
	}{
		"new":   {b.post("/meetings", wrong).want(422), "Nova reunião"},
		"edit":  {b.post(where+"/update", change).want(422), "Alterar a reunião"},
		"guard": {b.post("/meetings", values).want(409), "Nova reunião"},
	} {
		t.Run(name, func(t *testing.T) {
			b.post("/preferences", url.Values{"language": {"en"}, "time_zone": {"Asia/Kolkata"}}).want(200)
			p := b.post("/preferences", switchFields(tt.page, "language", "pt-BR")).want(200, tt.says).wantLanguage("pt-BR")
			p = b.post("/preferences", switchFields(p, "theme", "dark")).want(200, tt.says).wantLanguage("pt-BR")
			if got := p.doc.Find("html").AttrOr("data-theme", ""); got != "dark" {
				t.Errorf("the theme is %q", got)
			}
			for _, field := range []string{"subject", "attendees", "date", "start", "time_zone"} {
				if got, want := lines(fields(p), field), lines(values, field); got != want {
					t.Errorf("%s is %.200q, want %.200q", field, got, want)
				}
			}
			if got := preferred(t, s, priya); got.zone != "Asia/Kolkata" {
				t.Errorf("the switch stored the form's time zone: %v", got)
			}
		})
	}
	t.Run("adopt", func(t *testing.T) {
		link := "https://example.org/" + strings.Repeat("x", 5000)
		p := b.post("/meetings/adopt", url.Values{"join_url": {link}})
		p = b.post("/preferences", switchFields(p, "language", "en")).want(200)
		if got := p.doc.Find("#join_url").AttrOr("value", ""); got != link {
			t.Errorf("the link has %d characters, want %d", len(got), len(link))
		}
	})
}

// TestSwitchKeepsHeldForms checks that switching the language or theme keeps a form that
// was opened under another account and does not process it.
func TestSwitchKeepsHeldForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	values := longForm(s)
	values.Set("signed_in_as", s.signIn(priya).get("/meetings/new").doc.Find(`[name="signed_in_as"]`).First().AttrOr("value", ""))
	b := s.signIn(tomas)
	held := b.post("/meetings", values).want(http.StatusConflict)
	p := b.post("/preferences", switchFields(held, "language", "pt-BR")).want(http.StatusConflict).wantLanguage("pt-BR")
	p = b.post("/preferences", switchFields(p, "theme", "dark")).want(http.StatusConflict).wantLanguage("pt-BR")
	got := formFields(p.doc.Find(`main form[action="/meetings"]`).First())
	for _, name := range []string{"subject", "attendees", "external_id"} {
		if lines(got, name) != lines(values, name) {
			t.Errorf("%s is %.100q, want %.100q", name, got.Get(name), values.Get(name))
		}
	}
	if n := len(bodies(s, "POST")); n != 0 {
		t.Errorf("Graph got %d requests", n)
	}
	for _, to := range []string{"", "/nowhere", "https://evil.example/meetings"} {
		b.post("/preferences", url.Values{"held": {"a=b"}, "held_for": {to}}).want(400)
	}
}
