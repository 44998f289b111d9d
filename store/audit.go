package store

import (
	"context"
	"database/sql"
	"fmt"
)

// The actions in the audit.
const (
	AuditMeetingRead = "meeting.read" // somebody else's meeting was opened
	AuditHistoryRead = "history.read" // everybody's history was listed or searched
)

// Audit records that the person did or looked at something. meetingID 0 is no
// particular meeting; detail is what was searched for, say.
func (s *Store) Audit(ctx context.Context, userID int64, action string, meetingID int64, detail string) error {
	const q = `INSERT INTO audit (at, user_id, action, meeting_id, detail) VALUES ($1, $2, $3, $4, $5)`
	about := sql.NullInt64{Int64: meetingID, Valid: meetingID != 0}
	if _, err := s.write.ExecContext(ctx, q, s.now().UnixMilli(), userID, action, about, detail); err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	return nil
}
