package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"path/filepath"

	"meetdesk/emulator"
)

// site is "meetdesk serve" with an emulator in this process, so that only the desk's work
// is measured.
type site struct {
	desk      *process
	url       string
	data      string
	microsoft *http.Server
	graph     *emulator.Emulator
	graphURL  string
}

// serving measures the desk as an organization would run it.
func (b *bench) serving(ctx context.Context) error {
	s, err := b.startSite(ctx, filepath.Join(b.dir, "serve"))
	if err != nil {
		return err
	}
	load, err := b.load(ctx, s)
	if err = errors.Join(err, s.stop()); err != nil {
		return err
	}
	graph, err := graphSpans(ctx, filepath.Join(s.data, databaseFile))
	if err != nil {
		return err
	}
	return b.reportLoad(load, graph)
}

// startSite starts an emulator without meetings, and a desk with the given data
// directory.
func (b *bench) startSite(ctx context.Context, data string) (*site, error) {
	far, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	near, err := freeAddress()
	if err != nil {
		return nil, errors.Join(err, far.Close())
	}
	_, port, _ := net.SplitHostPort(near)
	s := &site{url: "http://localhost:" + port, data: data, graphURL: "http://" + far.Addr().String()}
	secret := rand.Text()
	em, err := emulator.New(emulator.Options{
		URL: s.graphURL, ClientSecret: secret, RedirectURIs: []string{s.url + "/auth/callback"},
	})
	if err != nil {
		return nil, errors.Join(err, far.Close())
	}
	s.graph, s.microsoft = em, &http.Server{Handler: em}
	go func() { _ = s.microsoft.Serve(far) }() // Serve returns when stop closes the server
	s.desk, err = b.start(ctx, b.binary, []string{
		"MEETDESK_URL=" + s.url, "MEETDESK_ADDR=" + near, "MEETDESK_DATA=" + s.data,
		"MEETDESK_TENANT_ID=" + emulator.DefaultTenant, "MEETDESK_CLIENT_ID=" + emulator.DefaultClientID, "MEETDESK_CLIENT_SECRET=" + secret,
		"MEETDESK_SESSION_KEYS=" + randomKey(), "MEETDESK_ALLOW_EMULATOR=1", "MEETDESK_LIMITS=0",
		"MEETDESK_ISSUER=" + em.Issuer(), "MEETDESK_GRAPH_URL=" + s.graphURL,
	}, "serve")
	if err != nil {
		return nil, errors.Join(err, s.microsoft.Close())
	}
	return s, nil
}

func (s *site) stop() error { return errors.Join(s.desk.stop(), s.microsoft.Close()) }

// freeAddress returns a loopback address on which nothing is listening. The desk needs to
// know its public URL before it listens.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func randomKey() string {
	key := make([]byte, 32)
	rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}
