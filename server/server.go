// Package server assembles the application and serves it over HTTP.
package server

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
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/metrics"
	"meetdesk/selfcheck"
	"meetdesk/static"
	"meetdesk/store"
	"meetdesk/store/sqlitedb"
	"meetdesk/tracing"
	"meetdesk/web"
)

// Settings is the configuration of an App.
type Settings struct {
	Program  string   // version of the program
	URL      *url.URL // the desk's public URL
	Data     string   // SQLite's data directory
	Database string   // the address of a PostgreSQL database; "" for SQLite
	Keys     [][]byte
	Auth     auth.Config
	GraphURL string       // Graph's URL without the version /v1.0
	HTTP     *http.Client // the client for calls to Microsoft; nil means the default client
	App      Application
	Beta     bool // whether to offer meetings in channels, which need Graph's beta API
	Ticket   meeting.TicketRule
	Example  string // a valid ticket number; "" for none
	Backup   Backups
	Now      func() time.Time
	Log      *slog.Logger
	Proxies  []netip.Prefix
	Idle     time.Duration    // how long a session may stay unused; 0 means the default
	Drain    time.Duration    // how long the desk keeps answering requests after the signal to stop, while reporting that it is not ready
	NoLimits bool             // whether to disable the rate limits
	Samples  bool             // whether to serve the sample pages, if the build contains them
	Metrics  *metrics.Metrics // nil for none
	Tracing  *tracing.Tracing // nil for none

	OnUpgrade func(sqlitedb.Progress) // called with the progress of a database upgrade; may be nil
	Quiet     time.Duration           // overrides quietTime in tests
}

// App is the whole application except its listener.
type App struct {
	Store      *store.Store
	Auth       *auth.Provider
	Check      *selfcheck.Desk
	Words      *locale.Catalogue
	Desk       *desk.Desk
	Site       *web.Server
	upkeep     sync.WaitGroup
	stopUpkeep context.CancelFunc
	lease      sync.WaitGroup
	stopLease  context.CancelFunc
}

// New opens the database and assembles the application. The caller must close the
// application.
func New(ctx context.Context, s Settings) (*App, error) {
	issuer, err := url.Parse(s.Auth.Issuer)
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
	a := &App{Words: catalogue}
	if a.Store, err = store.Open(ctx, store.Options{Database: s.Database, Dir: s.Data, Keys: s.Keys, Program: s.Program, Backups: s.Backup.Folder, Now: s.Now, Log: s.Log, OnUpgrade: s.OnUpgrade}); err != nil {
		return nil, err
	}
	a.Check = s.SelfCheck()
	a.Check.Opened = a.Store
	a.Auth = a.Check.Auth
	a.Desk = &desk.Desk{Store: a.Store, Auth: a.Auth, Now: s.Now, Log: s.Log, Graph: a.Check.Graph}
	if s.Beta {
		a.Desk.Graph.BetaURL = s.GraphURL + "/beta"
	}
	if a.Check.App != nil {
		a.Desk.App = &desk.Application{Auth: a.Check.App, TenantID: strings.ToLower(s.Auth.TenantID), Organizers: s.App.Organizers}
	}
	config := web.Config{
		Desk:  a.Desk,
		Store: a.Store, Auth: a.Auth, Static: files, Locale: catalogue,
		URL: s.URL, Issuer: issuer, Ticket: s.Ticket, Keys: s.Keys, Now: s.Now, Log: s.Log,
		LastBackup: s.Backup.last(), SelfCheck: a.Check.Run, Scopes: s.Auth.Scopes,
		TrustedProxies: s.Proxies, SessionIdle: s.Idle, MaxRequests: ownCapacity().requests,
	}
	a.observe(s, &config)
	if s.NoLimits {
		config.Limits = web.NoLimits()
	}
	if s.Samples {
		config.Samples = samplePages(catalogue, files)
	}
	a.Site, err = web.New(config)
	if err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	if s.Metrics != nil {
		s.Metrics.Watch(func() (metrics.State, error) { return a.state(s.Backup.Folder) })
	}
	a.startLease(ctx, s)
	a.startUpkeep(ctx, s)
	return a, nil
}

// startUpkeep starts the background work, which ends when ctx is done or the application
// is closed.
func (a *App) startUpkeep(ctx context.Context, s Settings) {
	ctx, a.stopUpkeep = context.WithCancel(ctx)
	a.upkeep.Go(func() { a.Desk.RunImports(ctx) })
	a.upkeep.Go(func() {
		a.Store.KeepIndex(ctx, cmp.Or(s.Quiet, quietTime), func(err error) {
			s.Log.Warn("the full-text index could not be merged; it is tried again", "error", err)
		})
	})
	a.upkeep.Go(func() {
		a.Store.KeepRetention(ctx, func(err error) {
			s.Log.Warn("retention stopped; it continues in a minute", "error", err)
		})
	})
	if s.Backup.Folder != "" {
		a.upkeep.Go(func() { backUpDaily(ctx, s) })
	}
}

// startLease starts renewing this desk's lease in the background. Without a lease, other
// desks would settle this desk's attempts.
func (a *App) startLease(ctx context.Context, s Settings) {
	ctx, a.stopLease = context.WithCancel(context.WithoutCancel(ctx)) // attempts may continue after ctx has ended
	a.lease.Go(func() {
		a.Store.KeepSettled(ctx, func(err error) {
			s.Log.Warn("the lease was not renewed, or attempts of stopped desks were not settled; it is tried again", "error", err)
		})
	})
}

// quietTime is the time without writes after which the full-text index is merged.
const quietTime = 10 * time.Minute

// Close waits for running work to finish, then closes the store.
func (a *App) Close() error {
	a.stopUpkeep()
	a.upkeep.Wait()
	a.Site.Wait()
	a.Desk.Wait()
	a.stopLease()
	a.lease.Wait()
	return a.Store.Close()
}

// Grace is the maximum time that a shutdown waits for running requests. It is longer than
// any request waits for Graph.
const Grace = desk.Budget + 5*time.Second

// The limits on how long a client may take and on the size of a request's headers.
const (
	headerLimit   = 10 * time.Second // for the headers of a request
	requestLimit  = 30 * time.Second // for a whole request
	responseLimit = time.Minute      // for handling a request and sending the response, except for exports and events
	idleLimit     = 2 * time.Minute  // between two requests on a connection
	maxHeaders    = 64 << 10
)

// NewHTTPServer returns a server with timeouts for slow clients.
func NewHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h,
		// The handler also answers OPTIONS *, so that the response has the site's headers.
		DisableGeneralOptionsHandler: true,
		ReadHeaderTimeout:            headerLimit,
		ReadTimeout:                  requestLimit,
		WriteTimeout:                 responseLimit,
		IdleTimeout:                  idleLimit,
		MaxHeaderBytes:               maxHeaders,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// ServeUntil serves until ctx is done. It then waits for running requests, but no longer
// than the grace period, and aborts any that remain, such as stalled downloads.
func ServeUntil(ctx context.Context, server *http.Server, listener net.Listener, grace time.Duration) error {
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

// DemoFile is the name of the file that marks a demo's data directory. The desk refuses to
// use such a directory.
const DemoFile = "demo.json"
