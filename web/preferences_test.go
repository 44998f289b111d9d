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
)

// readKeys returns the keys of all sentences without placeholders.
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

// printers returns the sentences in English and in Portuguese.
func printers(t *testing.T) (english, portuguese locale.Printer) {
	t.Helper()
	c := catalogue(t)
	return c.Printer("en"), c.Printer("pt-BR")
}

func plainKeys(t *testing.T) []string {
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

// preferred is what the database remembers of the person.
func preferred(t *testing.T, s *site, upn string) preferences {
	t.Helper()
	row := strings.Split(readColumn(t, s, `SELECT language || '|' || theme || '|' || time_zone FROM users WHERE upn = '`+upn+`'`), "|")
	return preferences{row[0], row[1], row[2]}
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		sent   url.Values
		status int
		at     string // where it ends
		says   string
		want   preferences
	}{
		{"language", url.Values{"language": {"pt-BR"}}, 200, "/", "Uma reunião para um chamado", preferences{"pt-BR", "dark", "Asia/Kolkata"}},
		{"and back to where one was", url.Values{"language": {"pt-BR"}, "return_to": {"/history?q=INC+1"}}, 200, "/history?q=INC+1", "Nenhuma reunião", preferences{"pt-BR", "dark", "Asia/Kolkata"}},
		{"theme", url.Values{"theme": {"light"}}, 200, "/", "A meeting for a ticket", preferences{"en", "light", "Asia/Kolkata"}},
		{"the system's theme", url.Values{"theme": {"system"}}, 200, "/", "A meeting for a ticket", preferences{"en", "", "Asia/Kolkata"}},
		{"time zone", url.Values{"time_zone": {"America/Sao_Paulo"}}, 200, "/", "Times in America/Sao_Paulo", preferences{"en", "dark", "America/Sao_Paulo"}},
		{"all", url.Values{"language": {"pt-BR"}, "theme": {"light"}, "time_zone": {"UTC"}}, 200, "/", "no fuso UTC", preferences{"pt-BR", "light", "UTC"}},
		{"blank forgets", url.Values{"language": {""}, "theme": {""}, "time_zone": {""}}, 200, "/", "A meeting for a ticket", preferences{}},
		{"nothing", url.Values{}, 200, "/", "A meeting for a ticket", preferences{"en", "dark", "Asia/Kolkata"}},
		{"another site", url.Values{"language": {"pt-BR"}, "return_to": {"https://evil.example/"}}, 200, "/", "Uma reunião", preferences{"pt-BR", "dark", "Asia/Kolkata"}},
		{"another host", url.Values{"language": {"pt-BR"}, "return_to": {"//evil.example/"}}, 200, "/", "Uma reunião", preferences{"pt-BR", "dark", "Asia/Kolkata"}},
		{"unknown language", url.Values{"language": {"tlh"}}, 400, "/preferences", "“tlh” is not a language that the desk speaks.", preferences{"en", "dark", "Asia/Kolkata"}},
		{"a near language", url.Values{"language": {"pt"}}, 400, "/preferences", "“pt” is not a language", preferences{"en", "dark", "Asia/Kolkata"}},
		{"unknown theme", url.Values{"theme": {"<b>neon</b>"}}, 400, "/preferences", "“<b>neon</b>” is not a theme that the desk has.", preferences{"en", "dark", "Asia/Kolkata"}},
		{"unknown zone", url.Values{"time_zone": {"Mars/Olympus"}}, 400, "/preferences", "“Mars/Olympus” is not a time zone that the desk knows.", preferences{"en", "dark", "Asia/Kolkata"}},
		{"one good, one bad", url.Values{"language": {"pt-BR"}, "theme": {"neon"}}, 400, "/preferences", "“neon” is not a theme", preferences{"en", "dark", "Asia/Kolkata"}},
		{"a long one", url.Values{"theme": {strings.Repeat("x", 5000)}}, 400, "/preferences", strings.Repeat("x", 79) + "…”", preferences{"en", "dark", "Asia/Kolkata"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			b := s.signIn(priya)
			b.post("/preferences", url.Values{"language": {"en"}, "theme": {"dark"}, "time_zone": {"Asia/Kolkata"}}).want(200)
			if tt.want.zone == "America/Sao_Paulo" || tt.want.zone == "UTC" {
				b.post("/meetings", s.form("time_zone", "Asia/Kolkata")).want(200) // so that home has times to show
			}
			p := b.post("/preferences", tt.sent).want(tt.status, tt.says)
			if p.url.RequestURI() != tt.at || p.url.Host != mustURL(t, s.url).Host {
				t.Errorf("it ends at %s, want %s", p.url, tt.at)
			}
			if got := preferred(t, s, priya); got != tt.want {
				t.Errorf("remembered is %v, want %v", got, tt.want)
			}
			if tt.status != 200 {
				wantErrorPage(t, p)
			}
		})
	}
}

func TestAChoiceIsRemembered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/preferences", url.Values{"language": {"pt-BR"}, "theme": {"dark"}}).want(200)
	b.post("/auth/logout", nil)
	p := s.signIn(priya).get("/history").want(200, "Histórico").wantLanguage("pt-BR")
	if got := p.doc.Find("html").AttrOr("data-theme", ""); got != "dark" {
		t.Errorf("data-theme is %q after the next sign-in", got)
	}
	s.signIn(tomas).get("/").wantLanguage("en") // it is hers alone
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
			t.Errorf("%s: data-theme is %q", tt.choice, got)
		}
		if got := p.doc.Find(`meta[name="color-scheme"]`).AttrOr("content", ""); got != tt.scheme {
			t.Errorf("%s: color-scheme is %q", tt.choice, got)
		}
		if got := p.doc.Find(`.switch button[name="theme"][aria-pressed="true"]`).AttrOr("value", ""); got != tt.choice {
			t.Errorf("%s: the switch stands at %q", tt.choice, got)
		}
	}
	if p := s.browser().get("/auth/signed-out"); p.doc.Find("html[data-theme], .switch").Length() != 0 {
		t.Error("somebody who is signed out has a theme or a switch")
	}
}

// TestSwitchesLeadBack presses the switch on pages of every kind: one ends where
// one was, and what was typed is still there.
func TestSwitchesLeadBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(tomas).post("/meetings", s.form("external_id", "INC-TAKEN")).want(200)
	b := s.signIn(priya)
	b.post("/meetings", s.form()).want(200)
	wrong := s.form("start", "", "end", "09:00", "subject", "Typed with care", "base_reply", "1")
	for name, tt := range map[string]struct {
		page *page
		at   string // the beginning of the address
		says string
	}{
		"home":                {b.get("/"), "/", "Uma reunião para um chamado"},
		"a search":            {b.get("/history?q=a%20b&before=9"), "/history?q=a%20b&before=9", "Nenhuma reunião"},
		"a prefilled form":    {b.get("/meetings/new?external_id=X-1&start=10:00"), "/meetings/new?external_id=X-1&start=10:00", "Nova reunião"},
		"a form with faults":  {b.post("/meetings", wrong), "/meetings/new?", "Nova reunião"},
		"a change with one":   {b.post("/meetings/2/update", wrong), "/meetings/2/edit?", "Alterar a reunião"},
		"the guard":           {b.post("/meetings", s.form("external_id", "INC-TAKEN", "subject", "Typed with care")), "/meetings/new?", "Nova reunião"},
		"adopting":            {b.post("/meetings/adopt", url.Values{"join_url": {"x"}}), "/meetings/adopt", "Adicionar uma reunião"},
		"an error":            {b.get("/meetings/999"), "/meetings/999", "Reunião não encontrada"},
		"an error of a route": {b.get("/auth/callback?state=x"), "/", "Uma reunião"},
		"a refused choice":    {b.post("/preferences", url.Values{"theme": {"neon"}}), "/", "Uma reunião"},
	} {
		t.Run(name, func(t *testing.T) {
			b.post("/preferences", url.Values{"language": {"en"}}).want(200)
			button := tt.page.doc.Find(`.switch button[name="language"][value="pt-BR"]`)
			language := button.Closest("form")
			if language.AttrOr("action", "") != "/preferences" || language.AttrOr("method", "") != "post" {
				t.Fatalf("no switch on %s:\n%s", tt.page.url, tt.page.text())
			}
			p := b.post("/preferences", url.Values{
				"language": {"pt-BR"}, "return_to": {language.Find(`[name="return_to"]`).AttrOr("value", "")},
			})
			if !strings.HasPrefix(p.url.RequestURI(), tt.at) || !strings.Contains(p.text(), tt.says) {
				t.Errorf("it ends at %s, want %s with %q:\n%s", p.url, tt.at, tt.says, p.text())
			}
			if strings.HasSuffix(tt.at, "?") {
				if got := fields(p); got.Get("subject") != "Typed with care" || got.Get(form.FieldFormID) == "" {
					t.Errorf("the form came back as %v", got)
				}
				if strings.Contains(p.text(), "Isto não foi enviado") {
					t.Error("it says that the session had ended")
				}
			}
		})
	}
	if base := fields(b.get(here(b.post("/meetings/2/update", wrong)))).Get(form.FieldBaseReply); base != "1" {
		t.Errorf("the change is based on the reply %s, want 1", base)
	}
	if blank := fields(b.get(here(b.post("/meetings", wrong)))); blank.Get("start") != "" || blank.Get("end") != "09:00" {
		t.Errorf("blanks are filled in: %v", blank)
	}
}

func here(p *page) string {
	return p.doc.Find(`.switch [name="return_to"]`).First().AttrOr("value", "")
}
