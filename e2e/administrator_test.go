package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"meetdesk/testenv"
)

// administration visits the administration pages and calls look on each of them.
// Alex must be signed in.
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

// administratorSamples matches the names of samples that show administrators' pages.
var administratorSamples = regexp.MustCompile(`^(admin|audit|check|people|person|preset|purge|retention|sessions)(s?|-.*)$`)

// TestStatesOfAdministration runs checkPage on the administrators' pages in both languages.
// Each sample shows a page in a particular state, such as filtered, without entries or with
// mistakes.
func TestStatesOfAdministration(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	axe := readAxe(t)
	b := openBrowser(t, nil)
	site, names := samplePages(t)
	pages := 0
	for _, name := range names {
		if language, sample, _ := strings.Cut(name, "/"); administratorSamples.MatchString(sample) {
			pages++
			do(b, "open "+name, chromedp.Navigate(site+"/"+name))
			b.checkPage(name, axe)
			if language == "en" {
				b.reachesAll(name)
			}
		}
	}
	if pages < 70 {
		t.Errorf("only %d pages were checked", pages)
	}
}

// reachesAll checks that Tab reaches every focusable element of the page, and that each
// element is visible while it has focus.
func (b *browser) reachesAll(page string) {
	b.t.Helper()
	left := do(b, "find what Tab must reach", chromedp.Evaluate[int](`(() => {
		document.activeElement.blur();
		const group = e => e.type === "radio" && !e.checked; // the arrow keys reach these
		window.unreached = new Set([...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
			.filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0 && !group(e)));
		return unreached.size;
	})()`))
	if left < 8 {
		b.t.Errorf("%s: Tab has only %d things to reach", page, left)
	}
	for range left + 40 { // a date field has several tab stops
		b.press(kb.Tab)
		b.focus()
		if left = do(b, "note the focus", chromedp.Evaluate[int](`unreached.delete(document.activeElement), unreached.size`)); left == 0 {
			return
		}
	}
	missing := do(b, "name what was not reached", chromedp.Evaluate[[]string](`[...unreached].map(e => e.outerHTML.slice(0, 100))`))
	b.t.Errorf("%s: Tab does not reach\n\t%s", page, strings.Join(missing, "\n\t"))
}
