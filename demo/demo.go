package demo

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"meetdesk/auth"
	"meetdesk/command"
	"meetdesk/emulator"
	"meetdesk/logs"
	"meetdesk/paths"
	"meetdesk/server"
)

// runDesk runs the real application and the emulator in one process, without contacting
// Microsoft.
func runDesk(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("meetdesk-demo desk", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "loopback `address` of meetdesk")
	emulatorAddr := flags.String("emulator-addr", "127.0.0.1:8081", "loopback `address` of the stand-in for Microsoft")
	data := flags.String("data", ".demo", "`folder` that keeps everything")
	if err := command.ParseFlags(flags, args); err != nil {
		return err
	}
	d, err := openDemo(ctx, *addr, *emulatorAddr, *data, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()

	return d.run(ctx, func() {
		fmt.Fprintf(stdout, "meetdesk demo: open %s\nNothing here reaches Microsoft. Ctrl-C stops it; everything is kept in %s.\n", d.url, *data)
	})
}

// run prepares the demo, calls the ready function, and serves until ctx is done. It does
// not serve external connections during the preparation, which may set the clock back.
func (d *demoSite) run(ctx context.Context, ready func()) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	serving, ctx := errgroup.WithContext(ctx)
	context.AfterFunc(ctx, d.app.Site.StopStreams)
	serve := func(h http.Handler, l net.Listener) {
		serving.Go(func() error { return server.ServeUntil(ctx, server.NewHTTPServer(h, d.log), l, server.Grace) })
	}
	serve(d.emulator, d.privateEmulator)
	serve(d.app.Site, d.private)
	if err := d.prepare(ctx); err != nil {
		if ctx.Err() != nil {
			err = nil // interrupted; the next start writes the history again
		}
		stop()
		return errors.Join(err, serving.Wait())
	}
	serve(d.emulator, d.emulatorListener)
	serve(d.app.Site, d.listener)
	ready()
	return serving.Wait()
}

type demoSite struct {
	app                        *server.App
	emulator                   *emulator.Emulator
	listener, emulatorListener net.Listener     // for external connections; bound early to reserve the ports
	private, privateEmulator   *privateListener // for the demo's own requests
	url                        *url.URL
	folder                     *demoFolder
	clock                      *clock
	log                        *slog.Logger
	logLevel                   *slog.LevelVar
}

func openDemo(ctx context.Context, addr, emulatorAddr, data string, stderr io.Writer) (d *demoSite, err error) {
	d = &demoSite{clock: new(clock), logLevel: new(slog.LevelVar)}
	d.logLevel.Set(slog.LevelWarn)
	d.log = logs.New(stderr, logs.Text, d.logLevel)
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if d.listener, err = listenLoopback("-addr", addr); err != nil {
		return d, err
	}
	if d.emulatorListener, err = listenLoopback("-emulator-addr", emulatorAddr); err != nil {
		return d, err
	}
	// The desk and the provider must be separate sites, as in production. localhost and
	// 127.0.0.1 do not share cookies.
	d.url = &url.URL{Scheme: "http", Host: net.JoinHostPort("localhost", port(d.listener))}
	microsoft := "http://" + net.JoinHostPort("127.0.0.1", port(d.emulatorListener))
	d.private = newPrivateListener(d.url.Host)
	d.privateEmulator = newPrivateListener(net.JoinHostPort("127.0.0.1", port(d.emulatorListener)))
	if d.folder, err = openDemoFolder(data); err != nil {
		return d, err
	}
	d.emulator, err = emulator.New(emulator.Options{
		URL: microsoft, Data: filepath.Join(data, "emulator"), ClientSecret: d.folder.ClientSecret, Now: d.clock.now,
		AppClientID: emulator.DefaultAppClientID, AppClientSecret: d.folder.AppSecret, AccessPolicy: []string{emulator.Everyone},
		RedirectURIs:           []string{d.url.JoinPath(paths.Callback).String()},
		PostLogoutRedirectURIs: []string{d.url.JoinPath(paths.SignedOut).String()},
		FrontChannelLogoutURI:  d.url.JoinPath(paths.FrontChannelLogout).String(),
	})
	if err != nil {
		return d, err
	}
	d.app, err = server.New(ctx, server.Settings{
		URL: d.url, Data: data, Keys: [][]byte{d.folder.SessionKey}, GraphURL: microsoft, HTTP: privateClient(d.privateEmulator),
		Now: d.clock.now, Log: d.log, Samples: true,
		Auth: auth.Config{
			Issuer: d.emulator.Issuer(), TenantID: emulator.DefaultTenant, AllowEmulator: true,
			ClientID: emulator.DefaultClientID, Credential: auth.Credential{Secret: d.folder.ClientSecret},
			Scopes:    []string{"openid", "profile", "email", "offline_access", "User.Read", "User.ReadBasic.All", "OnlineMeetings.ReadWrite"},
			RoleStaff: "Meetdesk.Staff", RoleHelpDesk: "Meetdesk.HelpDesk", RoleAdmin: "Meetdesk.Admin",
		},
		App: server.Application{
			ClientID: emulator.DefaultAppClientID, Credential: auth.Credential{Secret: d.folder.AppSecret},
			Scope: "https://graph.microsoft.com/.default", Organizers: []string{Priya, Tomas},
		},
	})
	return d, err
}

// prepare connects the desk to the emulator. If the data directory has no history yet, it
// also writes a few days of history.
func (d *demoSite) prepare(ctx context.Context) error {
	if err := d.app.Auth.Discover(ctx); err != nil {
		return err
	}
	d.app.Desk.ResolveOrganizers(ctx)
	if d.folder.Seeded {
		return nil
	}
	d.logLevel.Set(slog.LevelError) // the history includes a simulated failure, which must not be logged
	defer d.logLevel.Set(slog.LevelWarn)
	if err := seed(ctx, d); err != nil {
		return fmt.Errorf("the demo's history: %w", err)
	}
	return d.folder.markSeeded()
}

func (d *demoSite) close() (err error) {
	if d.app != nil {
		err = errors.Join(err, d.app.Close())
	}
	if d.emulator != nil {
		err = errors.Join(err, d.emulator.Close())
	}
	return errors.Join(err, closeListener(d.listener), closeListener(d.emulatorListener))
}

func port(l net.Listener) string {
	_, p, _ := net.SplitHostPort(l.Addr().String())
	return p
}

// clock is the demo's clock. Seeding the history sets the clock back.
type clock struct{ back atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(-time.Duration(c.back.Load())) }
func (c *clock) setBack(d time.Duration) { c.back.Store(int64(d)) }
