package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// purgeShare is the fraction of the meetings that a purge removes.
const purgeShare = 0.05

const retentionLimit = 2 * time.Hour

// retention measures a purge and an erasure on a desk that was restored from the backup.
func (b *bench) retention(ctx context.Context, f filled, backup string) (err error) {
	data := filepath.Join(b.dir, "restored")
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	if err := os.Rename(backup, filepath.Join(data, databaseFile)); err != nil {
		return err
	}
	f.data = data
	c, err := b.gather(ctx, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.leave()) }()
	b.say("creates alone")
	quiet, err := c.createDuring(ctx, func() error { return sleepUntil(ctx, time.Now().Add(createSeconds*time.Second)) })
	if err != nil {
		return err
	}
	before := time.Now().Add(-years).Add(time.Duration(float64(years) * purgeShare))
	person := f.people[adminAt+1]
	for _, task := range []struct {
		name, path string
		form       url.Values
	}{
		{"purge", "/admin/retention/purge", url.Values{"confirmed": {"1"}, "meetings_before": {before.UTC().Format(time.RFC3339)}}},
		{"erasure", "/admin/retention/erase", url.Values{"person": {strconv.FormatInt(person.ID, 10)}, "confirm": {person.UPN}}},
	} {
		b.say("the %s", task.name)
		if err := b.retentionTask(ctx, c, task.name, task.path, task.form, quiet); err != nil {
			return fmt.Errorf("%s: %w", task.name, err)
		}
		if err := b.addLoad(task.name); err != nil {
			return err
		}
	}
	return nil
}

// retentionTask starts a retention task and measures it while meetings are being created.
func (b *bench) retentionTask(ctx context.Context, c *crew, name, path string, form url.Values, quiet []time.Duration) error {
	locks, err := watchLock(filepath.Join(c.site.data, databaseFile))
	if err != nil {
		return err
	}
	var meetings int
	begun := time.Now()
	took, err := c.createDuring(ctx, func() (err error) {
		if err := c.admin.post(ctx, path, form); err != nil {
			return err
		}
		meetings, err = awaitRetention(ctx, filepath.Join(c.site.data, databaseFile))
		return err
	})
	all := time.Since(begun)
	longest, lockErr := locks.stop()
	if err = errors.Join(err, lockErr); err != nil {
		return err
	}
	b.table.add(row{
		figure: fmt.Sprintf("%s of %d meetings among %d", name, meetings, c.rows), value: seconds(all),
		peer: fmt.Sprintf("%.0f meetings a second", float64(meetings)/all.Seconds()),
	})
	b.table.add(row{figure: name + ": the longest time for which nobody else could write", value: ms(longest)})
	b.table.add(row{
		figure: name + ": creates meanwhile, 99th percentile", value: ms(quantile(took, 0.99)), against: times(quantile(took, 0.99), quantile(quiet, 0.99)),
		peer: fmt.Sprintf("%s without it; the longest %s", ms(quantile(quiet, 0.99)), ms(quantile(took, 1))),
	})
	return nil
}

// awaitRetention waits until the newest retention task has ended. It returns the number of
// meetings that the task removed or changed.
func awaitRetention(ctx context.Context, path string) (meetings int, err error) {
	db, err := openDatabase(path, "mode=ro")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	for until := time.Now().Add(retentionLimit); time.Now().Before(until); {
		var done sql.NullInt64
		const newest = `SELECT done_at, meetings FROM retention_tasks ORDER BY id DESC LIMIT 1`
		if err := db.QueryRowContext(ctx, newest).Scan(&done, &meetings); err != nil || done.Valid {
			return meetings, err
		}
		if err := sleepUntil(ctx, time.Now().Add(time.Second/5)); err != nil {
			return 0, err
		}
	}
	return 0, errors.New("it does not end")
}

// lockWatch measures the longest time that the desk holds the database's write lock.
type lockWatch struct {
	end     chan struct{}
	longest chan time.Duration
	failed  chan error
}

// lockInterval is the interval at which a lockWatch tries to take the lock. The
// measurement error is about as large as this interval.
const lockInterval = 2 * time.Millisecond

func watchLock(path string) (w lockWatch, err error) {
	db, err := openDatabase(path, "_pragma=busy_timeout(0)")
	if err != nil {
		return w, err
	}
	db.SetMaxOpenConns(1)
	w = lockWatch{make(chan struct{}), make(chan time.Duration, 1), make(chan error, 1)}
	go func() {
		defer db.Close()
		var longest time.Duration
		var since time.Time // when the lock was first found to be held
		for {
			now := time.Now()
			_, err := db.Exec(`BEGIN IMMEDIATE; ROLLBACK`)
			switch {
			case err == nil && !since.IsZero():
				longest, since = max(longest, now.Sub(since)), time.Time{}
			case err != nil && !strings.Contains(err.Error(), "SQLITE_BUSY"):
				w.longest <- longest
				w.failed <- err
				return
			case err != nil && since.IsZero():
				since = now
			}
			select {
			case <-time.After(lockInterval):
			case <-w.end:
				w.longest <- longest
				w.failed <- nil
				return
			}
		}
	}()
	return w, nil
}

func (w lockWatch) stop() (longest time.Duration, err error) {
	close(w.end)
	return <-w.longest, <-w.failed
}

// post submits a form. It returns an error unless the status of the final response is
// 200.
func (b *browser) post(ctx context.Context, path string, form url.Values) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.site+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := b.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("POST %s: %s", path, resp.Status)
	}
	return nil
}
