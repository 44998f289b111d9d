package store

import (
	"context"
	"fmt"

	"meetdesk/meeting"
)

// plannedRow is an SQL condition that is true if row r may still create a meeting with its
// external ID. A failed row does so only if it is retried. Both engines can use the
// import_rows_ticket index for this condition.
const plannedRow = `r.state IN ('waiting', 'running', 'failed') AND r.choice <> 'use'`

// madeByRow is an SQL condition that is true if a row in one of person $2's imports has
// created meeting m or may still create it.
const madeByRow = `m.organizer_id = $2 AND (
	EXISTS (SELECT 1 FROM import_rows r JOIN imports i ON i.id = r.import_id WHERE r.meeting_id = m.id AND i.user_id = $2 AND r.choice <> 'use')
	OR EXISTS (SELECT 1 FROM import_rows r JOIN imports i ON i.id = r.import_id WHERE r.ticket_key = m.ticket_key AND r.external_id = m.external_id AND i.user_id = $2 AND ` + plannedRow + `))`

// IsRowTaken reports whether the ticket in the person's row now has a live meeting that the
// dry run did not show. The person's own meeting with exactly this external ID always
// counts. Other meetings do not count if the person chose to create another meeting.
// Meetings that the person's imports create do not count either, because each dry run takes
// the rows of the person's other imports into account.
func (s *Store) IsRowTaken(ctx context.Context, userID int64, row meeting.ImportRow) (taken bool, err error) {
	const q = `SELECT m.external_id FROM meetings m WHERE m.ticket_key = $1 AND m.state = 'live'
		AND (m.organizer_id = $2 AND m.external_id = $3 OR $4 AND NOT (` + madeByRow + `))`
	rows, err := s.read.QueryContext(ctx, q, meeting.TicketKey(row.ExternalID), userID, row.ExternalID, row.Choice != meeting.ChoiceAnother)
	if err != nil {
		return false, fmt.Errorf("meetings for row %d of import %d: %w", row.Position, row.ImportID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var externalID string
		if err := rows.Scan(&externalID); err != nil {
			return false, fmt.Errorf("meetings for row %d of import %d: %w", row.Position, row.ImportID, err)
		}
		taken = taken || meeting.MayMean(row.ExternalID, externalID)
	}
	return taken, rows.Err()
}

// isAhead is a query that reports whether another import by the same person will create a
// meeting that import $1 would also create.
const isAhead = `SELECT EXISTS (SELECT 1 FROM imports n JOIN import_rows w ON w.import_id = n.id JOIN import_rows r ON r.ticket_key = w.ticket_key AND r.external_id = w.external_id
	JOIN imports i ON i.id = r.import_id WHERE n.id = $1 AND w.state = 'waiting' AND w.choice <> 'use' AND i.user_id = n.user_id AND i.id <> n.id AND ` + plannedRow + ` AND r.state <> 'failed')`

// RowsAhead returns the rows of the person's other imports that will create meetings for
// the tickets in a draft.
func (s *Store) RowsAhead(ctx context.Context, draftID, userID int64) (list []meeting.RowAhead, err error) {
	// The unary plus prevents SQLite from reading all of the person's imports.
	const q = `SELECT i.id, i.title, r.number, r.external_id FROM import_rows r JOIN imports i ON i.id = r.import_id
		WHERE r.ticket_key IN (SELECT d.ticket_key FROM import_rows d WHERE d.import_id = $1 AND d.ticket_key <> '')
		AND +i.user_id = $2 AND r.state <> 'failed' AND ` + plannedRow + ` ORDER BY i.id, r.position`
	rows, err := s.read.QueryContext(ctx, q, draftID, userID)
	if err != nil {
		return nil, fmt.Errorf("rows ahead of import %d: %w", draftID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var r meeting.RowAhead
		if err := rows.Scan(&r.ID, &r.Title, &r.Number, &r.ExternalID); err != nil {
			return nil, fmt.Errorf("rows ahead of import %d: %w", draftID, err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}
