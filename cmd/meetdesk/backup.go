package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"meetdesk/command"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/store/transfer"
)

type fileCommand struct {
	*flag.FlagSet
	data string
	json bool
}

// newFileCommand returns a command with the flags -data and -json. The parameter
// arguments describes the command's other arguments.
func newFileCommand(name, arguments, purpose string, stderr io.Writer) *fileCommand {
	c := newReportCommand(name, arguments, purpose, stderr)
	c.StringVar(&c.data, "data", os.Getenv(envPrefix+"DATA"), "the desk's data `directory`; by default the one in MEETDESK_DATA")
	return c
}

func newReportCommand(name, arguments, purpose string, stderr io.Writer) *fileCommand {
	c := &fileCommand{FlagSet: flag.NewFlagSet("meetdesk "+name, flag.ContinueOnError)}
	c.SetOutput(stderr)
	c.BoolVar(&c.json, "json", false, "print the result as JSON")
	c.Usage = func() {
		fmt.Fprintf(stderr, "meetdesk %s %s\n\n%s\n\n", name, arguments, purpose)
		c.PrintDefaults()
	}
	return c
}

// needData returns a usage error if no data directory is configured. With PostgreSQL, it
// ignores MEETDESK_DATA, because the systemd unit and the container image always set it.
func (c *fileCommand) needData() error {
	explicit := false
	c.Visit(func(f *flag.Flag) { explicit = explicit || f.Name == "data" })
	if !explicit && os.Getenv(envPrefix+"DATABASE")+os.Getenv(envPrefix+"DATABASE_FILE") != "" {
		return command.UsageError("%s is for SQLite; use PostgreSQL's own tools for the database of MEETDESK_DATABASE, such as pg_dump", c.Name())
	}
	if c.data == "" {
		return command.UsageError("%s needs -data or MEETDESK_DATA: the desk's data directory", c.Name())
	}
	return nil
}

func (c *fileCommand) print(stdout io.Writer, result fmt.Stringer) error {
	if c.json {
		return json.NewEncoder(stdout).Encode(result)
	}
	_, err := fmt.Fprint(stdout, result)
	return err
}

func backUp(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := newFileCommand("backup", "FILE|DIRECTORY", "Copies the database to a new file, verifies the copy and prints what it contains. The desk may keep\nrunning. In a directory, the file's name is meetdesk-, the time in UTC and .db.", stderr)
	keep := c.Int("keep", 0, "the `number` of backups to keep in a directory: the newest ones; 0 keeps all")
	secrets := c.Bool("with-sessions", false, "also copy sessions and tokens; without them, everybody signs in again after a restore")
	targets, err := command.ParseArguments(c.FlagSet, args, 1)
	if err != nil {
		return err
	}
	switch {
	case len(targets) == 0:
		return command.UsageError("meetdesk backup needs a file or a directory")
	case *keep < 0:
		return command.UsageError("meetdesk backup: -keep is %d; use 0 or more", *keep)
	}
	if err := c.needData(); err != nil {
		return err
	}
	o := backup.Options{Data: c.data, File: targets[0], Keep: *keep, Secrets: *secrets, Now: time.Now()}
	if info, err := os.Stat(targets[0]); err == nil && info.IsDir() {
		o.File, o.Folder = "", targets[0]
	}
	report, err := backup.Take(ctx, o)
	if err != nil {
		return err
	}
	return c.print(stdout, report)
}

func verify(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := newFileCommand("verify", "[FILE]", "Checks a backup, or the database of the data directory, and prints what it contains. The desk may keep\nrunning.", stderr)
	files, err := command.ParseArguments(c.FlagSet, args, 1)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		if err := c.needData(); err != nil {
			return err
		}
		files = []string{filepath.Join(c.data, store.FileName)}
	}
	report, err := backup.Verify(ctx, files[0])
	if err != nil {
		return err
	}
	return c.print(stdout, report)
}

const restorePurpose = `Verifies a backup and puts it in the place of the database. No desk may run on the data directory.
With a PLACE, which is postgres://ADDRESS or file:PATH for a file that contains one, completes a restore that
PostgreSQL's own tools have made: it ends all sessions and skips the numbers of lost records.`

func restore(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := newFileCommand("restore", "FILE|PLACE", restorePurpose, stderr)
	force := c.Bool("force", false, "replace a database; the old one is kept under another name")
	files, err := command.ParseArguments(c.FlagSet, args, 1)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return command.UsageError("meetdesk restore needs a file, or the place of a PostgreSQL database")
	}
	if isServer(files[0]) {
		return completeRestore(ctx, c, files[0], stdout)
	}
	if err := c.needData(); err != nil {
		return err
	}
	restored, err := backup.Restore(ctx, backup.RestoreOptions{From: files[0], Data: c.data, Force: *force, Program: version, Now: time.Now()})
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("%w; stop it first, for example with: systemctl stop meetdesk", err)
	}
	if err != nil {
		return err
	}
	return c.print(stdout, restored)
}

func isServer(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://") || strings.HasPrefix(place, "file:")
}

func completeRestore(ctx context.Context, c *fileCommand, text string, stdout io.Writer) error {
	place, err := transfer.ParsePlace(text)
	if err == nil && place.IsSQLite() {
		err = errors.New("use postgres://ADDRESS, or the path of a backup")
	}
	if err != nil {
		return command.UsageError("meetdesk restore: %v", err)
	}
	completed, err := backup.Complete(ctx, place.Address(), version, time.Now())
	if err != nil {
		return err
	}
	return c.print(stdout, completed)
}
