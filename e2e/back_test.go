package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// shown is a script that returns the page's whole content, including hidden text and
// field values.
const shown = `document.documentElement.outerHTML + "\n" + [...document.querySelectorAll("input, textarea, select")].map(e => e.value).join("\n")`

// back goes back one page and returns that page's URL and content. ok is false if there is
// no previous page.
func (b *browser) back() (address, content string, ok bool) {
	b.t.Helper()
	before := eventually(b, chromedp.NavigationEntries())
	if before.CurrentIndex == 0 {
		return "", "", false
	}
	eventually(b, chromedp.Evaluate[any](`setTimeout(() => history.back()); 0`))
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		now := eventually(b, chromedp.NavigationEntries())
		if now.CurrentIndex < before.CurrentIndex {
			time.Sleep(300 * time.Millisecond) // gives the page time to redirect
			for eventually(b, chromedp.Evaluate[bool]("document.documentElement.hidden")) && time.Now().Before(end) {
				time.Sleep(50 * time.Millisecond) // the page stays hidden while it checks the session
			}
			return now.Entries[now.CurrentIndex].URL, eventually(b, chromedp.Evaluate[string](shown)), true
		}
		if time.Now().After(end) {
			b.t.Fatalf("does not go back from %s", before.Entries[before.CurrentIndex].URL)
		}
	}
}

// eventually repeats an action until it succeeds, and returns the result. Actions can fail
// while the browser is loading another page.
func eventually[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		result, err := chromedp.Run(ctx, action)
		if err == nil {
			return result
		}
		if ctx.Err() != nil {
			b.t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// typeSecrets fills the browser's history with pages that contain private data: a
// meeting, a rejected form, and a form that was not submitted.
func (b *browser) typeSecrets() {
	b.t.Helper()
	b.create("INC0012777", "A secret subject", "10:00", "10:30")
	b.sees("Created")
	b.fill("INC0012778", "A secret subject too", "10:00", "10:30")
	b.typePeople()
	b.choose("End", "09:00")
	b.followTo("Create meeting", 422)
	b.follow("Home")
	b.follow("New meeting")
	b.write("Subject (optional)", "A secret that was not sent")
	b.typePeople()
	b.follow("Home")
}

func (b *browser) typePeople() {
	b.t.Helper()
	do(b, "write into People", chromedp.SendKeys(field("People (optional)"), "secret@contoso.example\n"))
	b.waitToBe(`document.getElementById("said").textContent === "Added: secret@contoso.example"`)
}

// wantNothingSecret goes back as far as possible and checks that no page shows private
// data.
func (b *browser) wantNothingSecret() {
	b.t.Helper()
	for pages := 0; ; pages++ {
		address, content, ok := b.back()
		if !ok {
			if pages < 6 {
				b.t.Errorf("went back %d pages only", pages)
			}
			return
		}
		if strings.Contains(strings.ToLower(content), "secret") {
			b.t.Errorf("%s: has the secret", address)
		}
	}
}

// TestBackAfterSigningOut checks that the Back button shows no private data after the user
// has signed out, even if another user has signed in since.
func TestBackAfterSigningOut(t *testing.T) {
	for name, signOut := range map[string]func(b *browser){
		"here": func(b *browser) {
			b.signOut("Sign out")
		},
		"here, and somebody else signs in": func(b *browser) {
			b.signOut("Sign out")
			b.open("/auth/login?login_hint=tomas@contoso.example", 200)
		},
		"in another tab": func(b *browser) {
			tab := b.anotherTab()
			tab.signOut("Sign out")
		},
		"in another tab, where somebody else signs in": func(b *browser) {
			tab := b.anotherTab()
			tab.signOut("Sign out")
			tab.open("/auth/login?login_hint=tomas@contoso.example", 200)
		},
		"at the desk alone": (*browser).endSession,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBrowser(t, startDesk(t))
			b.signIn("Priya Nair")
			b.typeSecrets()
			signOut(b)
			b.wantNothingSecret()
		})
	}
}

func (b *browser) anotherTab() *browser {
	ctx, end := chromedp.NewContext(b.ctx)
	b.t.Cleanup(end)
	if err := chromedp.Listen(ctx, b.complaints.hear); err != nil { // this call opens the tab
		b.t.Fatal(err)
	}
	tab := *b
	tab.ctx = ctx
	tab.open("/history", 200)
	return &tab
}

// endSession ends the session on the server only, as a sign-out at the provider does.
func (b *browser) endSession() {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.desk.url+"/auth/logout", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	cookies := call(b, network.GetCookies, network.GetCookiesParams{URLs: []string{b.desk.url}})
	for _, c := range cookies.Cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		b.t.Fatalf("ending the session: %s", answer.Status)
	}
}

func TestBackToOwnPage(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.typeSecrets()
	if address, content, _ := b.back(); !strings.Contains(content, "A secret that was not sent") || !strings.Contains(content, "secret@contoso.example") {
		t.Errorf("%s has lost what was typed", address)
	}
}

// TestBackToABusyDesk goes back while the desk refuses requests, and while it restarts
// behind its proxy. The page must wait for the desk and then contain what was typed.
func TestBackToABusyDesk(t *testing.T) {
	t.Parallel()
	t.Run("busy", func(t *testing.T) {
		t.Parallel()
		b := openBrowser(t, startDesk(t))
		b.goBackWhile(b.occupy, http.StatusTooManyRequests)
	})
	t.Run("restarting", func(t *testing.T) {
		t.Parallel()
		d := startSecureDesk(t)
		b := openBrowser(t, d.desk)
		b.goBackWhile(func() (end func()) {
			d.kill()
			return func() { d.serve() }
		}, http.StatusBadGateway)
	})
}

// goBackWhile goes back to a form while requests fail with the given status.
func (b *browser) goBackWhile(fails func() (end func()), status int) {
	b.t.Helper()
	b.signIn("Priya Nair")
	b.open("/meetings/adopt", http.StatusOK)
	do(b, "type the link", chromedp.SetValue("#join_url", "https://teams.example/typed"))
	b.follow("Home")
	answered := b.sessionChecks()
	end := fails()
	eventually(b, chromedp.Evaluate[any](`setTimeout(() => history.back()); 0`))
	select {
	case got := <-answered:
		if got != status {
			b.t.Fatalf("the page was told %d, want %d", got, status)
		}
	case <-time.After(patience):
		b.t.Fatal("the page did not ask for the session")
	}
	end()
	for began := time.Now(); eventually(b, chromedp.Evaluate[bool](`document.documentElement.hidden`)); time.Sleep(50 * time.Millisecond) {
		if time.Since(began) > patience {
			b.t.Fatal("the page stays hidden")
		}
	}
	if content := eventually(b, chromedp.Evaluate[string](shown)); !strings.Contains(content, "https://teams.example/typed") {
		b.t.Errorf("%s has lost what was typed", do(b, "read the address", chromedp.Location()))
	}
	b.complaints.forget() // the browser's reports of the failed requests are expected
}

// sessionChecks returns a channel with the statuses of the responses to pages that come back.
func (b *browser) sessionChecks() <-chan int {
	b.t.Helper()
	answered := make(chan int, 100)
	if err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*network.EventResponseReceived); ok && strings.Contains(e.Response.URL, "/auth/session?") {
			answered <- int(e.Response.Status)
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	return answered
}
