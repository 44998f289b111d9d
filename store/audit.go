package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// The actions in the audit.
const (
	AuditMeetingRead = "meeting.read"      // somebody else's meeting was opened
	AuditHistoryRead = "history.read"      // everybody's history was listed or searched
	AuditExport      = "history.export"    // a list was taken away as a table
	AuditHandOver    = "meeting.hand_over" // a colleague's meeting was chosen for use
	AuditApplication = "meeting.for"       // something was done with the program's own token; detail says what, and for whom
)

// Audit records that the person did or looked at something. meetingID 0 is no
// particular meeting; detail is what was searched for, say.
func (s *Store) Audit(ctx context.Context, userID int64, action string, meetingID int64, detail string) error {
	return s.audit(ctx, s.write, userID, action, meetingID, detail)
}

// audit is Audit on a connection, or within a transaction.
func (s *Store) audit(ctx context.Context, on execer, userID int64, action string, meetingID int64, detail string) error {
	return insertAudit(ctx, on, s.now(), userID, action, meetingID, detail)
}

func insertAudit(ctx context.Context, on execer, at time.Time, userID int64, action string, meetingID int64, detail string) error {
	const q = `INSERT INTO audit (at, user_id, action, meeting_id, detail) VALUES ($1, $2, $3, $4, $5)`
	about := sql.NullInt64{Int64: meetingID, Valid: meetingID != 0}
	if _, err := on.ExecContext(ctx, q, at.UnixMilli(), userID, action, about, detail); err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	return nil
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}
