package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"meetdesk/selfcheck"
	"meetdesk/server"
)

// reloader reloads the secret files on SIGHUP. Either all of the new secrets take effect or
// none of them do. Changes to other settings need a restart.
type reloader struct {
	environ []string
	current server.Secrets
	log     *slog.Logger
	signals chan os.Signal
}

// newReloader returns a reloader that catches SIGHUP, which would otherwise terminate a
// desk that is still starting.
func newReloader(environ []string, c config, log *slog.Logger) *reloader {
	r := &reloader{environ: environ, current: secretsOf(c), log: log, signals: make(chan os.Signal, 1)}
	signal.Notify(r.signals, syscall.SIGHUP)
	return r
}

func secretsOf(c config) server.Secrets {
	return server.Secrets{Keys: c.keys, Credential: c.credential, App: c.app.Credential}
}

func (r *reloader) run(ctx context.Context, a *server.App) {
	defer signal.Stop(r.signals)
	for {
		select {
		case <-r.signals:
			r.reload(ctx, a)
		case <-ctx.Done():
			return
		}
	}
}

// reloadTimeout is how long the provider may take to accept or refuse the new secrets.
const reloadTimeout = 10 * time.Second

// reload reads the secret files again. If a file is invalid or the provider rejects
// a credential, reload logs the reason and keeps all old secrets.
func (r *reloader) reload(ctx context.Context, a *server.App) {
	ctx, cancel := context.WithTimeout(ctx, reloadTimeout)
	defer cancel()
	next, problems := r.read()
	if problems == nil {
		problems = r.refused(ctx, a, next)
	}
	for _, p := range problems {
		r.log.Error("reload: nothing was changed, and the old secrets stay in use", "setting", p.name, "problem", p.text)
	}
	if problems != nil {
		return
	}
	if err := a.SetSecrets(next); err != nil {
		r.log.Error("reload", "error", err)
		return
	}
	keys, client, app := !slices.EqualFunc(next.Keys, r.current.Keys, bytes.Equal), !next.Credential.Equal(r.current.Credential), !next.App.Equal(r.current.App)
	r.log.Info("reload: the secrets were read again", "session keys changed", keys, "client credential changed", client, "application credential changed", app)
	if !keys && !client && !app && hasCredentials(r.environ) {
		r.log.Warn("reload: nothing has changed; systemd copied the files of LoadCredential= when the service started, so restart meetdesk to use new ones")
	}
	r.current = next
}

// hasCredentials reports whether systemd has copied credentials for this process. systemd
// copies them only when the service starts.
func hasCredentials(environ []string) bool {
	return slices.ContainsFunc(environ, func(variable string) bool { return strings.HasPrefix(variable, credentialsVariable+"=") })
}

func (r *reloader) read() (server.Secrets, []problem) {
	c, err := readConfig(r.environ)
	var wrong *wrongSettings
	switch {
	case errors.As(err, &wrong):
		return server.Secrets{}, wrong.problems
	case err != nil:
		return server.Secrets{}, []problem{{text: err.Error()}}
	}
	if !slices.ContainsFunc(c.keys, func(key []byte) bool { return bytes.Equal(key, r.current.Keys[0]) }) {
		return server.Secrets{}, []problem{{name: envPrefix + "SESSION_KEYS", text: "the key that was the first one is missing, and everybody would be signed out; put the new key in front of it, or restart meetdesk to end all sessions"}}
	}
	return secretsOf(c), nil
}

// refused returns a problem for each new credential that the provider rejects. A credential
// that cannot be tested counts as accepted.
func (r *reloader) refused(ctx context.Context, a *server.App, next server.Secrets) (problems []problem) {
	var lines []selfcheck.Line
	if !next.Credential.Equal(r.current.Credential) {
		lines = append(lines, a.Check.Client(ctx, next.Credential, nil))
	}
	if a.Check.App != nil && !next.App.Equal(r.current.App) {
		lines = append(lines, a.Check.Application(ctx, next.App))
	}
	for _, l := range lines {
		if text := l.In(a.Words.Printer("en")); l.State == selfcheck.Wrong {
			problems = append(problems, problem{name: l.Setting, text: text.Found + " " + text.Do})
		}
	}
	return problems
}
