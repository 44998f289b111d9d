package e2e_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestSigningOutAtTheProvider: the frame on the provider's own page ends the
// session here, in a real browser that sends it no cookie of the desk.
func TestSigningOutAtTheProvider(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	b := openBrowser(t, d)
	b.signIn("Priya Nair")
	_, emulator := d.ports()
	const tenant = "6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10"
	b.arrives("sign out at the provider", http.StatusOK, chromedp.Navigate("http://"+emulator+"/"+tenant+"/oauth2/v2.0/logout"))
	b.sees("You are signed out")
	b.open("/", http.StatusOK) // the page before had loaded, with its frame
	b.sees("Pick an account")
}
