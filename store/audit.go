package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// The actions that the audit log records.
const (
	AuditMeetingRead  = "meeting.read"        // opened somebody else's meeting
	AuditHistoryRead  = "history.read"        // listed or searched everybody's meetings
	AuditExport       = "history.export"      // downloaded a list of meetings as a table
	AuditHandOver     = "meeting.hand_over"   // chose to use a colleague's meeting
	AuditEndAccess    = "meeting.end_access"  // ended somebody's access to a meeting, or gave up their own; detail is that person
	AuditGiveAccess   = "meeting.give_access" // gave access to a meeting to somebody who had it before; detail is that person
	AuditApplication  = "meeting.for"         // used the application's token; detail says for what and for whom
	AuditPresetAdd    = "preset.add"          // for all three, detail holds the preset before and after the change, as JSON
	AuditPresetChange = "preset.change"
	AuditPresetRemove = "preset.remove"
	AuditNote         = "meeting.note"      // added a note to a meeting
	AuditSent         = "meeting.sent"      // marked a meeting's invitation as sent
	AuditTakeBack     = "meeting.take_back" // took back a note or mark of their own
)

// Audit records what the person did or viewed. meetingID is 0 if the action does not
// concern a single meeting. detail says more about the action, for example which text was
// searched for.
func (s *Store) Audit(ctx context.Context, userID int64, action string, meetingID int64, detail string) error {
	return s.audit(ctx, s.write, userID, action, meetingID, detail)
}

// audit writes the entry for Audit, on a connection or in a transaction.
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
