package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// upkeep fills a desk with many meetings and measures backups, a purge and an erasure.
func (b *bench) upkeep(ctx context.Context) (err error) {
	b.say("filling a database with %d meetings", b.rows)
	parent := b.dir
	if b.keep != "" {
		parent = b.keep
	}
	f, err := b.fill(ctx, filepath.Join(parent, fmt.Sprintf("rows-%d", b.rows)), b.rows)
	if err != nil {
		return err
	}
	c, err := b.gather(ctx, f)
	if err != nil {
		return err
	}
	path, err := b.backups(ctx, c)
	if err = errors.Join(err, c.leave()); err != nil {
		return err
	}
	return b.retention(ctx, f, path)
}

// addLoad adds a row with the load average of the last minute, because some figures mean
// little on a busy machine.
func (b *bench) addLoad(during string) error {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	minute, _, _ := strings.Cut(string(text), " ")
	b.table.add(row{figure: "load average at the end of the " + during, value: minute})
	return nil
}
