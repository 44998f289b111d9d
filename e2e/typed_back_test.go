package e2e_test

import (
	"database/sql"
	"fmt"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	_ "modernc.org/sqlite"

	"meetdesk/store"
)

// TestTypedFormSurvivesErrors submits a form while the desk is busy with the same
// person's requests, or while its database is locked. The error page must contain the
// user's input. With scripts, the input must also be in the form after the user navigates
// back.
func TestTypedFormSurvivesErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fails  func(*browser) (end func())
		status int    // HTTP status of the first response
		says   string // text that the error page must show
	}{
		"busy": {(*browser).occupy, http.StatusTooManyRequests, "Nothing was sent to Microsoft."},
		// While the desk waits for the lock, it shows the waiting page. The error page
		// must not claim that nothing was sent, because the desk has already sent the
		// entered address to Microsoft.
		"database locked": {(*browser).lockDatabase, http.StatusOK, "Nothing was saved."},
	} {
		for _, scripts := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, scripts %v", name, scripts), func(t *testing.T) {
				t.Parallel()
				d := startDesk(t)
				d.fails = true
				b := openBrowser(t, d)
				if !scripts {
					b.withoutScripts()
				}
				b.signIn("Priya Nair")
				b.fill("INC0012777", "Keyboard without a Tab key", "10:00", "10:30")
				b.choose("People (optional)", "tomas@contoso.example presenter")
				typed := b.fields()
				end := tt.fails(b)
				b.followTo("Create meeting", tt.status)
				b.waitFor(tt.says)
				content := eventually(b, chromedp.Evaluate[string](shown))
				for name, value := range typed {
					if value != "false" && !strings.Contains(content, value) {
						t.Errorf("the page lacks %s, %q", name, value)
					}
				}
				end()
				b.complaints.forget() // the browser's reports of the failed requests are expected
				if !scripts {
					return // while scripts are off, Chromium does not respond to DevTools after going back
				}
				b.backTo("/meetings/new")
				if got := b.fields(); !maps.Equal(got, typed) {
					t.Errorf("after going back, the form has\n%q\nwant\n%q", got, typed)
				}
			})
		}
	}
}

func (b *browser) backTo(path string) {
	b.t.Helper()
	for do(b, "read the address", chromedp.Location()) != b.desk.url+path {
		do(b, "go back", chromedp.NavigateBack())
	}
}

// fields returns the values of the form's fields by name. It leaves out hidden inputs and
// unchecked radio buttons.
func (b *browser) fields() map[string]string {
	b.t.Helper()
	return eventually(b, chromedp.Evaluate[map[string]string](`Object.fromEntries([...document.querySelector("#form").elements].filter(
		(e) => e.name && e.matches("input:not([type=hidden], [type=radio]), select, textarea, input:checked")
	).map((e) => [e.name, e.type === "checkbox" ? String(e.checked) : e.value]))`))
}

// occupy sends so many incomplete requests that the desk refuses any more from the same
// person. They stay open until the returned function is called or the desk stops waiting
// for their bodies.
func (b *browser) occupy() (end func()) {
	b.t.Helper()
	var cookies []string
	for _, c := range call(b, network.GetCookies, network.GetCookiesParams{URLs: []string{b.desk.url}}).Cookies {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	cookie := strings.Join(cookies, "; ")
	head := "POST /preferences HTTP/1.1\r\nHost: " + strings.TrimPrefix(b.desk.url, "http://") + "\r\nCookie: " + cookie +
		"\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n"
	var open []net.Conn
	end = func() {
		for _, c := range open {
			c.Close()
		}
	}
	b.t.Cleanup(end)
	for limit := time.Now().Add(patience); time.Now().Before(limit); {
		for range 50 {
			c, err := net.Dial("tcp", b.desk.addr)
			if err != nil {
				b.t.Fatal(err)
			}
			open = append(open, c)
			if _, err := c.Write([]byte(head)); err != nil {
				b.t.Fatal(err)
			}
		}
		request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.desk.url+"/meetings/new", nil)
		if err != nil {
			b.t.Fatal(err)
		}
		request.Header.Set("Cookie", cookie)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			b.t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusTooManyRequests {
			return end
		}
	}
	b.t.Fatal("the desk is not busy")
	return nil
}

// lockDatabase locks the database, as another process might, until the returned function is
// called.
func (b *browser) lockDatabase() (end func()) {
	b.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.desk.data, store.FileName)+"?_txlock=immediate")
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { db.Close() })
	tx, err := db.Begin()
	if err != nil {
		b.t.Fatal(err)
	}
	end = func() { tx.Rollback() }
	b.t.Cleanup(end)
	return end
}
