package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"meetdesk/auth"
	"meetdesk/desk"
	"meetdesk/graph"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/static"
	"meetdesk/store"
	"meetdesk/web"
)

// settings are what the application is wired from, by serve and demo alike.
type settings struct {
	url      *url.URL // the public address
	data     string
	keys     [][]byte
	auth     auth.Config
	graphURL string       // without /v1.0
	http     *http.Client // how to reach Microsoft; nil for the ordinary way
	app      appConfig
	beta     bool // meetings in channels, by Graph's beta
	ticket   meeting.TicketRule
	now      func() time.Time
	log      *slog.Logger
	samples  bool          // show the sample pages, in a program that has them
	quiet    time.Duration // instead of quietTime
}

// app is the whole application but for its listener.
type app struct {
	store      *store.Store
	auth       *auth.Provider
	desk       *desk.Desk
	site       *web.Server
	upkeep     sync.WaitGroup
	stopUpkeep context.CancelFunc
}

// newApp opens the data folder and puts the parts together. The caller closes
// what it returns.
func newApp(ctx context.Context, s settings) (*app, error) {
	issuer, err := url.Parse(s.auth.Issuer)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	catalogue, err := locale.Load()
	if err != nil {
		return nil, err
	}
	files, err := static.New()
	if err != nil {
		return nil, err
	}
	a := new(app)
	if a.store, err = store.Open(ctx, store.Options{Dir: s.data, Keys: s.keys, Now: s.now, Log: s.log}); err != nil {
		return nil, err
	}
	s.auth.RedirectURL = s.url.JoinPath(paths.Callback).String()
	s.auth.Now, s.auth.HTTP = s.now, s.http
	a.auth = auth.New(s.auth)
	a.desk = &desk.Desk{
		Store: a.store, Auth: a.auth, Now: s.now, Log: s.log,
		Graph: &graph.Client{BaseURL: s.graphURL + "/v1.0", HTTP: s.http, Now: s.now},
	}
	if s.beta {
		a.desk.Graph.BetaURL = s.graphURL + "/beta"
	}
	if len(s.app.organizers) > 0 {
		a.desk.App = &desk.Application{
			Auth:     a.auth.Application(s.app.clientID, s.app.clientSecret, s.app.scope),
			TenantID: strings.ToLower(s.auth.TenantID), Organizers: s.app.organizers,
		}
	}
	config := web.Config{
		Desk:  a.desk,
		Store: a.store, Auth: a.auth, Static: files, Locale: catalogue,
		URL: s.url, Issuer: issuer, Ticket: s.ticket, Keys: s.keys, Now: s.now, Log: s.log,
	}
	if s.samples {
		config.Samples = samplePages(catalogue, files)
	}
	a.site, err = web.New(config)
	if err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	ctx, a.stopUpkeep = context.WithCancel(ctx)
	a.upkeep.Go(func() {
		a.store.KeepIndex(ctx, cmp.Or(s.quiet, quietTime), func(err error) {
			s.log.Warn("the full-text index could not be merged; it is tried again", "error", err)
		})
	})
	return a, nil
}

// quietTime is how long nothing was recorded when the full-text index is merged.
const quietTime = 10 * time.Minute

// close lets what the desk has under way end, and closes the store.
func (a *app) close() error {
	a.stopUpkeep()
	a.upkeep.Wait()
	a.desk.Wait()
	return a.store.Close()
}

// shutdownGrace is how long requests under way may take to end: longer than
// any one waits for Graph.
const shutdownGrace = desk.Budget + 5*time.Second

// newHTTPServer is a server with limits on how long a client may take.
func newHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h,
		// OPTIONS * is answered like any other request, with the site's headers.
		DisableGeneralOptionsHandler: true,
		ReadHeaderTimeout:            10 * time.Second,
		ReadTimeout:                  30 * time.Second,
		WriteTimeout:                 60 * time.Second,
		IdleTimeout:                  2 * time.Minute,
		MaxHeaderBytes:               64 << 10,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// serveUntil serves until the context ends, then lets what is under way finish.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	closeUnused(server)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	return server.Shutdown(ctx)
}

// closeUnused has the server's shutdown end connections that carried no request
// yet: browsers open some in advance, and a shutdown would wait seconds for them.
func closeUnused(server *http.Server) {
	var unused sync.Map
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew {
			unused.Store(c, nil)
		} else {
			unused.Delete(c)
		}
	}
	server.RegisterOnShutdown(func() {
		unused.Range(func(c, _ any) bool {
			c.(net.Conn).Close()
			return true
		})
	})
}
