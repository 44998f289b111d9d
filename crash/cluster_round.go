package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/listing"
)

// The faults that a round can inject into a cluster.
const (
	killOneDesk      = "desk killed"
	stopOneDesk      = "desk stopped"
	freezeOneDesk    = "desk frozen"  // the desk is frozen, but its lease does not expire
	cutOneDesk       = "desk cut off" // the desk is frozen until after its lease has expired
	killThePrimary   = "primary killed"
	freezeThePrimary = "primary frozen" // the primary is frozen until another node becomes the primary
	stopThePrimary   = "primary stopped"
)

// likelyInCluster lists the faults from which most rounds choose. A fault that is listed
// more often is more likely.
var likelyInCluster = []string{
	killOneDesk, killOneDesk, killOneDesk, killOneDesk, killOneDesk, stopOneDesk, stopOneDesk, freezeOneDesk, freezeOneDesk,
	killThePrimary, killThePrimary, killThePrimary, killThePrimary, freezeThePrimary, stopThePrimary, stopThePrimary,
}

const (
	maxClusterQuiet = 2 * time.Second
	maxFrozen       = 5 * time.Second
	beyondLease     = 50 * time.Second
	cutEvery        = 25              // a desk is cut off in each round whose number is a multiple of cutEvery
	naturalEvery    = 20              // skipWaits changes nothing in each round whose number is a multiple of naturalEvery
	longestRequest  = 8 * time.Second // how long an attempt may take after the last fault
)

// runInCluster is like run, but with three desks on a cluster.
func (r *round) runInCluster(ctx context.Context) error {
	c := r.site.cluster
	if c.etcd == nil {
		if err := errors.Join(r.site.runEmulator(ctx), c.start(ctx)); err != nil {
			return err
		}
	}
	for i := range c.desks {
		if c.desks[i] == nil {
			if err := r.startClusterDesk(ctx, i); err != nil {
				return err
			}
		}
	}
	before, unansweredBefore := r.logged(refusedGrant), r.logged(unansweredToken)
	killed, err := r.workInCluster(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(c.whole(ctx), r.skipWaits(ctx, killed)); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{r.settle, r.checkPages, r.checkMicrosoft, r.checkClusterDatabase} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	refused, unanswered := r.logged(refusedGrant)-before, r.logged(unansweredToken)-unansweredBefore
	r.total.refused += refused
	if refused > killed+unanswered {
		r.report(duplicated, "%d refresh tokens were sent twice; %d desks were killed or cut off, and %d token requests got no valid response", refused, killed, unanswered)
	}
	if ended := len(r.ended); ended > r.logged(refusedGrant) {
		r.report(lost, "%q", r.ended)
	}
	for _, desk := range c.desks {
		if err := desk.crashed(); err != nil {
			return err
		}
	}
	return nil
}

// workInCluster injects faults at random moments while people work. It returns the number
// of desks that may have lost a renewed token.
func (r *round) workInCluster(ctx context.Context) (killed int, err error) {
	if err := r.prepare(ctx); err != nil {
		return 0, err
	}
	until, stop := context.WithCancel(ctx)
	defer stop()
	var working sync.WaitGroup
	for _, t := range r.tabs() {
		working.Go(func() { t.work(until) })
	}
	for range 1 + r.rng.IntN(3) {
		time.Sleep(random(r.rng, maxClusterQuiet))
		hit := likelyInCluster[r.rng.IntN(len(likelyInCluster))]
		if r.total.rounds%cutEvery == 0 {
			hit = cutOneDesk
		}
		r.total.hits[hit]++
		r.site.lives.Add(1) // a fault may release the lock on a ticket; see onlyOne
		if hit == killOneDesk || hit == cutOneDesk {
			killed++
		}
		if err = r.hit(ctx, hit); err != nil {
			break
		}
		r.site.lives.Add(1)
	}
	time.Sleep(random(r.rng, maxClusterQuiet/2))
	stop()
	working.Wait()
	return killed, err
}

func (r *round) hit(ctx context.Context, hit string) error {
	c, desk := r.site.cluster, r.rng.IntN(len(r.site.cluster.desks))
	switch hit {
	case killOneDesk:
		if !c.desks[desk].kill() {
			return c.desks[desk].crashed()
		}
		r.site.deskKills++
		time.Sleep(random(r.rng, maxClusterQuiet))
		return r.startClusterDesk(ctx, desk)
	case stopOneDesk:
		if err := c.desks[desk].stop(); err != nil {
			return err
		}
		return r.startClusterDesk(ctx, desk)
	case freezeOneDesk:
		return freeze(c.desks[desk], random(r.rng, maxFrozen))
	case cutOneDesk:
		return freeze(c.desks[desk], beyondLease)
	}
	if err := c.whole(ctx); err != nil { // without a standby, no other node could become the primary
		return err
	}
	n := c.primary()
	if n == nil {
		return errors.New("there is no primary to hit")
	}
	switch hit {
	case killThePrimary:
		n.kill()
		r.total.primaryKills++
	case stopThePrimary:
		_ = n.patroni.Process.Signal(syscall.SIGTERM)
		_ = n.patroni.Wait() // its status does not matter
	case freezeThePrimary:
		n.signal(syscall.SIGSTOP)
	}
	if err := c.another(ctx, n); err != nil {
		return err
	}
	if hit == freezeThePrimary {
		n.signal(syscall.SIGCONT)
		return nil
	}
	return c.startNode(n)
}

func freeze(p *process, d time.Duration) error {
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	time.Sleep(d)
	return p.cmd.Process.Signal(syscall.SIGCONT)
}

// another waits until a node other than the old primary has become the primary.
func (c *cluster) another(ctx context.Context, old *node) error {
	for deadline := time.Now().Add(clusterLimit); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(200 * time.Millisecond) {
		for _, n := range c.nodes {
			if n != old && n.is("/primary") {
				return nil
			}
		}
	}
	return errors.Join(fmt.Errorf("no other primary after %v; see the logs in %s", clusterLimit, c.dir), ctx.Err())
}

func (s *site) clusterLog(i int) string { return filepath.Join(s.dir, fmt.Sprintf("desk%d.log", i+1)) }

func (r *round) startClusterDesk(ctx context.Context, i int) (err error) {
	s := r.site
	environ := []string{"MEETDESK_ADDR=" + s.cluster.addrs[i], "MEETDESK_DATABASE=" + s.cluster.address("meetdesk")}
	for _, v := range s.environ {
		if name, _, _ := strings.Cut(v, "="); name != "MEETDESK_ADDR" && name != "MEETDESK_DATA" {
			environ = append(environ, v)
		}
	}
	if s.cluster.desks[i], err = start(fmt.Sprint("desk ", i+1), s.binary, s.clusterLog(i), "listening", environ, "serve"); err != nil {
		return err
	}
	return s.cluster.desks[i].wait(ctx)
}

// unansweredToken is logged when a token request gets no valid response. By then, the
// emulator may have replaced the refresh token. It then refuses the old one.
const unansweredToken = "no valid response from the provider"

func (r *round) logged(message string) (n int) {
	for i := range r.site.cluster.desks {
		log, err := os.ReadFile(r.site.clusterLog(i))
		if err == nil {
			n += strings.Count(string(log), message)
		}
	}
	return n
}

// skipWaits ends the leases of killed desks and waits for the pending attempts that can still
// end by themselves. It makes the other pending attempts a minute older, so that people can
// finish them. In some rounds it changes nothing. The leases then take almost a minute to
// expire, and the attempts may take another minute.
func (r *round) skipWaits(ctx context.Context, killed int) error {
	if r.total.rounds%naturalEvery == 0 {
		if killed > 0 {
			time.Sleep(beyondLease)
		}
		return nil
	}
	db, err := r.site.openToRead()
	if err != nil {
		return err
	}
	defer db.Close()
	if killed > 0 {
		if err := r.endLeases(ctx, db); err != nil {
			return err
		}
	}
	awaitTrue(ctx, db, `SELECT NOT EXISTS (SELECT 1 FROM attempts WHERE state = 'pending')`)
	_, err = db.ExecContext(ctx, `UPDATE attempts SET updated_at = updated_at - $1 WHERE state = 'pending'`, meeting.LongestRun.Milliseconds())
	return err
}

// endLeases ends the leases of desks that no longer renew them, so that the other desks
// settle those desks' attempts within seconds.
func (r *round) endLeases(ctx context.Context, db *sql.DB) error {
	const unchanged = `EXISTS (SELECT 1 FROM crash_leases c WHERE c.id = d.id AND c.lease_until = d.lease_until)`
	if _, err := db.ExecContext(ctx, `CREATE TABLE crash_leases AS SELECT * FROM desks`); err != nil {
		return err
	}
	awaitTrue(ctx, db, `SELECT count(*) >= $1 FROM desks d WHERE NOT `+unchanged, len(r.site.cluster.desks))
	for _, q := range []string{`UPDATE desks d SET lease_until = 1 WHERE ` + unchanged, `DROP TABLE crash_leases`} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// awaitTrue waits until the query returns true, but no longer than longestRequest.
func awaitTrue(ctx context.Context, db *sql.DB, query string, args ...any) {
	for deadline := time.Now().Add(longestRequest); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		var done bool
		if err := db.QueryRowContext(ctx, query, args...).Scan(&done); err == nil && done {
			return
		}
	}
}

func (r *round) checkClusterDatabase(ctx context.Context) error {
	db, err := r.site.openToRead()
	if err != nil {
		return err
	}
	defer db.Close()
	const twice = `SELECT 'two attempts have the form ' || form_id FROM attempts WHERE form_id IS NOT NULL GROUP BY form_id HAVING count(*) > 1`
	err = each(ctx, db, twice, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		r.report(broken, "%s", text)
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.checkPostgresIndex(ctx, db); err != nil {
		return err
	}
	if err := r.checkSearch(ctx, db, listing.OpenPostgres(db, time.Now, new(atomic.Int64))); err != nil {
		return err
	}
	return r.checkTold(ctx, db)
}

// checkPostgresIndex rebuilds the full-text index with the desk's own code and compares the
// result with the existing index. It then rolls the changes back.
func (r *round) checkPostgresIndex(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, statement := range []string{`CREATE TEMP TABLE have ON COMMIT DROP AS SELECT * FROM meetings_fts`, `DELETE FROM meetings_fts`} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("full-text index: %s: %w", statement, err)
		}
	}
	if _, err := listing.PostgresIndex().UpdateChunk(ctx, tx, 0, math.MaxInt64, math.MaxInt32); err != nil {
		return err
	}
	var differ int
	const q = `SELECT count(*) FROM ((SELECT * FROM have EXCEPT SELECT * FROM meetings_fts) UNION ALL (SELECT * FROM meetings_fts EXCEPT SELECT * FROM have)) d`
	if err := tx.QueryRowContext(ctx, q).Scan(&differ); err != nil {
		return err
	}
	if differ > 0 {
		r.report(broken, "%d rows of the full-text index differ from the meetings", differ)
	}
	return nil
}
