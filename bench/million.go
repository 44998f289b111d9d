package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// crew is a desk with many meetings, the browsers of its users, and a bare server that
// reads the same database.
type crew struct {
	*site
	filled
	quiet, busy, helpDesk, admin *browser
	bare                         *process
	bareBrowser                  *browser
	fresh, peak                  int64 // the desk's memory at the start, and its peak so far, in bytes
}

// growthFrom returns the number of meetings in the smaller database of the comparison.
func growthFrom(rows int) int {
	if rows > 1_000_000 {
		return 1_000_000
	}
	return min(rows, 10_000)
}

func (b *bench) million(ctx context.Context) error {
	var smaller []figure
	for _, rows := range []int{growthFrom(b.rows), b.rows} {
		last := rows == b.rows
		figures, err := b.withRows(ctx, rows, last)
		if last {
			var rows table
			for _, f := range figures {
				rows.add(f.row(smaller))
			}
			// Print these figures first. Most of them were also measured with fewer meetings.
			b.table = append(rows, b.table...)
		}
		if err != nil {
			return fmt.Errorf("with %d meetings: %w", rows, err)
		}
		smaller = figures
	}
	return nil
}

// withRows measures pages and searches with the given number of meetings, and returns the
// figures. If last is true, it also makes all other measurements and adds most of their
// results to the table. After an error, it returns the figures measured so far.
func (b *bench) withRows(ctx context.Context, rows int, last bool) (figures []figure, err error) {
	b.say("filling a database with %d meetings", rows)
	data := filepath.Join(b.dir, fmt.Sprintf("rows-%d", rows))
	if b.keep != "" {
		data = filepath.Join(b.keep, fmt.Sprintf("rows-%d", rows))
	} else {
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	}
	f, err := b.fill(ctx, data, rows)
	if err != nil {
		return nil, err
	}
	if last {
		if err := b.serveStarts(ctx, f); err != nil {
			return nil, err
		}
	}
	c, err := b.gather(ctx, f)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.leave()) }()
	parts := []func(context.Context, *crew) ([]figure, error){b.pages, b.searching}
	if last {
		parts = append(parts, b.readersDuringCreates)
	}
	for _, part := range parts {
		some, err := part(ctx, c)
		if err != nil {
			return figures, err
		}
		figures = append(figures, some...)
	}
	if !last {
		return figures, nil
	}
	b.reportFill(f)
	if err := b.export(ctx, c); err != nil {
		return figures, err
	}
	if err := b.memoryOfAll(c); err != nil {
		return figures, err
	}
	path, err := b.backups(ctx, c)
	if err != nil {
		return figures, err
	}
	return figures, b.retention(ctx, f, path)
}

// gather starts the desk on the filled directory, signs in the crew's users, and starts the
// bare server.
func (b *bench) gather(ctx context.Context, f filled) (c *crew, err error) {
	s, err := b.startSite(ctx, f.data)
	if err != nil {
		return nil, err
	}
	if c, err = signAllIn(ctx, f, s); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err == nil {
		c.bare, c.bareBrowser, err = b.startBare(ctx, self, f.data)
	}
	if err != nil {
		return nil, errors.Join(err, c.leave())
	}
	return c, nil
}

// signAllIn signs in the crew's four users. The crew that it returns has no bare server.
func signAllIn(ctx context.Context, f filled, s *site) (c *crew, err error) {
	c = &crew{filled: f, site: s}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.leave())
		}
	}()
	if c.fresh, err = residentMemory(c.desk.pid()); err != nil {
		return nil, err
	}
	for upn, person := range map[string]**browser{staffMember: &c.quiet, busyMember: &c.busy, helpDesk: &c.helpDesk, administrator: &c.admin} {
		*person = newBrowser(c.url)
		if err := (*person).signIn(ctx, upn); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// leave closes the browsers, stops the bare server if there is one, and stops the desk.
func (c *crew) leave() error {
	for _, browser := range []*browser{c.quiet, c.busy, c.helpDesk, c.admin, c.bareBrowser} {
		if browser != nil {
			browser.close()
		}
	}
	if c.bare != nil {
		_ = c.bare.stop() // always fails, because the server does not handle SIGTERM
	}
	return c.site.stop()
}
