package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// deskLease is the duration of a lease in the desks table. A desk counts as stopped if its
// lease ended more than deskLease ago.
const deskLease = 20 * time.Second

// serverNow is an SQL expression for the server's time in milliseconds. Leases use it
// because the clocks of the desks may differ.
const serverNow = `(extract(epoch FROM clock_timestamp()) * 1000)::bigint`

func (e *postgresEngine) register(ctx context.Context) error {
	const q = `INSERT INTO desks (lease_until) VALUES (` + serverNow + ` + $1) RETURNING id`
	if err := e.aside.QueryRowContext(ctx, q, deskLease.Milliseconds()).Scan(&e.id); err != nil {
		return fmt.Errorf("register the desk: %w", err)
	}
	return nil
}

func (e *postgresEngine) deskID() int64 { return e.id }

func (e *postgresEngine) desks() int { return max(1, int(e.running.Load())) }

// renewLease renews this desk's lease and removes stopped desks from the table. If this
// desk's lease had already ended, renewLease removes no desk, because the server may have
// been unavailable to all desks.
func (e *postgresEngine) renewLease(ctx context.Context) error {
	const (
		renew = `WITH renewed AS (INSERT INTO desks (id, lease_until) VALUES ($1, ` + serverNow + ` + $2) ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until)
			SELECT EXISTS (SELECT 1 FROM desks WHERE id = $1 AND lease_until >= ` + serverNow + `), (SELECT count(*) FROM desks)`
		remove = `DELETE FROM desks WHERE lease_until < ` + serverNow + ` - $1`
	)
	ctx, cancel := context.WithTimeout(ctx, deskLease)
	defer cancel()
	var (
		kept    bool // whether the lease was valid before this renewal
		running int64
	)
	if err := e.aside.QueryRowContext(ctx, renew, e.id, deskLease.Milliseconds()).Scan(&kept, &running); err != nil {
		return fmt.Errorf("renew the lease: %w", err)
	}
	e.running.Store(running)
	if !kept {
		return nil
	}
	if _, err := e.aside.ExecContext(ctx, remove, deskLease.Milliseconds()); err != nil {
		return fmt.Errorf("remove stopped desks: %w", err)
	}
	return nil
}

// claimRenewal commits the claim before it returns. Otherwise, the row would be locked
// while the caller waits for the identity provider.
func (e *postgresEngine) claimRenewal(ctx context.Context, grantID int64) (claim int64, mine bool, err error) {
	const q = `UPDATE grants SET renewal_until = ` + serverNow + ` + $2 WHERE id = $1 AND renewal_until < ` + serverNow + ` RETURNING renewal_until`
	err = e.aside.QueryRowContext(ctx, q, grantID, renewalLimit.Milliseconds()).Scan(&claim)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return claim, err == nil, err
}

func (e *postgresEngine) unregister() {
	ctx, cancel := context.WithTimeout(context.Background(), deskLease/4)
	defer cancel()
	_, _ = e.aside.ExecContext(ctx, `DELETE FROM desks WHERE id = $1`, e.id)
}
