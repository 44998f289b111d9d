package store

import (
	"context"
	"database/sql"
	"errors"

	"meetdesk/store/compact"
)

// attach returns the ID of the row to which the reply belongs: the row with the reply's
// Graph ID, whatever its external ID is. If no row has that Graph ID, the reply belongs to
// the attempt's row, or to a new row if the attempt's row has another Graph ID. If the
// reply does not belong to the attempt's row, attach marks the attempt's row as replaced,
// or deletes it if nothing else refers to it.
func (s *Store) attach(ctx context.Context, tx *sql.Tx, r Result, asked meetingRow) (int64, error) {
	var known int64
	meetingID, organizer := asked.id, asked.organizer.ID
	const byGraphID = `SELECT id FROM meetings WHERE organizer_id = $1 AND graph_id IN ($2, $3)`
	err := tx.QueryRowContext(ctx, byGraphID, organizer, r.Reply.GraphID, compact.ShortGraphID(r.Reply.GraphID)).Scan(&known)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if known == meetingID || known == 0 && asked.details.GraphID == "" {
		return meetingID, nil
	}
	// Mark the attempt's row as replaced. Also mark any other current row that has the
	// same external ID as this row or the known meeting.
	const replace = `UPDATE meetings SET state = 'replaced', version = version + 1, updated_at = $4 WHERE id = $1 OR state NOT IN ('removed', 'replaced') AND id <> $2
		AND organizer_id = $3 AND external_id IN (SELECT external_id FROM meetings WHERE id IN ($1, $2)) RETURNING id`
	replaced, err := readIDs(ctx, tx, replace, meetingID, known, organizer, s.now().UnixMilli())
	if err != nil {
		return 0, err
	}
	for _, id := range replaced {
		if err := s.settleOthers(ctx, tx, id, r.AttemptID); err != nil {
			return 0, err
		}
	}
	if known == 0 {
		known, err = s.insertSuccessor(ctx, tx, meetingID, r.AttemptID)
	} else {
		err = takeExternalID(ctx, tx, known, meetingID)
	}
	if err != nil {
		return 0, err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE attempts SET meeting_id = $1 WHERE id = $2`, known, r.AttemptID); err != nil {
		return 0, err
	}
	return known, s.dropEmpty(ctx, tx, meetingID)
}

// dropEmpty deletes the row of a meeting that Graph never confirmed, unless an attempt or
// an audit entry refers to it.
func (s *Store) dropEmpty(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	const q = `DELETE FROM meetings WHERE id = $1 AND graph_id IS NULL
		AND NOT EXISTS (SELECT 1 FROM attempts WHERE meeting_id = $1) AND NOT EXISTS (SELECT 1 FROM audit WHERE meeting_id = $1)`
	result, err := tx.ExecContext(ctx, q, meetingID)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE next_ids SET meeting = $1 WHERE meeting < $1`, meetingID+1); err != nil {
		return err
	}
	return s.index.Remove(ctx, tx, meetingID)
}

// insertSuccessor inserts a row with the organizer and external ID of a replaced row. It
// returns the new row's ID. The maker is the person whose attempt found the new meeting.
// Only the maker and the organizer have access.
func (s *Store) insertSuccessor(ctx context.Context, tx *sql.Tx, replaced, attemptID int64) (id int64, err error) {
	const q = `INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, state, time_zone, created_at, updated_at)
		SELECT ` + nextMeetingID + `, m.organizer_id, a.actor_id, m.external_id, m.ticket_key, 'unfinished', m.time_zone, $1, $1
		FROM meetings m JOIN attempts a ON a.id = $3 WHERE m.id = $2 RETURNING id`
	now := s.now().UnixMilli()
	if err := tx.QueryRowContext(ctx, q, now, replaced, attemptID).Scan(&id); err != nil {
		return 0, err
	}
	const people = `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at)
		SELECT organizer_id, id, 'organizer', created_at FROM meetings WHERE id = $1
		UNION ALL SELECT maker_id, id, 'maker', created_at FROM meetings WHERE id = $1
		ON CONFLICT DO NOTHING`
	_, err = tx.ExecContext(ctx, people, id)
	return id, err
}

// takeExternalID copies the external ID of the attempt's row to the known row, unless the
// known row already has one.
func takeExternalID(ctx context.Context, tx *sql.Tx, known, asked int64) error {
	const q = `UPDATE meetings SET external_id = o.external_id, ticket_key = o.ticket_key
		FROM (SELECT external_id, ticket_key FROM meetings WHERE id = $2) AS o
		WHERE meetings.id = $1 AND meetings.external_id IS NULL`
	_, err := tx.ExecContext(ctx, q, known, asked)
	return err
}
