package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"meetdesk/command"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/selfcheck"
	"meetdesk/server"
)

// Time limits for a check. The check after the start reads less of a large database, because
// it runs while the desk answers its first requests.
const (
	checkTimeout   = 20 * time.Second
	startReadLimit = 300 * time.Millisecond
)

// check runs "meetdesk check", which checks the configuration in the process's environment
// and prints the results.
func check(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("meetdesk check", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print the result as JSON")
	flags.Usage = func() {
		fmt.Fprint(stderr, "meetdesk check reads the settings of \"meetdesk serve\" from the environment and tries them. It changes\nnothing. The exit status is 0 if nothing is wrong, 2 if a setting is, and 1 if something else is.\n\n")
		flags.PrintDefaults()
	}
	if err := command.ParseFlags(flags, args); err != nil {
		return err
	}
	if !slices.ContainsFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, envPrefix) }) {
		return command.UsageError("no setting is in the environment; with the package, systemd reads them from /etc/meetdesk/meetdesk.env: run the check as the service would, with the command in operate.md under \"Configure and start\"")
	}
	catalogue, err := locale.Load()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	return checkEnvironment(ctx, os.Environ(), catalogue.Printer("en"), *asJSON, stdout)
}

// checkEnvironment runs all checks and prints the results. If a check fails, it returns an
// error with the exit status. Warnings do not count as failures.
func checkEnvironment(ctx context.Context, environ []string, p locale.Printer, asJSON bool, stdout io.Writer) error {
	lines, err := checkLines(ctx, environ)
	if err != nil {
		return err
	}
	if err := printLines(stdout, lines, p, asJSON); err != nil {
		return err
	}
	switch {
	case selfcheck.BlamesSetting(lines):
		return command.Exit(command.Usage)
	case selfcheck.Worst(lines) == selfcheck.Wrong:
		return command.Exit(command.Failed)
	}
	return nil
}

// checkLines returns the results of all checks. If a setting is missing or invalid,
// checkLines makes no connections and returns only the problems with the settings.
func checkLines(ctx context.Context, environ []string) ([]selfcheck.Line, error) {
	c, err := readConfig(environ)
	lines := c.lines()
	var wrong *wrongSettings
	if errors.As(err, &wrong) {
		for _, p := range wrong.problems {
			l := selfcheck.Line{Name: "setting", State: selfcheck.Wrong, Outcome: "wrong", Args: meeting.Args{"Setting": p.name, "Problem": p.text}}
			if !p.temporary {
				l.Setting = p.name
			}
			lines = append(lines, l)
		}
		return lines, nil
	}
	if err == nil {
		err = c.checkData()
	}
	if err != nil {
		return nil, err
	}
	desk := c.settings(slog.New(slog.DiscardHandler)).SelfCheck()
	desk.Listen, desk.Metrics = c.Addr, c.MetricsAddr
	lines = append(lines, desk.Run(ctx)...)
	return append(lines, selfcheck.Scopes(c.Scopes, nil)), nil
}

// lines returns warnings about the settings: variables that this version does not support,
// a proxy on this machine that is not trusted, and missing scopes.
func (c config) lines() (lines []selfcheck.Line) {
	if len(c.unknown) > 0 {
		slices.Sort(c.unknown)
		lines = append(lines, selfcheck.Line{
			Name: "names", State: selfcheck.Warning, Outcome: "unknown", Setting: c.unknown[0], Args: meeting.Args{"Names": strings.Join(c.unknown, ", ")},
		})
	}
	if listen, _, _ := net.SplitHostPort(c.Addr); c.publicURL != nil && c.publicURL.Scheme == "https" && isLoopback(listen) && len(c.proxies) == 0 {
		lines = append(lines, selfcheck.Line{
			Name: "proxies", State: selfcheck.Warning, Outcome: "none", Setting: envPrefix + "TRUSTED_PROXIES", Args: meeting.Args{"Addr": c.Addr},
		})
	}
	if len(c.Scopes) > 0 {
		lines = append(lines, selfcheck.Requested(c.Scopes)...)
	}
	return lines
}

// checkData makes the path of SQLite's data directory absolute. If the directory belongs
// to the demo, checkData returns an error.
func (c *config) checkData() (err error) {
	if c.Database != "" {
		return nil
	}
	if c.Data, err = filepath.Abs(c.Data); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(c.Data, server.DemoFile)); err == nil {
		return command.UsageError("MEETDESK_DATA: %s belongs to the demo; serve needs a folder of its own", c.Data)
	}
	return nil
}

// checkEnded is the message that checkAtStart logs after all problems.
const checkEnded = "the configuration was checked"

// checkAtStart runs the checks, passes the results to the site, and logs the problems. It
// returns an error only if the provider is an emulator that is not allowed. Nobody can
// sign in meanwhile, because auth.Provider refuses such a provider.
func checkAtStart(ctx context.Context, a *server.App, lines []selfcheck.Line, log *slog.Logger) error {
	limited, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	brief := *a.Check
	brief.ReadLimit = startReadLimit
	lines = append(lines, brief.Run(limited)...)
	if ctx.Err() != nil { // the desk is stopping, so the lines are incomplete
		return nil
	}
	a.Site.NoteCheck(lines)
	for _, l := range lines {
		if l.Name == "provider" && l.Outcome == "emulator" {
			return command.UsageError("MEETDESK_ISSUER: this is meetdesk's emulator, which keeps nothing at Microsoft; to use it all the same, set MEETDESK_ALLOW_EMULATOR=1")
		}
		if text := l.In(a.Words.Printer("en")); l.State == selfcheck.Warning || l.State == selfcheck.Wrong {
			log.Warn("check", "state", text.State, "looked", text.Looked, "found", text.Found, "do", text.Do)
		}
	}
	log.Info(checkEnded, "result", selfcheck.Worst(lines))
	return nil
}

func printLines(w io.Writer, lines []selfcheck.Line, p locale.Printer, asJSON bool) error {
	texts := make([]selfcheck.Text, 0, len(lines))
	for _, l := range lines {
		texts = append(texts, l.In(p))
	}
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(map[string]any{"version": version, "state": selfcheck.Worst(lines), "checks": texts})
	}
	var b strings.Builder
	for _, t := range texts {
		fmt.Fprintf(&b, "%-8s %s\n         %s\n", t.State, t.Looked, t.Found)
		if t.Do != "" {
			fmt.Fprintf(&b, "         → %s\n", t.Do)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
