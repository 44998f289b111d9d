package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// tour visits nearly every kind of page and calls look on each page. It creates a meeting
// with the given ticket and subject.
func (b *browser) tour(ticket, subject string, look func(page string)) {
	b.t.Helper()
	b.open("/", 200)
	look("chooser")
	b.follow("Priya Nair")
	look("home")

	b.follow("New meeting")
	look("form")
	b.choose("Start", "10:00")
	b.choose("End", "09:00")
	b.clear("End date")
	b.followTo("Create meeting", 422)
	b.sees("There are 2 problems with the form")
	look("form-wrong")
	b.fill(ticket, subject, "10:00", "10:30")
	b.choose("Date", addDays(nextWeek(), -8))
	b.followTo("Create meeting", 422)
	b.sees("Create anyway")
	look("form-past")

	b.create(ticket, subject, "10:00", "10:30")
	b.sees("Created")
	look("meeting-created")
	b.fill("REQ0004410", "A second look", "11:00", "11:30")
	b.waitFor("Use this one")
	look("form-guard")
	b.followTo("Create meeting", 409)
	look("guard")
	b.follow("Use this one")
	look("meeting-handed-over")
	b.follow("Give up access")
	look("end-access")
	b.follow("Cancel")
	b.open("/t/INC0012330", 200)
	look("ticket")
	b.follow("Home")
	b.follow("Add an existing Teams meeting")
	b.followTo("Add meeting", 422)
	look("adopt-wrong")
	b.follow("Home")
	b.follow(ticket)
	b.follow("Refresh")
	look("meeting-refreshed")
	b.follow("Remove…")
	look("remove")
	b.follow("Cancel")
	b.follow("Change")
	look("change")
	b.choose("End", "09:00")
	b.followTo("Save changes", 422)
	look("change-wrong")
	b.choose("End", "10:45")
	b.follow("Save changes")
	b.sees("Changed")
	look("meeting-changed")
	b.fill(ticket, "Another subject", "15:00", "15:30")
	b.followTo("Create meeting", 409)
	look("guard-own")
	b.follow("Compare with what I entered")
	b.sees("Found")
	look("meeting-found")
	b.follow("Home")
	b.follow("INC0012351") // the demo's history contains this failed attempt
	b.sees("Failed")
	look("meeting-failed")

	b.follow("History")
	look("history")
	b.write("Find a meeting", "no such ticket")
	b.follow("Find")
	b.sees("No meeting was found")
	look("history-empty")
	b.importRows(ticket, look)
	b.open("/meetings/999999", 404)
	look("error")
	b.signOut("Sign out")
	look("signed-out")

	b.follow("Sign in")
	b.followTo("Sam Norole", 403)
	look("no-role")
	b.signOut("Sign out")
	b.signIn("Tomás Oliveira")
	b.open("/t/"+ticket, 200)
	b.follow("Usar esta")
	b.signOut("Sair")
	b.signIn("Priya Nair")
	b.follow(ticket)
	b.sees("since", "with the ticket number")
	look("meeting-shared")
	b.follow("End access")
	b.sees("End this access?")
	look("end-access-of-another")
	b.follow("End access")
	b.sees("ended by Priya Nair", "Give access again")
	look("meeting-access-ended")
	b.signOut("Sign out")
	b.signIn("Dana Whitfield")
	b.follow("History")
	look("history-everyone")
	b.follow(ticket)
	b.sees("Only the organizer can change this meeting.")
	look("meeting-of-another")
	b.open("/history?q=vpn&state=past", 200)
	b.sees("Found by:", "Filter and sort")
	look("history-found")
	b.open("/history?state=gone&from=yesterday", 422)
	look("history-wrong")
	b.open("/history?q=https%3A%2F%2Fteams.microsoft.com%2Fmeet%2F2345678901234", 200)
	b.sees("Looks like a link to a Teams meeting.")
	look("history-no-match-link")
	b.open("/history?q=INC0012351", 200)
	b.openMore()
	b.sees("This meeting was not created, so there is no link.", "If Priya Nair has left")
	look("meeting-failed-of-another")
	b.follow("New meeting")
	look("form-help-desk")
	b.signOut("Sign out")
	b.signIn("Alex Admin")
	b.administration(look)
	b.open("/meetings/new?preset=Nobody", 200)
	b.sees("There is no preset “Nobody”")
	look("form-preset-unknown")
}

// portugueseOthers visits pages as users other than Tomás, with a browser that prefers
// Portuguese.
func (b *browser) portugueseOthers(look func(page string)) {
	b.t.Helper()
	call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": "pt-BR"}})
	b.open("/", 200)
	b.signOut("Sair")
	b.sees("Entrar")
	look("signed-out")
	b.follow("Entrar")
	b.followTo("Sam Norole", 403)
	look("no-role")
	b.signOut("Sair")
	b.follow("Entrar")
	b.follow("Dana Whitfield")
	b.follow("Nova reunião")
	look("form-help-desk")
	b.follow("Histórico")
	look("history-everyone")
	b.follow("INC0012777")
	b.openMore()
	b.sees("Apenas o organizador pode alterar esta reunião.", "Se Tomás Oliveira saiu da organização")
	look("meeting-of-another")
	b.signOut("Sair")
	b.follow("Entrar")
	b.follow("Priya Nair")
	b.follow("INC0012351") // the demo's history contains this failed attempt
	look("meeting-failed")
	b.signOut("Sair")
	b.follow("Entrar")
	b.follow("Alex Admin")
	b.administrationInPortuguese(look)
}

// TestEveryPage runs checkPage on every page of the tour, with the longest ticket and
// subject. The tour must visit every GET route that is not in notPages.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	b := openBrowser(t, startDesk(t))
	pages := 0
	routes, unvisited := pageRoutes(t)
	b.tour(longTicket, longSubject, func(page string) {
		pages++
		path := do(b, "read the address", chromedp.Evaluate[string]("location.pathname"))
		_, pattern := routes.Handler(httptest.NewRequest(http.MethodGet, path, nil))
		delete(unvisited, pattern)
		b.checkPage(page, axe)
	})
	if pages < 25 {
		t.Errorf("only %d pages were visited", pages)
	}
	for pattern := range unvisited {
		t.Errorf("no tour visits %s: visit it in e2e/tour_test.go, or add it to notPages if it is not a page", pattern)
	}
}

// notPages lists the GET routes that TestEveryPage does not visit: routes that return no
// HTML, the sample pages for developers, and the waiting page, which TestWaitingPage
// checks.
var notPages = []string{
	"/healthz", "/readyz", "/static/{file}", "/favicon.ico", "/history.csv", "/history.xlsx", "/admin/audit.csv", "/admin/audit.jsonl", "/imports/template.xlsx", "/imports/{id}/events", "/imports/{id}/result.csv", "/imports/{id}/result.xlsx", "/dev/pages", "/dev/pages/{name}",
	"/auth/login", "/auth/callback", "/auth/frontchannel-logout", "/auth/session",
	"/meetings/{id}/invitation.ics", "/meetings/{id}/qr.svg", "/waiting/{key}",
}

// pageRoutes returns the GET routes in package web that return a page, as a mux and as a
// set of patterns.
func pageRoutes(t *testing.T) (*http.ServeMux, map[string]bool) {
	t.Helper()
	table, err := os.ReadFile("../web/routes.go")
	if err != nil {
		t.Fatal(err)
	}
	mux, patterns := http.NewServeMux(), make(map[string]bool)
	for _, match := range regexp.MustCompile(`\("(GET (/[^"]*))"`).FindAllStringSubmatch(string(table), -1) {
		if !slices.Contains(notPages, match[2]) {
			mux.Handle(match[1], http.NotFoundHandler())
			patterns[match[1]] = true
		}
	}
	return mux, patterns
}
