package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
)

// Relation returns the person's relation to the meeting, or the zero Relation if the person
// has none.
func (s *Store) Relation(ctx context.Context, meetingID, userID int64) (r meeting.Relation, err error) {
	const q = `SELECT m.organizer_id = $2, m.maker_id = $2 AND coalesce(m.origin, 'created') = 'created', p.relation = 'handed over'
		FROM meeting_people p JOIN meetings m ON m.id = p.meeting_id
		WHERE p.meeting_id = $1 AND p.user_id = $2`
	err = s.read.QueryRowContext(ctx, q, meetingID, userID).Scan(&r.Organizer, &r.Maker, &r.HandedOver)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("relation of user %d to meeting %d: %w", userID, meetingID, err)
	}
	return r, nil
}

// setMaker makes the person the maker of a meeting that Graph has not confirmed. If the
// meeting has another maker, the person replaces that maker.
func (s *Store) setMaker(ctx context.Context, tx *sql.Tx, meetingID, userID int64) error {
	const deleteOther = `DELETE FROM meeting_people WHERE meeting_id = $1 AND relation = 'maker' AND user_id <> $2`
	if _, err := tx.ExecContext(ctx, deleteOther, meetingID, userID); err != nil {
		return err
	}
	const maker = `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) VALUES ($1, $2, 'maker', $3)
		ON CONFLICT (user_id, meeting_id) DO UPDATE SET relation = 'maker' WHERE meeting_people.relation = 'handed over'`
	if _, err := tx.ExecContext(ctx, maker, userID, meetingID, s.now().UnixMilli()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE meetings SET maker_id = $1 WHERE id = $2`, userID, meetingID)
	return err
}
