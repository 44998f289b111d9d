package e2e_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestSignOutAtTheProvider checks that signing out at the provider ends the desk's
// session through a frame on the provider's page. The browser sends no cookies with the
// frame's request.
func TestSignOutAtTheProvider(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	const tenant = "6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10"
	b.arrives("sign out at the provider", http.StatusOK, chromedp.Navigate("http://"+d.emulator+"/"+tenant+"/oauth2/v2.0/logout"))
	b.sees("You are signed out")
	b.open("/", http.StatusOK) // by now the previous page and its frame have loaded
	b.sees("Pick an account")
}
