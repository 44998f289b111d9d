package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"meetdesk/retryafter"
)

// Service identifies a Microsoft service with its own rate limits.
type Service string

// The services that can throttle the desk. A delay for Graph also applies to Directory.
const (
	Graph       Service = "graph"       // for meetings
	Directory   Service = "directory"   // for looking up people
	SignIn      Service = "sign-in"     // for refreshing users' tokens
	Application Service = "application" // for the application's own token
)

// WholeDesk replaces the user ID in a delay that applies to all users.
const WholeDesk = 0

// SaveWait records that the service must not be called for the user before the given time.
// If userID is WholeDesk, this applies to all users. SaveWait does not replace a later
// time.
func (s *Store) SaveWait(ctx context.Context, service Service, userID int64, until time.Time) error {
	const (
		prune = `DELETE FROM waits WHERE until_at <= $1 OR until_at > $2 OR saved_at > $1`
		keep  = `INSERT INTO waits (service, user_id, until_at, saved_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (service, user_id) DO UPDATE SET until_at = excluded.until_at, saved_at = excluded.saved_at WHERE waits.until_at < excluded.until_at`
	)
	now := s.now()
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, prune, now.UnixMilli(), now.Add(retryafter.Longest).UnixMilli()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, keep, service, userID, until.UnixMilli(), now.UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("wait for %s: %w", service, err)
	}
	return nil
}

// Wait returns the earliest time at which the service may be called for the user; the zero
// time means now. It ignores implausible delays, which were recorded while the clock was
// wrong.
func (s *Store) Wait(ctx context.Context, service Service, userID int64) (until time.Time, err error) {
	if service == Directory {
		return s.WaitForBoth(ctx, Directory, Graph, userID)
	}
	return s.WaitForBoth(ctx, service, service, userID)
}

// WaitForBoth is like Wait, but for a caller that needs both services.
func (s *Store) WaitForBoth(ctx context.Context, one, other Service, userID int64) (until time.Time, err error) {
	const q = `SELECT max(until_at) FROM waits WHERE service IN ($1, $2) AND user_id IN (0, $3) AND until_at > $4 AND until_at <= $5 AND saved_at <= $4`
	var at sql.NullInt64
	now := s.now()
	if err := s.read.QueryRowContext(ctx, q, one, other, userID, now.UnixMilli(), now.Add(retryafter.Longest).UnixMilli()).Scan(&at); err != nil {
		return until, fmt.Errorf("wait for %s and %s: %w", one, other, err)
	}
	return fromMillis(at), nil
}
