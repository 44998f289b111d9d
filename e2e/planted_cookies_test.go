package e2e_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// attacker is the HTTP client of an attacker who signs in as Tomás.
type attacker struct {
	t      *testing.T
	client *http.Client
	desk   *url.URL
	back   string // the callback's URL, which newAttacker requests unless stop is set
}

// newAttacker signs in as Tomás. If stop is set, it does not request the callback.
func newAttacker(t *testing.T, d *secureDesk, stop bool) *attacker {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &attacker{t: t}
	if a.desk, err = url.Parse(d.url); err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}}
	t.Cleanup(transport.CloseIdleConnections)
	a.client = &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/auth/callback" {
			if a.back = r.URL.String(); stop {
				return http.ErrUseLastResponse
			}
		}
		return nil
	}}
	answer, err := a.client.Get(d.url + "/auth/login?login_hint=tomas@contoso.example")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if a.back == "" {
		t.Fatalf("the sign-in led to %s", answer.Request.URL)
	}
	return a
}

// cookie returns the attacker's cookie whose name begins with the given text, ignoring any
// __Host- prefix.
func (a *attacker) cookie(name string) *http.Cookie {
	a.t.Helper()
	for _, c := range a.client.Jar.Cookies(a.desk) {
		if strings.HasPrefix(strings.TrimPrefix(c.Name, "__Host-"), name) {
			return c
		}
	}
	a.t.Fatalf("the attacker has no cookie %s", name)
	return nil
}

// plants returns Set-Cookie values that another host could use to try to set c for the
// desk.
func plants(c *http.Cookie) (cookies []string) {
	short := strings.TrimPrefix(c.Name, "__Host-")
	for _, name := range []string{c.Name, short, "__host-" + short, "__HOST-" + short, " " + c.Name, c.Name + " ", "", "__Secure-" + short, "$Version"} {
		value := c.Value
		if name == "" || name == "$Version" {
			value = c.Name + "=" + c.Value
		}
		for _, attributes := range []string{"; Domain=contoso.example; Path=/; Secure", "; Domain=contoso.example; Path=/auth; Secure", "; Domain=contoso.example; Path=/history.csv; Secure", "; Domain=" + deskHost + "; Path=/; Secure", "; Domain=.example; Path=/; Secure", "; Path=/; Secure", "; Domain=contoso.example; Path=//; HttpOnly"} {
			cookies = append(cookies, name+"="+value+attributes)
		}
	}
	return append(cookies, `x="y; `+c.Name+"="+c.Value+`"; Domain=contoso.example; Path=/; Secure`, "x=y, "+c.Name+"="+c.Value+"; Domain=contoso.example; Path=/; Secure")
}

// plant makes the hostile page set the cookies, first with response headers and then with
// a script.
func (b *browser) plant(page string, cookies []string) {
	b.t.Helper()
	do(b, "plant cookies", chromedp.Navigate(page+"/?"+url.Values{"cookie": cookies}.Encode()))
	script := "document.cookie = " + jsString(cookies[0])
	for _, c := range cookies[1:] {
		script += "; document.cookie = " + jsString(c)
	}
	do(b, "plant cookies by script", chromedp.Evaluate[any](script+"; 0"))
}

func jsString(text string) string { return "`" + text + "`" }

// TestPlantedCookies checks that other hosts cannot replace the victim's session by
// planting an attacker's cookies. One of the hosts is in the desk's domain. Browsers accept
// cookies with the __Host- prefix only from the desk itself.
func TestPlantedCookies(t *testing.T) {
	t.Parallel()
	d := startSecureDesk(t)
	origin := startHostile(t)
	b := openBrowser(t, d.desk)
	b.signIn("Dana Whitfield")
	b.open("/history", 200)
	before := b.state()
	for _, host := range []string{"evil.contoso.example", "evil.example"} {
		t.Run("session from "+host, func(t *testing.T) {
			b := b.of(t)
			b.hostileTab().plant(origin(host), plants(newAttacker(t, d, false).cookie("meetdesk")))
			if after := b.state(); after != before {
				t.Errorf("the state changed from\n%s\nto\n%s", before, after)
			}
			b.wantOneSessionCookie()
		})
		t.Run("sign-in from "+host, func(t *testing.T) {
			b := b.of(t)
			attacker := newAttacker(t, d, true)
			tab := b.hostileTab()
			tab.plant(origin(host), plants(attacker.cookie("meetdesk-signin-")))
			tab.arrives("open the attacker's callback", http.StatusUnauthorized, chromedp.Navigate(attacker.back))
			tab.sees("This sign-in cannot be used")
			if after := b.state(); after != before {
				t.Errorf("the state changed from\n%s\nto\n%s", before, after)
			}
		})
	}
}

// wantOneSessionCookie checks that the browser stores exactly one session cookie for the
// desk, with the right attributes.
func (b *browser) wantOneSessionCookie() {
	b.t.Helper()
	found := 0
	for _, c := range call(b, network.GetCookies, network.GetCookiesParams{URLs: []string{b.desk.url + "/"}}).Cookies {
		if strings.TrimSpace(c.Name) != "__Host-meetdesk" {
			continue
		}
		found++
		if !c.Secure || !c.HTTPOnly || c.SameSite != network.CookieSameSiteLax || c.Path != "/" || c.Domain != deskHost {
			b.t.Errorf("the session's cookie is %+v", c)
		}
	}
	if found != 1 {
		b.t.Errorf("the browser sends %d session cookies, want 1", found)
	}
}
