package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"time"

	"meetdesk/form"
	"meetdesk/paths"
)

// errBroken means that no complete response arrived, so the outcome is unknown.
var errBroken = errors.New("no complete response")

// person is a user with a browser, which may send concurrent requests.
type person struct {
	upn, objectID string
	desk          *url.URL
	words         states
	client        *http.Client

	mu       sync.Mutex
	signedIn bool // set once a page has confirmed the sign-in
	sessions int
}

// newPerson returns a person who is not signed in. The browser connects to 127.0.0.1, so
// that it need not resolve "localhost".
func newPerson(upn, objectID string, desk *url.URL, words states) *person {
	jar, _ := cookiejar.New(nil) // cannot fail without options
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
	return &person{upn: upn, objectID: objectID, desk: desk, words: words, client: &http.Client{
		Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 8},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (p *person) get(ctx context.Context, path string) (page, error) {
	return p.visit(ctx, http.MethodGet, path, nil)
}

// post submits a form and follows all redirects. It reloads the waiting page until the
// result is available.
func (p *person) post(ctx context.Context, path string, fields url.Values) (page, error) {
	return p.visit(ctx, http.MethodPost, path, fields)
}

// maxHops is the maximum number of redirects and reloads after one request. A sign-in
// takes five.
const maxHops = 60

// visit sends a request and follows all redirects. If it returns errBroken, the page
// contains the redirects so far.
func (p *person) visit(ctx context.Context, method, path string, fields url.Values) (last page, err error) {
	address, err := p.desk.Parse(path)
	if err != nil {
		return last, err
	}
	var hops []*url.URL
	for range maxHops {
		last, next, err := p.step(ctx, method, address, fields)
		last.hops = hops
		if err != nil || next == nil {
			return last, err
		}
		if next.Path == address.Path && method == http.MethodGet { // the waiting page reloads itself
			time.Sleep(200 * time.Millisecond)
		}
		hops = append(hops, next)
		method, address, fields = http.MethodGet, next, nil
	}
	return last, fmt.Errorf("%s: more than %d redirects", path, maxHops)
}

// step sends one request. The result next is the URL of the following request, or nil if
// no request follows.
func (p *person) step(ctx context.Context, method string, address *url.URL, fields url.Values) (got page, next *url.URL, err error) {
	r, err := http.NewRequestWithContext(ctx, method, address.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		return got, nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := p.client.Do(r)
	if err != nil {
		return got, nil, fmt.Errorf("%w: %w", errBroken, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSeeOther || resp.StatusCode == http.StatusFound {
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return got, nil, fmt.Errorf("%w: %w", errBroken, err)
		}
		next, err = resp.Location()
		return got, next, err
	}
	if got, err = readPage(resp, p.words); err != nil {
		return got, nil, fmt.Errorf("%w: %w", errBroken, err)
	}
	if strings.HasPrefix(got.path, paths.Waiting("")) && got.status == http.StatusOK {
		return got, address, nil
	}
	return got, nil, nil
}

type session struct {
	signedIn bool
	number   int
}

func (p *person) session() session {
	p.mu.Lock()
	defer p.mu.Unlock()
	return session{p.signedIn, p.sessions}
}

// signIn signs the person in through the provider and selects English. It does nothing if
// the person is already signed in.
func (p *person) signIn(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.signedIn {
		return nil
	}
	home, err := p.get(ctx, paths.With(paths.Login, url.Values{"login_hint": {p.upn}}))
	if err != nil {
		return err
	}
	if home.status != http.StatusOK || home.identity == "" || home.path != paths.Home {
		return fmt.Errorf("sign-in of %s ended at %s with status %d", p.upn, home.path, home.status)
	}
	_, err = p.post(ctx, paths.Preferences, url.Values{"language": {"en"}, form.FieldSignedInAs: {home.identity}, form.FieldReturnTo: {paths.Home}})
	if err != nil {
		return err
	}
	p.signedIn = true
	p.sessions++
	return nil
}

func (p *person) signOut(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signedIn = false // even if the request fails, because the outcome is then unknown
	then, err := p.post(ctx, paths.Logout, nil)
	if err == nil && then.status >= http.StatusInternalServerError {
		err = fmt.Errorf("%w: status %d", errBroken, then.status)
	}
	return err
}

func (p *person) lostSession() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signedIn = false
}
