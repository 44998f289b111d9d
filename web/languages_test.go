package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

const brazilian = "pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7"

// speaking returns a signed-out browser that sends the given Accept-Language header.
func (s *site) speaking(languages string) *browser {
	b := s.browser()
	b.client.Transport = languageTransport{b.client.Transport, languages}
	return b
}

type languageTransport struct {
	http.RoundTripper
	languages string
}

func (l languageTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept-Language", l.languages)
	return l.RoundTripper.RoundTrip(r)
}

func (b *browser) signInAs(upn string) *page {
	b.t.Helper()
	return b.get("/auth/login?login_hint=" + url.QueryEscape(upn)).want(200)
}

// wantLanguage checks that the page declares the given language and, unless the language is
// English, contains no English messages.
func (p *page) wantLanguage(tag string) *page {
	p.t.Helper()
	if got := p.doc.Find("html").AttrOr("lang", ""); got != tag {
		p.t.Errorf("%s: html lang is %q, want %q", p.url, got, tag)
	}
	if tag == "en" {
		return p
	}
	english, other := printers(p.t)
	title, _, _ := strings.Cut(p.doc.Find("title").Text(), " · ")
	texts := map[string]bool{title: true}
	for _, element := range p.doc.Find("html *").EachIter() {
		for _, a := range element.Get(0).Attr {
			if strings.HasPrefix(a.Key, "data-") || a.Key == "aria-label" || a.Key == "title" || a.Key == "placeholder" || a.Key == "alt" {
				texts[a.Val] = true
			}
		}
		for _, child := range element.Contents().EachIter() {
			texts[strings.TrimSpace(child.Text())] = true
		}
	}
	for _, key := range plainKeys(p.t) {
		if sentence := english.T(key); texts[sentence] && sentence != other.T(key) && key != "language.name" {
			p.t.Errorf("%s: %q is English (%s)", p.url, sentence, key)
		}
	}
	return p
}

func TestBrowserLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for languages, want := range map[string]string{
		"": "en", brazilian: "pt-BR", "pt": "pt-BR", "pt-PT,pt;q=0.9": "pt-BR", "en-GB,en;q=0.9,pt;q=0.8": "en", "de-DE,de;q=0.9": "en", "*": "en", ";;q=x": "en",
	} {
		p := s.speaking(languages).get("/auth/signed-out").want(200).wantLanguage(want)
		if cache := p.header.Get("Cache-Control"); cache != "no-store" {
			t.Errorf("%q: Cache-Control is %q", languages, cache)
		}
	}
	b := s.speaking(brazilian)
	b.signInAs(priya).want(200, "Reuniões", "Você não tem próximas reuniões.").wantLanguage("pt-BR")
	b.get("/meetings/new").want(200, "Número do chamado (ID externo)", "Fuso horário").wantLanguage("pt-BR")
	b.post("/meetings", s.form("start", "25:00")).want(422, "Há um problema no formulário", "“25:00” não é um horário válido.").wantLanguage("pt-BR")
	b.post("/meetings", s.form()).want(200, "Criada", "Reunião do Microsoft Teams", "ID da reunião").wantLanguage("pt-BR")
	b.get("/meetings/1/edit").want(200, "Salvar alterações").wantLanguage("pt-BR")
	b.get("/meetings/1/remove").want(200, "Remover esta reunião?").wantLanguage("pt-BR")
	b.get("/history").want(200, "Suas reuniões. Horários em").wantLanguage("pt-BR")
	b.get("/history?q=nada").want(200, "Nenhuma reunião foi encontrada para “nada”.").wantLanguage("pt-BR")
	b.get("/meetings/adopt").want(200, "Adicionar uma reunião existente do Teams").wantLanguage("pt-BR")
}

func TestLanguageOfErrorPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.speaking(brazilian)
	b.signInAs(priya)
	b.post("/meetings", s.form()).want(200)
	for path, status := range map[string]int{"/nowhere": 404, "/meetings/99": 404, "/attempts/1/retry": 405, "/static/nothing.css": 404, "/auth/callback?state=x": 401} {
		p := b.get(path).want(status).wantLanguage("pt-BR")
		wantErrorPage(t, p)
	}
	s.speaking(brazilian).get("/auth/callback?state=x").want(401, "Entrar novamente").wantLanguage("pt-BR")
	s.speaking(brazilian).get("/auth/login?login_hint="+sam).want(403, "Você ainda não pode usar o meetdesk").wantLanguage("pt-BR")
	other := s.speaking(brazilian)
	other.signInAs(tomas)
	other.post("/meetings/1/update", s.form()).want(404, "Reunião não encontrada").wantLanguage("pt-BR")

	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	b.post("/meetings", s.form("external_id", "REFUSED-1")).want(200, "Falha: a reunião não foi criada", "Para o administrador:").wantLanguage("pt-BR")
	for range 3 {
		s.graph.FailNext(createRoute, emulator.Failure{Drop: true, Apply: true})
	}
	b.post("/meetings", s.form("external_id", "DROPPED-1")).want(200, "Não confirmada: a reunião pode existir").wantLanguage("pt-BR")
}

func TestProviderLanguage(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	french := emulator.Person{ObjectID: "7c0e0000-0000-4000-8000-0000000000f1", UPN: "fr@contoso.example", Name: "Sample", Roles: []string{"Meetdesk.Staff"}, Language: "fr-FR"}
	british := emulator.Person{ObjectID: "7c0e0000-0000-4000-8000-0000000000f2", UPN: "gb@contoso.example", Name: "Sample", Roles: []string{"Meetdesk.Staff"}, Language: "en-GB"}
	s := newSite(t, withTheirLanguages, func(s *siteSettings) { s.People = append(s.People, french, british) })
	for _, tt := range []struct{ name, upn, browser, want, stored string }{
		{"account's language", tomas, "", "pt-BR", "pt-BR"},
		{"account's language before the browser's", tomas, "en-US,en;q=0.9", "pt-BR", "pt-BR"},
		{"no language in the account", priya, brazilian, "pt-BR", ""},
		{"unknown language in the account", french.UPN, brazilian, "pt-BR", ""},
		{"unknown language in the account, none in the browser", french.UPN, "", "en", ""},
		{"regional variant", british.UPN, brazilian, "en", "en"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := s.speaking(tt.browser).signInAs(tt.upn)
			p.wantLanguage(tt.want)
			if got := preferred(t, s, tt.upn).language; got != tt.stored {
				t.Errorf("the stored language is %q, want %q", got, tt.stored)
			}
		})
	}
	t.Run("chosen language before the account's", func(t *testing.T) {
		b := s.signIn(tomas)
		b.post("/preferences", url.Values{"language": {"en"}}).want(200).wantLanguage("en")
		s.speaking(brazilian).signInAs(tomas).wantLanguage("en")
	})
}
