package web_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"meetdesk/form"
	"meetdesk/locale"
	"meetdesk/testenv"
)

// readKeys returns the keys of all user interface messages that contain neither placeholders
// nor plural forms.
var readKeys = sync.OnceValues(func() (keys []string, err error) {
	text, err := os.ReadFile("../locale/en.json")
	if err != nil {
		return nil, err
	}
	var all map[string]any
	err = json.Unmarshal(text, &all)
	for key, value := range all {
		if sentence, plain := value.(string); plain && !strings.Contains(sentence, "{{") {
			keys = append(keys, key)
		}
	}
	return keys, err
})

func printers(t testing.TB) (english, portuguese locale.Printer) {
	t.Helper()
	c := catalogue(t)
	return c.Printer("en"), c.Printer("pt-BR")
}

func plainKeys(t testing.TB) []string {
	t.Helper()
	keys, err := readKeys()
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) < 200 {
		t.Fatalf("only %d plain sentences", len(keys))
	}
	return keys
}

type preferences struct{ language, theme, zone string }

func preferred(t *testing.T, s *site, upn string) preferences {
	t.Helper()
	row := strings.Split(readColumn(t, s, `SELECT language || '|' || theme || '|' || time_zone FROM users WHERE upn = '`+upn+`'`), "|")
	return preferences{row[0], row[1], row[2]}
}

func TestPreferences(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, tt := range []struct {
		name   string
		sent   url.Values
		status int
		at     string // the URL of the page after the change
		says   string
		want   preferences
	}{
		{"language", url.Values{"language": {"pt-BR"}}, 200, "/", "Reuniões", preferences{"pt-BR", "dark", "Asia/Kolkata"}},
		{"language, return to a page", url.Values{"language": {"pt-BR"}, "return_to": {"/history?q=INC+1"}}, 200, "/history?q=INC+1", "Nenhuma reunião", preferences{"pt-BR", "dark", "Asia/Kolkata"}},
		{"theme", url.Values{"theme": {"light"}}, 200, "/", "Meetings", preferences{"en", "light", "Asia/Kolkata"}},
		{"theme of the system", url.Values{"theme": {"system"}}, 200, "/", "Meetings", preferences{"en", "", "Asia/Kolkata"}},
		{"time zone", url.Values{"time_zone": {"America/Sao_Paulo"}}, 200, "/", "Times in America/Sao_Paulo", preferences{"en", "dark", "America/Sao_Paulo"}},
		{"all three", url.Values{"language": {"pt-BR"}, "theme": {"light"}, "time_zone": {"UTC"}}, 200, "/", "no fuso UTC", preferences{"pt-BR", "light", "UTC"}},
		{"empty values reset", url.Values{"language": {""}, "theme": {""}, "time_zone": {""}}, 200, "/", "Meetings", preferences{}},
		{"nothing", url.Values{}, 200, "/", "Meetings", preferences{"en", "dark", "Asia/Kolkata"}},
		{"return to another site", url.Values{"language": {"pt-BR"}, "return_to": {"https://evil.example/"}}, 200, "/", "Reuniões", preferences{"pt-BR", "dark", "Asia/Kolkata"}},
		{"return to another host", url.Values{"language": {"pt-BR"}, "return_to": {"//evil.example/"}}, 200, "/", "Reuniões", preferences{"pt-BR", "dark", "Asia/Kolkata"}},
		{"unknown language", url.Values{"language": {"tlh"}}, 400, "/preferences", "“tlh” is not a language that meetdesk has.", preferences{"en", "dark", "Asia/Kolkata"}},
		{"similar language", url.Values{"language": {"pt"}}, 400, "/preferences", "“pt” is not a language", preferences{"en", "dark", "Asia/Kolkata"}},
		{"unknown theme", url.Values{"theme": {"<b>neon</b>"}}, 400, "/preferences", "“<b>neon</b>” is not a theme that meetdesk has.", preferences{"en", "dark", "Asia/Kolkata"}},
		{"unknown zone", url.Values{"time_zone": {"Mars/Olympus"}}, 400, "/preferences", "“Mars/Olympus” is not a valid time zone.", preferences{"en", "dark", "Asia/Kolkata"}},
		{"one valid, one invalid", url.Values{"language": {"pt-BR"}, "theme": {"neon"}}, 400, "/preferences", "“neon” is not a theme", preferences{"en", "dark", "Asia/Kolkata"}},
		{"long value", url.Values{"theme": {strings.Repeat("x", 5000)}}, 400, "/preferences", strings.Repeat("x", 79) + "…”", preferences{"en", "dark", "Asia/Kolkata"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			b.post("/preferences", url.Values{"language": {"en"}, "theme": {"dark"}, "time_zone": {"Asia/Kolkata"}}).want(200)
			if tt.want.zone == "America/Sao_Paulo" || tt.want.zone == "UTC" {
				b.post("/meetings", s.form("time_zone", "Asia/Kolkata")).want(200) // so that the home page shows times
			}
			p := b.post("/preferences", tt.sent).want(tt.status, tt.says)
			if p.url.RequestURI() != tt.at || p.url.Host != mustURL(t, s.url).Host {
				t.Errorf("it leads to %s, want %s", p.url, tt.at)
			}
			if got := preferred(t, s, priya); got != tt.want {
				t.Errorf("stored preferences %v, want %v", got, tt.want)
			}
			if tt.status != 200 {
				wantErrorPage(t, p)
			}
		})
	}
}

func TestPreferencesPersist(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"language": {"pt-BR"}, "theme": {"dark"}}).want(200)
	b.post("/auth/logout", nil)
	p := s.signIn(priya).get("/history").want(200, "Histórico").wantLanguage("pt-BR")
	if got := p.doc.Find("html").AttrOr("data-theme", ""); got != "dark" {
		t.Errorf("data-theme is %q after the next sign-in, want dark", got)
	}
	s.signIn(tomas).get("/").wantLanguage("en") // Priya's choice does not apply to Tomás
}

func TestTheme(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for _, tt := range []struct{ choice, attribute, scheme string }{
		{"system", "", "light dark"}, {"light", "light", "light"}, {"dark", "dark", "dark"},
	} {
		p := b.post("/preferences", url.Values{"theme": {tt.choice}, "return_to": {"/history"}}).want(200)
		if got := p.doc.Find("html").AttrOr("data-theme", ""); got != tt.attribute {
			t.Errorf("%s: got data-theme %q", tt.choice, got)
		}
		if got := p.doc.Find(`meta[name="color-scheme"]`).AttrOr("content", ""); got != tt.scheme {
			t.Errorf("%s: got color-scheme %q", tt.choice, got)
		}
		if got := p.doc.Find(`.switch button[name="theme"][aria-pressed="true"]`).AttrOr("value", ""); got != tt.choice {
			t.Errorf("%s: the pressed button is %q", tt.choice, got)
		}
	}
	if p := s.browser().get("/auth/signed-out"); p.doc.Find("html[data-theme], .switch").Length() != 0 {
		t.Error("the page for visitors has a theme or a switch")
	}
}

// TestSwitchReturns checks which page the user sees after switching the language on various
// pages, and that forms keep their input.
func TestSwitchReturns(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC-TAKEN")).want(200)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	wrong := s.form("start", "", "end", "09:00", "subject", "Typed with care", "base_reply", "1")
	for name, tt := range map[string]struct {
		page *page
		at   string // the beginning of the URL after the switch
		says string
	}{
		"home":                       {b.get("/"), "/", "Reuniões"},
		"search":                     {b.get("/history?q=a%20b&before=9"), "/history?q=a%20b&before=9", "Nenhuma reunião"},
		"prefilled form":             {b.get("/meetings/new?external_id=X-1&start=10:00"), "/meetings/new", "Nova reunião"},
		"form with problems":         {b.post("/meetings", wrong), "/meetings/new?", "Nova reunião"},
		"change with a problem":      {b.post("/meetings/2/update", wrong), "/meetings/2/edit?", "Alterar a reunião"},
		"guard":                      {b.post("/meetings", s.form("external_id", "INC-TAKEN", "subject", "Typed with care")), "/meetings/new?", "Nova reunião"},
		"adopt":                      {b.post("/meetings/adopt", url.Values{"join_url": {"x"}}), "/meetings/adopt", "Adicionar uma reunião"},
		"error page":                 {b.get("/meetings/999"), "/meetings/999", "Reunião não encontrada"},
		"error page of the callback": {b.get("/auth/callback?state=x"), "/", "Reuniões"},
		"invalid preference":         {b.post("/preferences", url.Values{"theme": {"neon"}}), "/", "Reuniões"},
	} {
		t.Run(name, func(t *testing.T) {
			b.post("/preferences", url.Values{"language": {"en"}}).want(200)
			p := b.post("/preferences", switchFields(tt.page, "language", "pt-BR"))
			if !strings.HasPrefix(p.url.RequestURI(), tt.at) || !strings.Contains(p.text(), tt.says) {
				t.Errorf("it leads to %s, want %s with %q:\n%s", p.url, tt.at, tt.says, p.text())
			}
			if strings.HasSuffix(tt.at, "?") {
				if got := fields(p); got.Get("subject") != "Typed with care" || got.Get(form.FieldFormID) == "" {
					t.Errorf("the form has %v, want what was typed", got)
				}
				if strings.Contains(p.text(), "Isto não foi enviado") {
					t.Error("the page says that the session had ended")
				}
			}
		})
	}
	if base := fields(b.post("/preferences", switchFields(b.post("/meetings/2/update", wrong), "theme", "dark"))).Get(form.FieldBaseReply); base != "1" {
		t.Errorf("the form is based on reply %s, want 1", base)
	}
	if got := fields(b.post("/preferences", switchFields(b.post("/meetings", wrong), "theme", "dark"))); got.Get("start") != "" || got.Get("end") != "09:00" {
		t.Errorf("the empty start was filled in: %v", got)
	}
}

// switchFields returns the form fields that a browser sends when a button of the page's
// language or theme switch is pressed.
func switchFields(p *page, name, value string) url.Values {
	p.t.Helper()
	button := p.doc.Find(`.switch button[name="` + name + `"][value="` + value + `"]`)
	sent := button.Closest("form")
	action := sent.AttrOr("action", "")
	if id, ok := button.Attr("form"); ok {
		sent, action = p.doc.Find("form#"+id), button.AttrOr("formaction", "")
		sent = sent.AddSelection(p.doc.Find(`input[form="` + id + `"]`).Parent())
	}
	if action != "/preferences" || sent.First().AttrOr("method", "") != "post" {
		p.t.Fatalf("%s has no %s switch:\n%s", p.url, name, p.text())
	}
	values := formFields(sent)
	values.Set(name, value)
	return values
}
