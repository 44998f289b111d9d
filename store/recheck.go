package store

import (
	"context"
	"database/sql"
	"fmt"

	"meetdesk/meeting"
)

// EndGrant deletes the grant's tokens and sessions, and pauses its imports. The audit log
// records who was signed out.
func (s *Store) EndGrant(ctx context.Context, grantID int64) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.pauseImports(ctx, tx, 0, meeting.ReasonImportSignedOut, `grant_id = $1`, grantID); err != nil {
			return err
		}
		if err := s.endSessions(ctx, tx, endedGrant, `grant_id = $1`, grantID); err != nil {
			return err
		}
		return deleteOrphans(ctx, tx)
	})
}

// ChangeRole stores the role that the person now has according to the provider. If it
// differs from the stored role, the audit log records the change.
func (s *Store) ChangeRole(ctx context.Context, userID int64, role meeting.Role) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		var before string
		if err := tx.QueryRowContext(ctx, `SELECT role FROM users WHERE id = $1`, userID).Scan(&before); err != nil || before == role.String() {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE users SET role = $1 WHERE id = $2`, role.String(), userID); err != nil {
			return err
		}
		return insertAudit(ctx, tx, s.now(), userID, AuditRole, 0, before+" → "+role.String())
	})
	if err != nil {
		return fmt.Errorf("role of user %d: %w", userID, err)
	}
	return nil
}
