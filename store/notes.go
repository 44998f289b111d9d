package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// maxNotes is the maximum number of notes that a meeting's page shows.
const maxNotes = 100

// sameNote is the period during which a repeated note is ignored. A double click could
// otherwise add a note twice.
const sameNote = time.Minute

// AddNote adds a note to the meeting. It records the addition in the audit log, without the
// note's text. A note that is repeated within a minute is ignored.
func (s *Store) AddNote(ctx context.Context, meetingID, userID int64, n meeting.Note) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		const add = `INSERT INTO notes (meeting_id, user_id, kind, body, created_at) SELECT $1, $2, $3, $4, $5
			WHERE NOT EXISTS (SELECT 1 FROM notes WHERE meeting_id = $1 AND user_id = $2 AND kind = $3 AND body = $4 AND taken_back_at IS NULL AND created_at BETWEEN $6 AND $5)`
		now := s.now()
		result, err := tx.ExecContext(ctx, add, meetingID, userID, n.Kind, n.Text, now.UnixMilli(), now.Add(-sameNote).UnixMilli())
		if err != nil {
			return err
		}
		if added, err := result.RowsAffected(); err != nil || added == 0 {
			return err
		}
		action := AuditNote
		if n.Kind == meeting.Sent {
			action = AuditSent
		}
		return insertAudit(ctx, tx, now, userID, action, meetingID, "")
	})
	if err != nil {
		return fmt.Errorf("add a note to meeting %d: %w", meetingID, err)
	}
	return nil
}

// Notes returns up to maxNotes of the meeting's notes, newest first. It omits notes that
// were taken back.
func (s *Store) Notes(ctx context.Context, meetingID int64) (list []meeting.Note, err error) {
	q := `SELECT ` + userColumns + `, n.id, n.kind, n.body, n.created_at FROM notes n JOIN users u ON u.id = n.user_id
		WHERE n.meeting_id = $1 AND n.taken_back_at IS NULL ORDER BY n.id DESC LIMIT $2`
	rows, err := s.read.QueryContext(ctx, q, meetingID, maxNotes)
	if err != nil {
		return nil, fmt.Errorf("notes of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var n meeting.Note
		if n.Author, err = scanUser(rows, &n.ID, &n.Kind, &n.Text, storedTime{&n.At}); err != nil {
			return nil, fmt.Errorf("notes of meeting %d: %w", meetingID, err)
		}
		list = append(list, n)
	}
	return list, rows.Err()
}

// TakeBackNote hides one of the person's own notes and records that in the audit log. If
// another user wrote the note, it returns a Forbidden error. If the note is missing or
// already hidden, it does nothing.
func (s *Store) TakeBackNote(ctx context.Context, meetingID, userID, noteID int64) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		const find = `SELECT user_id FROM notes WHERE id = $1 AND meeting_id = $2 AND taken_back_at IS NULL`
		var author int64
		switch err := tx.QueryRowContext(ctx, find, noteID, meetingID).Scan(&author); {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		case author != userID:
			return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonNoteOthers}
		}
		now := s.now()
		if _, err := tx.ExecContext(ctx, `UPDATE notes SET taken_back_at = $1 WHERE id = $2`, now.UnixMilli(), noteID); err != nil {
			return err
		}
		return insertAudit(ctx, tx, now, userID, AuditTakeBack, meetingID, "")
	})
	if err != nil {
		return fmt.Errorf("take back note %d: %w", noteID, err)
	}
	return nil
}
