package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"meetdesk/command"
	"meetdesk/store/sqlitedb"
	"meetdesk/store/transfer"
)

const copyPurpose = `Copies everything from SQLite to PostgreSQL, or back. Stop all desks first. The target must be empty. At the
end, both databases are read and compared. If the copy is interrupted, run the same command again to
continue it. A place is sqlite:DIRECTORY, postgres://ADDRESS, or file:PATH for a file that contains one of these.`

func copyDatabase(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := newReportCommand("copy", "-from PLACE -to PLACE", copyPurpose, stderr)
	from := c.String("from", "", "the `place` to copy from; it is not changed")
	to := c.String("to", "", "the `place` to copy to: an empty database, or a directory without one")
	if _, err := command.ParseArguments(c.FlagSet, args, 0); err != nil {
		return err
	}
	o := transfer.Options{Program: version, Progress: copyProgress(stderr)}
	for _, f := range []struct {
		name, text string
		place      *transfer.Place
	}{{"-from", *from, &o.From}, {"-to", *to, &o.To}} {
		if f.text == "" {
			return command.UsageError("meetdesk copy needs -from and -to")
		}
		var err error
		if *f.place, err = transfer.ParsePlace(f.text); err != nil {
			return command.UsageError("meetdesk copy: %s: %v", f.name, err)
		}
	}
	if o.From.IsSQLite() == o.To.IsSQLite() {
		return command.UsageError("meetdesk copy copies from SQLite to PostgreSQL or back; to copy within SQLite, use backup and restore")
	}
	report, err := transfer.Copy(ctx, o)
	if ctx.Err() != nil && err != nil {
		return fmt.Errorf("interrupted; run the same command again to continue: %w", err)
	}
	if err != nil {
		return err
	}
	return c.print(stdout, report)
}

func copyProgress(w io.Writer) func(what string, done, all int64) {
	next := time.Now().Add(sqlitedb.ProgressInterval)
	return func(what string, done, all int64) {
		if now := time.Now(); now.After(next) {
			next = now.Add(sqlitedb.ProgressInterval)
			fmt.Fprintf(w, "%s: %d of %d\n", what, done, all)
		}
	}
}
