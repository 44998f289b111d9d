package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// administration visits the administration pages and calls look on each of them. Alex must
// be signed in.
func (b *browser) administration(look func(page string)) {
	b.t.Helper()
	b.follow("Admin")
	look("admin")
	b.follow("Audit")
	b.sees("Signed in")
	look("audit")
	b.follow("Retention")
	look("retention")
	b.write("Meetings older than (months)", "1")
	b.follow("Count what would be removed")
	b.sees("Nothing is that old") // the demo's meetings are only a few days old
	look("purge-preview")
	b.follow("Cancel")
	b.follow("Check")
	b.followTo("Check now", 200)
	b.sees("Sign-in provider", "Graph responded")
	look("check")
	b.follow("People")
	look("people")
	b.follow("Dana Whitfield")
	look("person")
	b.follow("Export or erase")
	look("person-records")
	b.open("/sessions", 200)
	look("sessions")
	b.follow("Admin")
	b.follow("Imports")
	look("admin-imports")
	b.follow("Presets")
	b.sees("Change review", "Review of {ticket}", "60 min")
	look("presets")
	b.follow("Add a preset")
	look("preset-new")
	b.followTo("Save preset", 422)
	b.sees("Enter a name")
	look("preset-wrong")
	b.follow("Cancel")
	b.follow("Change review")
	look("preset")
}

// administrationInPortuguese does the same as administration, in Portuguese.
func (b *browser) administrationInPortuguese(look func(page string)) {
	b.t.Helper()
	b.follow("Admin")
	look("admin")
	b.follow("Auditoria")
	b.sees("Entrou")
	look("audit")
	b.follow("Retenção")
	look("retention")
	b.write("Reuniões com mais de (meses)", "1")
	b.follow("Contar o que seria excluído")
	b.sees("Nenhum registro é tão antigo")
	look("purge-preview")
	b.follow("Cancelar")
	b.follow("Verificação")
	b.followTo("Verificar agora", 200)
	b.sees("Provedor de entrada", "O Graph respondeu")
	look("check")
	b.follow("Pessoas")
	look("people")
	b.follow("Dana Whitfield")
	look("person")
	b.follow("Exportar ou apagar")
	look("person-records")
	b.open("/sessions", 200)
	look("sessions")
	b.follow("Admin")
	b.follow("Importações")
	look("admin-imports")
	b.follow("Modelos")
	look("presets")
	b.follow("Adicionar um modelo")
	look("preset-new")
	b.followTo("Salvar modelo", 422)
	look("preset-wrong")
	b.follow("Cancelar")
	b.follow("Change review")
	look("preset")
}

// TestAdministrationWithoutScripts visits all administration pages in both languages, with
// scripts disabled.
func TestAdministrationWithoutScripts(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.withoutScripts()
	visit := func(language string, administration func(func(string))) {
		routes, unvisited := pageRoutes(t)
		administration(func(string) {
			path := do(b, "read the address", chromedp.Evaluate[string]("location.pathname"))
			_, pattern := routes.Handler(httptest.NewRequest(http.MethodGet, path, nil))
			delete(unvisited, pattern)
		})
		for pattern := range unvisited {
			if strings.HasPrefix(pattern, "GET /admin") {
				t.Errorf("%s: no visit to %s", language, pattern)
			}
		}
	}
	b.signIn("Alex Admin")
	visit("English", b.administration)
	b.signOut("Sign out")
	call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": "pt-BR"}})
	b.open("/", 200)
	b.follow("Alex Admin")
	visit("Portuguese", b.administrationInPortuguese)
}

// TestAdministrationByKeyboard signs a user out and erases the user's personal data, using
// only the keyboard.
func TestAdministrationByKeyboard(t *testing.T) {
	t.Parallel()
	desk := startDesk(t)
	dana, b := openBrowser(t, desk), openBrowser(t, desk)
	dana.signIn("Dana Whitfield")
	b.signIn("Alex Admin")
	for _, name := range []string{"Admin", "People", "Dana Whitfield", "Sign out everywhere"} {
		b.tabTo(name)
		b.pressTo(kb.Enter, 200)
	}
	b.sees("No session is open.")
	dana.open("/history", 200)
	if dana.offers("Find") {
		t.Error("Dana is still signed in")
	}
	b.tabTo("Export or erase")
	b.pressTo(kb.Enter, 200)
	b.tabTo("Erase for ever")
	b.pressTo(kb.Enter, 422)
	if at := b.focus(); !strings.HasPrefix(at, "There is a problem with the form") {
		t.Fatalf("after a mistake the focus is on %q", at)
	}
	b.tabTo("To confirm, type dana@contoso.example")
	b.press("dana@contoso.example")
	b.pressTo(kb.Enter, 200)
	b.sees("Erased a person, now “Erased person 1”")
}
