package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync/atomic"
)

const (
	viewBytesGoal    = 40_000
	viewRequestsGoal = 4
)

// view counts what a browser with an empty cache loads for a page and its subresources. The
// bytes include the response headers.
type view struct {
	requests int
	bytes    int64
}

// firstView loads the page and its subresources without running scripts. The accept parameter
// is the value of the Accept-Encoding header.
func (b *browser) firstView(ctx context.Context, path, accept string) (v view, err error) {
	var received atomic.Int64
	transport := b.client.Transport.(*http.Transport).Clone()
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		return counting{c, &received}, err
	}
	client := *b.client
	client.Transport = transport
	defer transport.CloseIdleConnections()

	seen := map[string]bool{path: true}
	for ask := []string{path}; len(ask) > 0; ask = ask[1:] {
		body, err := fetch(ctx, &client, b.site+ask[0], accept)
		if err != nil {
			return view{}, err
		}
		v.requests++
		for _, named := range static.FindAllSubmatch(body, -1) {
			if address := string(named[1]); !seen[address] {
				seen[address] = true
				ask = append(ask, address)
			}
		}
	}
	v.bytes = received.Load()
	return v, nil
}

// static matches the URL path of a static file in a page, a stylesheet or a script.
var static = regexp.MustCompile(`["'(](/static/[^"')]+)`)

// fetch requests the address and returns the body, decompressed if necessary.
func fetch(ctx context.Context, client *http.Client, address, accept string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", accept)
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Request.URL.String() != address {
		return nil, fmt.Errorf("GET %s: %s at %s", address, resp.Status, resp.Request.URL)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Header.Get("Content-Encoding") == "" {
		return body, err
	}
	zip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", address, err)
	}
	return io.ReadAll(zip)
}

type counting struct {
	net.Conn
	received *atomic.Int64
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Add(int64(n))
	return n, err
}

func (b *bench) formView(ctx context.Context, person *browser) error {
	b.say("the first view of the form")
	zipped, err := person.firstView(ctx, "/meetings/new", "gzip, deflate, br, zstd")
	if err != nil {
		return err
	}
	plain, err := person.firstView(ctx, "/meetings/new", "identity")
	if err != nil {
		return err
	}
	b.table.add(row{
		figure: fmt.Sprintf("form: first view, signed in, %d requests", zipped.requests), value: kb(zipped.bytes),
		peer: kb(plain.bytes) + " uncompressed", against: fmt.Sprintf("%.2f times", float64(zipped.bytes)/float64(plain.bytes)),
		goal: goal("at most 40 KB in 4", zipped.bytes <= viewBytesGoal && zipped.requests <= viewRequestsGoal),
	})
	return nil
}

// kb formats a number of bytes in units of 1000 bytes.
func kb(bytes int64) string { return fmt.Sprintf("%.1f KB", float64(bytes)/1000) }
