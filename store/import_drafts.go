package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"meetdesk/meeting"
)

// AddImport stores a new draft with its rows and returns its ID.
func (s *Store) AddImport(ctx context.Context, i meeting.Import, rows []meeting.ImportRow) (id int64, err error) {
	i.State, i.CreatedAt, i.Counts = meeting.ImportDraft, s.now(), meeting.ImportCounts{Rows: len(rows)}
	err = s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		fields := append(importFields(&i)[2:], column{"user_id", i.User.ID}) // a draft has no ID and no grant yet
		if err := tx.QueryRowContext(ctx, fields.insertInto("imports")+` RETURNING id`, values(fields)...).Scan(&id); err != nil {
			return err
		}
		for n, r := range rows {
			if err := addImportRow(ctx, tx, id, n+1, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("add import: %w", err)
	}
	s.engine.shrink(ctx)
	return id, nil
}

func addImportRow(ctx context.Context, tx *sql.Tx, id int64, position int, r meeting.ImportRow) error {
	const (
		row   = `INSERT INTO import_rows (import_id, position, number, form, external_id, ticket_key, choice, state) VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft')`
		extra = `INSERT INTO import_extras (import_id, position, cells) VALUES ($1, $2, $3)`
	)
	if _, err := tx.ExecContext(ctx, row, id, position, r.Number, r.Form, r.ExternalID, meeting.TicketKey(r.ExternalID), r.Choice); err != nil || !slices.ContainsFunc(r.Extra, isFilled) {
		return err
	}
	// json.Marshal would return bytes, and copying them into a string is expensive for
	// large files.
	var cells strings.Builder
	if err := json.NewEncoder(&cells).Encode(r.Extra); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, extra, id, position, strings.TrimSuffix(cells.String(), "\n"))
	return err
}

func isFilled(cell string) bool { return cell != "" }

// ImportMatches returns the live meetings whose ticket keys occur in a draft's rows. For
// each row, the person's own meetings come first, then those with exactly the row's
// external ID, and then the newest. Like TicketMeetings, it omits the subjects of other
// people's meetings.
func (s *Store) ImportMatches(ctx context.Context, id, userID int64) (list []meeting.RowMatch, err error) {
	q := `SELECT ` + userColumns + `, r.position, r.external_id, m.id, m.external_id, CASE WHEN m.organizer_id = $2 THEN m.subject ELSE '' END, m.state, m.start_at, m.end_at, m.time_zone,
			m.organizer_id <> $2 AND ` + accessEnded + ` FROM import_rows r
		JOIN meetings m ON m.ticket_key = r.ticket_key JOIN users u ON u.id = m.organizer_id
		WHERE r.import_id = $1 AND r.ticket_key <> '' AND m.state = 'live'
		ORDER BY r.position, m.organizer_id = $2 DESC, m.external_id = r.external_id DESC, m.id DESC`
	rows, err := s.read.QueryContext(ctx, q, id, userID)
	if err != nil {
		return nil, fmt.Errorf("meetings for import %d: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			m          meeting.RowMatch
			spelled    string
			start, end sql.NullInt64
		)
		if m.Organizer, err = scanUser(rows, &m.Position, &spelled, &m.ID, &m.ExternalID, &m.Subject, &m.State, &start, &end, &m.TimeZone, &m.NoAccess); err != nil {
			return nil, fmt.Errorf("meetings for import %d: %w", id, err)
		}
		m.Start, m.End = fromMillis(start), fromMillis(end)
		if meeting.MayMean(spelled, m.ExternalID) {
			list = append(list, m)
		}
	}
	return list, rows.Err()
}

// ChangeDraft updates the time zone and the given rows of a draft. It returns a Conflict
// error if the import is not a draft.
func (s *Store) ChangeDraft(ctx context.Context, i meeting.Import, rows []meeting.ImportRow) error {
	const zone = `UPDATE imports SET time_zone = $1 WHERE id = $2`
	const q = `UPDATE import_rows SET form = $1, external_id = $2, ticket_key = $3, choice = $4, known_id = $5 WHERE import_id = $6 AND position = $7`
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if err := inState(ctx, tx, i.ID, meeting.ImportDraft); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, zone, i.TimeZone, i.ID); err != nil {
			return err
		}
		for _, r := range rows {
			known := sql.NullInt64{Int64: r.Known, Valid: r.Known != 0}
			if _, err := tx.ExecContext(ctx, q, r.Form, r.ExternalID, meeting.TicketKey(r.ExternalID), r.Choice, known, i.ID, r.Position); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("change draft %d: %w", i.ID, err)
	}
	return nil
}

// inState returns a Conflict error unless the import is in one of the given states.
func inState(ctx context.Context, tx *sql.Tx, id int64, states ...meeting.ImportState) error {
	var state meeting.ImportState
	err := tx.QueryRowContext(ctx, `SELECT state FROM imports WHERE id = $1`, id).Scan(&state)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for _, s := range states {
		if err == nil && s == state {
			return nil
		}
	}
	return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonImportChanged, Err: cmp.Or(err, errors.New(string(state)))}
}

// draftLife is how long drafts are kept.
const draftLife = 7 * 24 * time.Hour

func (s *Store) removeOldDrafts(ctx context.Context) error {
	const q = `DELETE FROM imports WHERE id = (SELECT min(id) FROM imports WHERE state = 'draft' AND created_at < $1)`
	for removed := int64(1); removed > 0; {
		err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
			result, err := tx.ExecContext(ctx, q, s.now().Add(-draftLife).UnixMilli())
			if err != nil {
				return err
			}
			removed, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return fmt.Errorf("remove old drafts: %w", err)
		}
	}
	return nil
}

// RemoveDraft deletes a draft. It returns a Conflict error if the import is not a draft.
func (s *Store) RemoveDraft(ctx context.Context, id int64) error {
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if err := inState(ctx, tx, id, meeting.ImportDraft); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM imports WHERE id = $1`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("remove draft %d: %w", id, err)
	}
	return nil
}
