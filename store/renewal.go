package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// Renewal is one desk's exclusive right to renew the tokens of a grant. Unlike an advisory
// lock, it outlives a broken connection, so no other desk sends the same refresh token
// before the renewal ends.
type Renewal struct {
	Tokens  Tokens    // the grant's tokens when the renewal began
	Until   time.Time // when the renewal ends, by this process's clock
	grantID int64
	claim   int64 // the value that this renewal wrote to grants.renewal_until
}

// renewalLimit is how long a renewal may take. If a desk is killed during a renewal, other
// desks wait until this time has passed.
const renewalLimit = time.Minute

// BeginRenewal waits until no other desk is renewing the grant's tokens and then claims the
// renewal for this desk. The caller must end it with SaveTokens or EndRenewal. BeginRenewal
// does not exclude other goroutines of this process. It returns an Unauthorized error if
// the grant has ended, and the context's error if the context ends first.
func (s *Store) BeginRenewal(ctx context.Context, grantID int64) (r Renewal, err error) {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		r = Renewal{grantID: grantID, Until: time.Now().Add(renewalLimit)}
		mine := false
		if r.claim, mine, err = s.engine.claimRenewal(ctx, grantID); err != nil {
			return r, fmt.Errorf("renewal of grant %d: %w", grantID, err)
		}
		if r.Tokens, err = s.Tokens(ctx, grantID); err != nil || mine {
			return r, err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return r, ctx.Err()
		}
	}
}

// EndRenewal ends a renewal without new tokens. If it fails, other desks wait until
// renewalLimit has passed.
func (s *Store) EndRenewal(ctx context.Context, r Renewal) error {
	if r.claim == 0 {
		return nil
	}
	return s.engine.transactAside(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE grants SET renewal_until = 0 WHERE id = $1 AND renewal_until = $2`, r.grantID, r.claim)
		return err
	})
}

// SaveTokens stores the tokens from the provider and ends the renewal. The caller must not
// use the tokens until SaveTokens has returned. SaveTokens returns an Unauthorized error if
// the grant has ended, and an Unavailable error if another desk has begun a renewal because
// this one took too long.
func (s *Store) SaveTokens(ctx context.Context, r Renewal, t Tokens) error {
	return s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		var claim int64
		err := tx.QueryRowContext(ctx, `SELECT renewal_until FROM grants WHERE id = $1`, r.grantID).Scan(&claim)
		if errors.Is(err, sql.ErrNoRows) {
			return grantEnded(r.grantID)
		}
		if err != nil {
			return fmt.Errorf("grant %d: %w", r.grantID, err)
		}
		if claim != r.claim {
			return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInUnavailable, Err: fmt.Errorf("the renewal of grant %d took too long", r.grantID)}
		}
		return s.updateTokens(ctx, tx, r.grantID, t)
	})
}
