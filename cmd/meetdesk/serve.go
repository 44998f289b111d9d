package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"meetdesk/command"
	"meetdesk/logs"
	"meetdesk/metrics"
	"meetdesk/selfcheck"
	"meetdesk/server"
	"meetdesk/store"
	"meetdesk/tracing"
)

// serve runs the desk with the configuration in the environment of the process.
func serve(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	return serveEnvironment(ctx, os.Environ(), args, stdout, stderr)
}

// serveEnvironment runs the desk. The desk starts even if the provider cannot be reached.
// Users can sign in once the provider responds.
func serveEnvironment(ctx context.Context, environ, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("meetdesk serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, serveUsage()) }
	if err := command.ParseFlags(flags, args); err != nil {
		return err
	}
	c, err := readConfig(environ)
	log := logs.New(stderr, c.Log, c.logLevel)
	if err != nil {
		for _, name := range c.unknown { // an unknown name may be a misspelling of a missing setting
			log.Warn("this version of meetdesk does not know the setting", "name", name)
		}
		return err
	}
	if err := c.checkData(); err != nil {
		return err
	}
	reloads := newReloader(environ, c, log)
	isNew := c.newDatabase()
	settings := c.settings(log)
	if c.MetricsAddr != "" {
		settings.Metrics = metrics.New(version)
	}
	if settings.Tracing, err = tracing.New(ctx, version); err != nil {
		return fmt.Errorf("%s: %w", tracing.Endpoint, err)
	}
	defer closeTracing(settings.Tracing, log)
	stopMetrics, err := serveMetrics(ctx, c.MetricsAddr, settings.Metrics, log)
	if err != nil {
		return err
	}
	defer stopMetrics()
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return settingError(fmt.Errorf("MEETDESK_ADDR: %w", err))
	}
	front, err := server.Open(ctx, listener, &settings)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer front.Close()
	a, err := server.New(ctx, settings)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("a signal stopped the start; the next start continues an upgrade: %w", err)
		}
		return c.databaseError(err)
	}
	defer func() {
		stopMetrics() // first, because a scrape reads the database
		front.Close()
		err = errors.Join(err, a.Close())
	}()
	a.Desk.ResolveOrganizers(ctx) // names that cannot be resolved are retried later
	front.OnShutdown(a.Site.StopStreams)
	front.Serve(settings.Tracing.Handler(a.Site))
	fmt.Fprintf(stdout, "meetdesk is at %s, listening on %s\n", c.URL, listener.Addr())
	log.Info("start", "version", version, "url", c.URL, "data", c.Data, "ticket pattern", c.TicketPattern, "new database", isNew)
	defer log.Info("stop", "version", version)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go reloads.run(ctx, a)
	return serveAndCheck(ctx, front, a, c.lines(), log)
}

// serveAndCheck runs the checks while the desk answers requests, and waits until the desk
// has stopped.
func serveAndCheck(ctx context.Context, front *server.Front, a *server.App, lines []selfcheck.Line, log *slog.Logger) error {
	ctx, stop := context.WithCancel(ctx)
	checked := make(chan error, 1)
	go func() {
		err := checkAtStart(ctx, a, lines, log)
		if err != nil {
			front.Close()
		}
		checked <- err
	}()
	err := front.Wait()
	stop()
	return errors.Join(err, <-checked)
}

// databaseError returns the error for a database that could not be opened. For
// PostgreSQL, it is never a usage error, because the server may be down only briefly.
func (c config) databaseError(err error) error {
	if c.Database != "" {
		return fmt.Errorf("MEETDESK_DATABASE: %w", err)
	}
	return settingError(fmt.Errorf("MEETDESK_DATA: %s: %w", c.Data, err))
}

// newDatabase reports whether the desk will create a SQLite database.
func (c config) newDatabase() bool {
	_, err := os.Stat(filepath.Join(c.Data, store.FileName))
	return c.Database == "" && errors.Is(err, os.ErrNotExist)
}

// closeTracing sends the remaining spans. It gives up after a few seconds, so that an
// unreachable collector does not delay the exit.
func closeTracing(t *tracing.Tracing, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := t.Close(ctx); err != nil {
		log.Warn("the last traces were not sent", "error", err)
	}
}

// settingError returns a usage error if err means that a path or an address is wrong. It
// returns other errors unchanged, because a restart by systemd may resolve them.
func settingError(err error) error {
	if selfcheck.WrongPath(err) || selfcheck.WrongAddress(err) {
		return command.UsageError("%w", err)
	}
	return err
}

func serveUsage() string {
	var b strings.Builder
	b.WriteString("meetdesk serve takes no flags. It reads these settings from the environment; docs/operate.md describes them:\n\n")
	for field := range reflect.TypeFor[config]().Fields() {
		if name := field.Tag.Get("env"); name != "" {
			b.WriteString("  " + envPrefix + name)
			if value := field.Tag.Get("envDefault"); value != "" {
				b.WriteString(" (" + value + ")")
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
