package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// browser is an HTTP client with cookies and persistent connections, like a user's browser.
type browser struct {
	site   string
	client *http.Client
}

// newBrowser returns a browser that connects to 127.0.0.1 for any host, so that
// measurements do not include the time it takes to resolve "localhost".
func newBrowser(site string) *browser {
	jar, _ := cookiejar.New(nil) // cannot fail without options
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
	return &browser{site: site, client: &http.Client{
		Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{DialContext: dial, DisableCompression: true, MaxIdleConnsPerHost: mostClients},
	}}
}

func (b *browser) close() { b.client.CloseIdleConnections() }

func (b *browser) signIn(ctx context.Context, upn string) error {
	end, _, err := b.get(ctx, "/auth/login?"+url.Values{"login_hint": {upn}}.Encode())
	if err == nil && end.Path != "/" {
		err = fmt.Errorf("sign-in of %s ended at %s", upn, end)
	}
	return err
}

// get requests a page and follows redirects. It returns the final URL and the size of the
// compressed body.
func (b *browser) get(ctx context.Context, path string) (end *url.URL, size int64, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.site+path, nil)
	if err != nil {
		return nil, 0, err
	}
	r.Header.Set("Accept-Encoding", "gzip") // as browsers do
	resp, err := b.client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	if size, err = io.Copy(io.Discard, resp.Body); err != nil {
		return nil, 0, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	return resp.Request.URL, size, nil
}

const waitingPause = time.Second / 10

// create submits the meeting form with two attendees; see createFor.
func (b *browser) create(ctx context.Context, externalID string) (path string, took time.Duration, err error) {
	return b.createFor(ctx, externalID, "Dana Whitfield <dana@contoso.example>\nTomás Oliveira <tomas@contoso.example>")
}

// createFor submits the meeting form. It returns the path of the meeting's page and the
// response time. It loads the meeting's page only if the desk shows the waiting page first.
func (b *browser) createFor(ctx context.Context, externalID, attendees string) (path string, took time.Duration, err error) {
	form := url.Values{
		"external_id": {externalID}, "subject": {"Printer on the third floor does not print both sides"},
		"date": {time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)}, "start": {"10:00"}, "end": {"10:30"}, "time_zone": {"Europe/Lisbon"},
		"attendees": {attendees}, "form_id": {externalID},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.site+"/meetings", strings.NewReader(form.Encode()))
	if err != nil {
		return "", 0, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	client := *b.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	begun := time.Now()
	resp, err := client.Do(r)
	took = time.Since(begun)
	if err != nil {
		return "", 0, err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return "", 0, err
	}
	path = resp.Header.Get("Location")
	for strings.HasPrefix(path, "/waiting/") { // the create takes longer than three seconds
		end, _, err := b.get(ctx, path)
		if err == nil {
			err = sleepUntil(ctx, time.Now().Add(waitingPause))
		}
		if err != nil {
			return "", 0, err
		}
		path, took = end.Path, time.Since(begun)
	}
	if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(path, "/meetings/") {
		return "", 0, fmt.Errorf("POST /meetings for %s: %s, to %q", externalID, resp.Status, path)
	}
	return path, took, nil
}
