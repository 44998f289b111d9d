package store

import (
	"context"
	"database/sql"
	"errors"
)

// attach returns the row that the reply is about. Graph's ID decides: a row
// that has it is the one, whatever external ID it was asked under. A row with
// another ID is never overwritten but becomes replaced, and a new one begins.
func (s *Store) attach(ctx context.Context, tx *sql.Tx, r Result, meetingID int64) (int64, error) {
	var (
		organizer int64
		graphID   sql.NullString
		known     int64
	)
	const find = `SELECT organizer_id, graph_id FROM meetings WHERE id = $1`
	if err := tx.QueryRowContext(ctx, find, meetingID).Scan(&organizer, &graphID); err != nil {
		return 0, err
	}
	const byGraphID = `SELECT id FROM meetings WHERE organizer_id = $1 AND graph_id = $2`
	err := tx.QueryRowContext(ctx, byGraphID, organizer, r.Reply.GraphID).Scan(&known)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if known == meetingID || known == 0 && !graphID.Valid {
		return meetingID, nil
	}
	// The row itself, and whichever has taken its place since.
	const replace = `UPDATE meetings SET state = 'replaced', version = version + 1, updated_at = $4 WHERE id = $1 OR state NOT IN ('removed', 'replaced') AND id <> $2
		AND organizer_id = $3 AND external_id IN (SELECT external_id FROM meetings WHERE id IN ($1, $2))`
	if _, err := tx.ExecContext(ctx, replace, meetingID, known, organizer, s.now().UnixMilli()); err != nil {
		return 0, err
	}
	if known == 0 {
		known, err = s.insertSuccessor(ctx, tx, meetingID, r.AttemptID)
	} else {
		err = nameAfter(ctx, tx, known, meetingID)
	}
	if err != nil {
		return 0, err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE attempts SET meeting_id = $1 WHERE id = $2`, known, r.AttemptID); err != nil {
		return 0, err
	}
	return known, dropEmpty(ctx, tx, meetingID)
}

// dropEmpty forgets a row that Graph never confirmed and that nothing speaks of
// any more: what was asked under it is with the meeting it turned out to be.
func dropEmpty(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	const q = `DELETE FROM meetings WHERE id = $1 AND graph_id IS NULL
		AND NOT EXISTS (SELECT 1 FROM attempts WHERE meeting_id = $1) AND NOT EXISTS (SELECT 1 FROM audit WHERE meeting_id = $1)`
	result, err := tx.ExecContext(ctx, q, meetingID)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM meetings_fts WHERE rowid = $1`, meetingID)
	return err
}

// insertSuccessor begins a new row for the organizer and external ID of a
// replaced one. Its maker is whose attempt came upon it; whoever used the old
// one sees the new one, and a maker of the old one has no part in it.
func (s *Store) insertSuccessor(ctx context.Context, tx *sql.Tx, replaced, attemptID int64) (id int64, err error) {
	const q = `INSERT INTO meetings (organizer_id, maker_id, external_id, ticket_key, state, time_zone, created_at, updated_at)
		SELECT m.organizer_id, a.actor_id, m.external_id, m.ticket_key, 'unfinished', m.time_zone, $1, $1
		FROM meetings m JOIN attempts a ON a.id = $3 WHERE m.id = $2 RETURNING id`
	now := s.now().UnixMilli()
	if err := tx.QueryRowContext(ctx, q, now, replaced, attemptID).Scan(&id); err != nil {
		return 0, err
	}
	const people = `INSERT INTO meeting_people (user_id, meeting_id, relation, created_at)
		SELECT organizer_id, id, 'organizer', created_at FROM meetings WHERE id = $1
		UNION ALL SELECT maker_id, id, 'maker', created_at FROM meetings WHERE id = $1
		UNION ALL SELECT user_id, $1, relation, created_at FROM meeting_people WHERE meeting_id = $2 AND relation = 'handed over'
		ON CONFLICT DO NOTHING`
	_, err = tx.ExecContext(ctx, people, id, replaced)
	return id, err
}

// nameAfter gives a meeting that was adopted, and so has no external ID, that
// of the row under which it was now asked for.
func nameAfter(ctx context.Context, tx *sql.Tx, known, asked int64) error {
	const q = `UPDATE meetings SET external_id = o.external_id, ticket_key = o.ticket_key
		FROM (SELECT external_id, ticket_key FROM meetings WHERE id = $2) AS o
		WHERE meetings.id = $1 AND meetings.external_id IS NULL`
	_, err := tx.ExecContext(ctx, q, known, asked)
	return err
}
