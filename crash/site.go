package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"meetdesk/emulator"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/testenv"
)

// site is a desk and an emulator, with data directories that persist across restarts.
type site struct {
	binary, dir         string
	deskAddr, emAddr    string
	url                 *url.URL // the desk's URL
	secret, app         string
	environ             []string
	deskKills, emKills  int
	lives               atomic.Int64 // changes whenever the desk starts and at each cluster fault
	desk, em            *process
	cluster             *cluster       // nil for a single desk with SQLite
	switches            map[string]any // restored whenever the emulator starts
	latency             time.Duration
	accidents           []error // errors from processes that exited unexpectedly
	pendingFaults       []fault
	tokenForApplication string
}

// newSite creates a site with new data directories. It does not start any process.
func newSite(binary, dir string) (s *site, err error) {
	s = &site{binary: binary, dir: dir, secret: rand.Text(), app: rand.Text()}
	if s.deskAddr, err = testenv.FindFreeAddress(); err != nil {
		return nil, err
	}
	if s.emAddr, err = testenv.FindFreeAddress(); err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(s.deskAddr)
	s.url = &url.URL{Scheme: "http", Host: "localhost:" + port}
	for _, folder := range []string{s.data(), s.emData()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(filepath.Join(s.emData(), "app-client-secret"), []byte(s.app), 0o600); err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	rand.Read(key)
	s.environ = []string{
		"HOME=" + dir, "MEETDESK_LIMITS=0", "MEETDESK_ALLOW_EMULATOR=1",
		"MEETDESK_URL=" + s.url.String(), "MEETDESK_ADDR=" + s.deskAddr, "MEETDESK_DATA=" + s.data(),
		"MEETDESK_SESSION_KEYS=" + base64.StdEncoding.EncodeToString(key),
		"MEETDESK_TENANT_ID=" + emulator.DefaultTenant, "MEETDESK_CLIENT_ID=" + emulator.DefaultClientID, "MEETDESK_CLIENT_SECRET=" + s.secret,
		"MEETDESK_ISSUER=http://" + s.emAddr + "/" + emulator.DefaultTenant + "/v2.0", "MEETDESK_GRAPH_URL=http://" + s.emAddr,
		"MEETDESK_SCOPES=openid profile email offline_access User.Read User.ReadBasic.All OnlineMeetings.ReadWrite",
		"MEETDESK_APP_CLIENT_ID=" + emulator.DefaultAppClientID, "MEETDESK_APP_CLIENT_SECRET=" + s.app, "MEETDESK_APP_ORGANIZERS=" + priya + "," + tomas,
	}
	return s, nil
}

func (s *site) deskLog() string  { return filepath.Join(s.dir, "desk.log") }
func (s *site) data() string     { return filepath.Join(s.dir, "desk") }
func (s *site) emData() string   { return filepath.Join(s.dir, "emulator") }
func (s *site) database() string { return filepath.Join(s.data(), store.FileName) }

// startDesk starts the desk without waiting until it is ready.
func (s *site) startDesk() error {
	s.lives.Add(1)
	p, err := start("the desk", s.binary, s.deskLog(), "listening", s.environ, "serve")
	s.desk = p
	return err
}

// startEmulator starts the emulator without waiting until it is ready.
func (s *site) startEmulator() error {
	p, err := start("the emulator", s.binary+"-demo", filepath.Join(s.dir, "emulator.log"), "The emulator is at", []string{"HOME=" + s.dir},
		"emulator", "-addr", s.emAddr, "-data", s.emData(), "-secret", s.secret, "-redirect", s.url.JoinPath(paths.Callback).String())
	s.em = p
	return err
}

// runEmulator starts the emulator and waits until it is ready. It then restores the
// switches, the latency and the pending failures, which do not survive a restart.
func (s *site) runEmulator(ctx context.Context) error {
	if err := s.startEmulator(); err != nil {
		return err
	}
	if err := s.em.wait(ctx); err != nil {
		return err
	}
	return s.configure(ctx)
}

func (s *site) runDesk(ctx context.Context) error {
	if err := s.startDesk(); err != nil {
		return err
	}
	return s.desk.wait(ctx)
}

// killDesk kills the desk. It counts the kill, or records that the desk had exited
// unexpectedly.
func (s *site) killDesk() {
	if s.desk.kill() {
		s.deskKills++
	} else {
		s.accidents = append(s.accidents, s.desk.crashed())
	}
}

func (s *site) killEmulator() {
	if s.em.kill() {
		s.emKills++
	} else {
		s.accidents = append(s.accidents, s.em.crashed())
	}
}

func (s *site) close() {
	for _, p := range []*process{s.desk, s.em} {
		if p != nil {
			p.kill()
		}
	}
	s.desk, s.em = nil, nil
	if s.cluster != nil {
		s.cluster.close()
	}
}

func (s *site) crashed() error {
	return errors.Join(append(s.accidents, s.desk.crashed(), s.em.crashed())...)
}
