package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"time"
)

// engineGoal is the maximum CPU time of a list, a search or a meeting page on PostgreSQL,
// as a multiple of the time on SQLite. It includes the CPU time of the database server.
const engineGoal = 2

// engines compares a desk on PostgreSQL with one on SQLite. With the same meetings on both
// desks, it measures the CPU time per page. It also measures the number of meetings created
// per second.
func (b *bench) engines(ctx context.Context) (err error) {
	data := filepath.Join(b.dir, fmt.Sprintf("rows-%d", b.rows))
	if b.keep != "" {
		data = filepath.Join(b.keep, fmt.Sprintf("rows-%d", b.rows))
	}
	f, err := b.fill(ctx, data, b.rows)
	if err != nil {
		return err
	}
	large, progress, err := b.prepare(ctx, f)
	if err != nil {
		return err
	}
	server, err := startPostgres(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	b.say("copying %d meetings to PostgreSQL", f.rows)
	took, err := server.copyFrom(ctx, b, f.data)
	if err != nil {
		return err
	}
	b.table.add(row{figure: fmt.Sprintf("copy of %d meetings to PostgreSQL", f.rows), value: seconds(took)})
	if err := b.enginePages(ctx, f, server, large, progress); err != nil {
		return err
	}
	return b.engineCreates(ctx, server)
}

// prepare starts a desk, adds a large meeting and an import, and stops the desk again. It
// returns the paths of the meeting's page and of the import's page.
func (b *bench) prepare(ctx context.Context, f filled) (large, progress string, err error) {
	c, err := b.gather(ctx, f)
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, c.leave()) }()
	if large, err = c.addLarge(ctx); err != nil {
		return "", "", err
	}
	progress, err = c.addImport(ctx)
	return large, progress, err
}

// enginePages compares the CPU time of each errand on PostgreSQL with that on SQLite.
func (b *bench) enginePages(ctx context.Context, f filled, server postgresServer, large, progress string) (err error) {
	targets, err := targetsOf(ctx, f, busyMember, 32)
	if err != nil {
		return err
	}
	onSQLite, err := b.gather(ctx, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, onSQLite.leave()) }()
	s, err := b.startDesks(ctx, 1, "MEETDESK_DATABASE="+server.Address, "")
	if err != nil {
		return err
	}
	onPostgres, err := signAllIn(ctx, f, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, onPostgres.leave()) }()
	used := func() (time.Duration, error) {
		desk, err := onPostgres.desk.cpu()
		if err != nil {
			return 0, err
		}
		database, err := server.cpu()
		return desk + database, err
	}
	theirs := onSQLite.errands(targets, large, progress)
	for i, e := range onPostgres.errands(targets, large, progress) {
		b.say("%s", e.name)
		own, floor, err := compare(ctx, e.side(used), theirs[i].side(onSQLite.desk.cpu))
		if err != nil {
			return err
		}
		r := row{figure: e.name, value: ms(own), peer: ms(floor) + " on SQLite", against: fmt.Sprintf("%.2f times", float64(own)/float64(floor))}
		if e.most > 0 {
			r.goal = goal("at most 2 times", own <= engineGoal*floor)
		}
		b.table.add(r)
	}
	return nil
}

// engineCreates compares how many meetings several clients can create per second on SQLite,
// on PostgreSQL, and with three desks on PostgreSQL.
func (b *bench) engineCreates(ctx context.Context, server postgresServer) (err error) {
	if err := server.exec(ctx, `CREATE DATABASE one TEMPLATE template0`, `CREATE DATABASE three TEMPLATE template0`); err != nil {
		return err
	}
	data := filepath.Join(b.dir, "creates")
	kinds := []struct {
		name, database, data string
		desks                int
		makers               []*browser
	}{
		{"SQLite", "MEETDESK_DATA=" + data, data, 1, nil},
		{"PostgreSQL", "MEETDESK_DATABASE=" + server.database("one"), "", 1, nil},
		{"three desks on PostgreSQL", "MEETDESK_DATABASE=" + server.database("three"), "", 3, nil},
	}
	for i := range kinds {
		s, err := b.startDesks(ctx, kinds[i].desks, kinds[i].database, kinds[i].data)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.stop()) }()
		for _, upn := range []string{staffMember, busyMember} { // one person may have at most 50 requests in progress
			for _, url := range s.urls {
				maker := newBrowser(url)
				defer maker.close()
				if err := maker.signIn(ctx, upn); err != nil {
					return err
				}
				kinds[i].makers = append(kinds[i].makers, maker)
			}
		}
	}
	next := 0
	for _, clients := range []int{1, 4, 16, mostClients} {
		b.say("creates, %d at once", clients)
		rates := make([]float64, len(kinds))
		for range writeRounds {
			for i, k := range kinds {
				began, first := time.Now(), next
				done, err := inParallel(clients, math.MaxInt, began.Add(writeRound), func(n int) error {
					_, _, err := k.makers[n%len(k.makers)].create(ctx, fmt.Sprintf("MANY%07d", first+n))
					return err
				})
				if err != nil {
					return err
				}
				next += done
				rates[i] += float64(done) / time.Since(began).Seconds() / writeRounds
			}
		}
		for i, k := range kinds[1:] {
			b.table.add(row{
				figure: fmt.Sprintf("creates, %d at once, %s", clients, k.name), value: fmt.Sprintf("%.0f per second", rates[i+1]),
				peer: fmt.Sprintf("%.0f per second on %s", rates[i], kinds[i].name), against: fmt.Sprintf("%.2f times", rates[i+1]/rates[i]),
			})
		}
	}
	return nil
}
