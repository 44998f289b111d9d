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
	"meetdesk/testenv"
)

// site is one or more processes of "meetdesk serve". The emulator runs in the benchmark's
// own process, so that the measurements exclude its work.
type site struct {
	desk      *process   // the first desk
	desks     []*process // all desks, which share a database
	url       string     // the URL of the first desk
	urls      []string   // the URLs of all desks
	data      string     // the data directory; "" if the desks use PostgreSQL
	microsoft *http.Server
	graph     *emulator.Emulator
	graphURL  string
}

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

// startSite starts an emulator without meetings and a desk with the given data directory.
func (b *bench) startSite(ctx context.Context, data string) (*site, error) {
	return b.startDesks(ctx, 1, "MEETDESK_DATA="+data, data)
}

// startDesks starts an emulator without meetings and n desks. The parameter database is the
// environment variable that sets the desks' database. The parameter data is the data
// directory, or "" with PostgreSQL.
func (b *bench) startDesks(ctx context.Context, n int, database, data string) (s *site, err error) {
	far, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s = &site{data: data, graphURL: "http://" + far.Addr().String()}
	var addresses, callbacks []string
	for range n {
		address, err := testenv.FindFreeAddress()
		if err != nil {
			return nil, errors.Join(err, far.Close())
		}
		_, port, _ := net.SplitHostPort(address)
		url := "http://localhost:" + port
		addresses, s.urls, callbacks = append(addresses, address), append(s.urls, url), append(callbacks, url+"/auth/callback")
	}
	secret, keys := rand.Text(), randomKey()
	em, err := emulator.New(emulator.Options{URL: s.graphURL, ClientSecret: secret, RedirectURIs: callbacks})
	if err != nil {
		return nil, errors.Join(err, far.Close())
	}
	s.url, s.graph, s.microsoft = s.urls[0], em, &http.Server{Handler: em}
	go func() { _ = s.microsoft.Serve(far) }() // Serve returns when stop closes the server
	for i, address := range addresses {
		desk, err := b.start(ctx, b.binary, []string{
			"MEETDESK_URL=" + s.urls[i], "MEETDESK_ADDR=" + address, database,
			"MEETDESK_TENANT_ID=" + emulator.DefaultTenant, "MEETDESK_CLIENT_ID=" + emulator.DefaultClientID, "MEETDESK_CLIENT_SECRET=" + secret,
			"MEETDESK_SESSION_KEYS=" + keys, "MEETDESK_ALLOW_EMULATOR=1", "MEETDESK_LIMITS=0",
			"MEETDESK_ISSUER=" + em.Issuer(), "MEETDESK_GRAPH_URL=" + s.graphURL,
		}, "serve")
		if err != nil {
			return nil, errors.Join(err, s.stop())
		}
		s.desks = append(s.desks, desk)
	}
	s.desk = s.desks[0]
	return s, nil
}

func (s *site) stop() (err error) {
	for _, desk := range s.desks {
		err = errors.Join(err, desk.stop())
	}
	return errors.Join(err, s.microsoft.Close())
}

func randomKey() string {
	key := make([]byte, 32)
	rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}
