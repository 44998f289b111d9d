package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
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

// settings holds everything that newApp needs. Both serve and demo fill it in.
type settings struct {
	url      *url.URL // the desk's public URL
	data     string
	keys     [][]byte
	auth     auth.Config
	graphURL string       // without the trailing /v1.0
	http     *http.Client // for calls to Microsoft; nil means the default client
	app      appConfig
	beta     bool // whether to offer meetings in channels, which need Graph's beta
	ticket   meeting.TicketRule
	backup   backupConfig
	now      func() time.Time
	log      *slog.Logger
	proxies  []netip.Prefix
	idle     time.Duration // how long a session may be unused; 0 means the default
	noLimits bool          // whether to lift the limits on how often people may do things
	samples  bool          // whether to serve the sample pages, if the build contains them
	quiet    time.Duration // overrides quietTime in tests
}

// app is the whole application except its listener.
type app struct {
	store      *store.Store
	auth       *auth.Provider
	desk       *desk.Desk
	site       *web.Server
	upkeep     sync.WaitGroup
	stopUpkeep context.CancelFunc
}

// newApp opens the data directory and puts the application together. The caller must
// close it.
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
	if a.store, err = store.Open(ctx, store.Options{Dir: s.data, Keys: s.keys, Program: version, Backups: s.backup.folder, Now: s.now, Log: s.log}); err != nil {
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
			Auth:     a.auth.Application(s.app.clientID, s.app.credential, s.app.scope),
			TenantID: strings.ToLower(s.auth.TenantID), Organizers: s.app.organizers,
		}
	}
	config := web.Config{
		Desk:  a.desk,
		Store: a.store, Auth: a.auth, Static: files, Locale: catalogue,
		URL: s.url, Issuer: issuer, Ticket: s.ticket, Keys: s.keys, Now: s.now, Log: s.log,
		TrustedProxies: s.proxies, SessionIdle: s.idle, MaxRequests: ownCapacity().requests,
	}
	if s.noLimits {
		config.Limits = web.NoLimits()
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
	if s.backup.folder != "" {
		a.upkeep.Go(func() { backUpDaily(ctx, s) })
	}
	return a, nil
}

// quietTime is how long the desk must have recorded nothing before the full-text index is
// merged.
const quietTime = 10 * time.Minute

// close waits for running work to finish, then closes the store.
func (a *app) close() error {
	a.stopUpkeep()
	a.upkeep.Wait()
	a.site.Wait()
	a.desk.Wait()
	return a.store.Close()
}

// shutdownGrace is how long a shutdown waits for running requests. It is longer than any
// request waits for Graph.
const shutdownGrace = desk.Budget + 5*time.Second

// newHTTPServer returns a server that limits how long a client may take.
func newHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h,
		// OPTIONS * goes through the handler, so that it gets the site's headers too.
		DisableGeneralOptionsHandler: true,
		ReadHeaderTimeout:            10 * time.Second,
		ReadTimeout:                  30 * time.Second,
		WriteTimeout:                 60 * time.Second,
		IdleTimeout:                  2 * time.Minute,
		MaxHeaderBytes:               64 << 10,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// serveUntil serves until ctx is done. It then stops accepting connections and gives
// running requests up to the grace period to finish. Requests that are still running after
// that, such as a download whose reader has stalled, are aborted.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener, grace time.Duration) error {
	limit := ownCapacity().connections
	watchConnections(server, limit)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(limitListener(listener, limit)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		server.ErrorLog.Printf("requests that ran for more than %v after the signal to stop were broken off", grace)
		err = server.Close()
	}
	return err
}
