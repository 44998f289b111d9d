package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// Tokens contains the newest tokens that the provider issued for a sign-in. They are
// stored encrypted.
type Tokens struct {
	AccessToken  string
	RefreshToken string
	IDToken      string
	Expiry       time.Time // when the access token expires
	Scope        string
}

func (s *Store) insertGrant(ctx context.Context, tx *sql.Tx, userID int64, t Tokens) (id int64, err error) {
	const q = `INSERT INTO grants (user_id, tokens, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING id`
	if err := tx.QueryRowContext(ctx, q, userID, []byte{}, s.now().UnixMilli()).Scan(&id); err != nil {
		return 0, fmt.Errorf("grant of user %d: %w", userID, err)
	}
	// The tokens are encrypted for the row with this ID, so the row must be inserted
	// first.
	return id, s.updateTokens(ctx, tx, id, t)
}

func (s *Store) updateTokens(ctx context.Context, tx *sql.Tx, grantID int64, t Tokens) error {
	plain, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("grant %d: %w", grantID, err)
	}
	const q = `UPDATE grants SET tokens = $1, updated_at = $2, renewal_until = 0 WHERE id = $3`
	result, err := tx.ExecContext(ctx, q, s.seal.Load().seal(plain, grantRow(grantID)), s.now().UnixMilli(), grantID)
	if err != nil {
		return fmt.Errorf("grant %d: %w", grantID, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, grantEnded(grantID))
	}
	return nil
}

func grantRow(id int64) string { return fmt.Sprintf("grants/%d", id) }

// Tokens returns the grant's tokens. If they do not exist or cannot be decrypted, it
// returns an Unauthorized error, and the person has to sign in again.
func (s *Store) Tokens(ctx context.Context, grantID int64) (t Tokens, err error) {
	var sealed []byte
	err = s.read.QueryRowContext(ctx, `SELECT tokens FROM grants WHERE id = $1`, grantID).Scan(&sealed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("grant %d: %w", grantID, err)
	}
	var plain []byte
	if err == nil {
		plain, err = s.seal.Load().open(sealed, grantRow(grantID))
	}
	if err != nil {
		return t, &meeting.Error{Code: meeting.Unauthorized, Key: meeting.ReasonSignIn, Err: err}
	}
	if err := json.Unmarshal(plain, &t); err != nil {
		return t, fmt.Errorf("grant %d: %w", grantID, err)
	}
	return t, nil
}

// grantEnded returns the error for a grant that no longer exists because its sessions
// have ended.
func grantEnded(grantID int64) error {
	return &meeting.Error{Code: meeting.Unauthorized, Key: meeting.ReasonSignIn, Err: fmt.Errorf("grant %d has ended", grantID)}
}

// CheckGrant returns an Unauthorized error if the grant no longer exists.
func (s *Store) CheckGrant(ctx context.Context, grantID int64) error {
	var exists bool
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM grants WHERE id = $1)`, grantID).Scan(&exists); err != nil {
		return fmt.Errorf("grant %d: %w", grantID, err)
	}
	if !exists {
		return grantEnded(grantID)
	}
	return nil
}
