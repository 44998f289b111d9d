package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// importFields returns the columns of an import, except its counts and its person.
func importFields(i *meeting.Import) columns {
	return columns{
		{"id", &i.ID},
		{"grant_id", idOrNull{&i.GrantID}},
		{"title", &i.Title},
		{"time_zone", &i.TimeZone},
		{"unknown", storedLines{&i.Unknown}},
		{"state", &i.State},
		{"reason", &i.Reason},
		{"created_at", storedTime{&i.CreatedAt}},
		{"started_at", storedTime{&i.StartedAt}},
		{"ends_at", storedTime{&i.EndsAt}},
		{"finished_at", storedTime{&i.FinishedAt}},
	}
}

// recentRows is the period over which the rate of an import is measured.
const recentRows = 30 * time.Second

// selectImports selects imports with their people and counts. Rows that ended since $1
// count as recent.
var selectImports = `SELECT ` + importFields(new(meeting.Import)).of("i") + `, ` + userColumns + `,
		count(r.position), count(*) FILTER (WHERE r.state = 'waiting'), count(*) FILTER (WHERE r.state = 'running'), count(*) FILTER (WHERE r.state = 'created'),
		count(*) FILTER (WHERE r.state = 'found'), count(*) FILTER (WHERE r.state = 'failed'), count(*) FILTER (WHERE r.state = 'left'), count(*) FILTER (WHERE r.ended_at > $1)
	FROM imports i JOIN users u ON u.id = i.user_id LEFT JOIN import_rows r ON r.import_id = i.id`

func (s *Store) selectedImports(ctx context.Context, rest string, args ...any) (list []meeting.Import, err error) {
	args = append([]any{s.now().Add(-recentRows).UnixMilli()}, args...)
	rows, err := s.read.QueryContext(ctx, selectImports+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("imports: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var i meeting.Import
		c := &i.Counts
		into := append(values(importFields(&i), userFields(&i.User)), &c.Rows, &c.Waiting, &c.Running, &c.Created, &c.Found, &c.Failed, &c.Left, &c.Recent)
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("imports: %w", err)
		}
		list = append(list, i)
	}
	return list, rows.Err()
}

// Import returns the import with the given ID, or a NotFound error.
func (s *Store) Import(ctx context.Context, id int64) (meeting.Import, error) {
	list, err := s.selectedImports(ctx, ` WHERE i.id = $2 GROUP BY i.id, u.id`, id)
	if err == nil && len(list) == 0 {
		err = &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonImportUnknown, Err: sql.ErrNoRows}
	}
	if err != nil {
		return meeting.Import{}, err
	}
	return list[0], nil
}

// Imports returns the person's newest imports, or everybody's newest if userID is 0. If
// before is not 0, it returns only imports that are older than the one with that ID.
func (s *Store) Imports(ctx context.Context, userID, before int64, limit int) ([]meeting.Import, error) {
	return s.selectedImports(ctx, ` WHERE (i.user_id = $2 OR $2 = 0) AND (i.id < $3 OR $3 = 0) GROUP BY i.id, u.id ORDER BY i.id DESC LIMIT $4`, userID, before, limit)
}

// OpenImports returns the imports that are running or paused. If userID is not 0, it
// returns only that person's imports.
func (s *Store) OpenImports(ctx context.Context, userID int64) ([]meeting.Import, error) {
	return s.selectedImports(ctx, ` WHERE i.state IN ('running', 'paused') AND (i.user_id = $2 OR $2 = 0) GROUP BY i.id, u.id ORDER BY i.id`, userID)
}

// RecentImports returns the person's imports that are not over, or that were uploaded or
// ended within the given time. The newest comes first.
func (s *Store) RecentImports(ctx context.Context, userID int64, within time.Duration) ([]meeting.Import, error) {
	since := s.now().Add(-within).UnixMilli()
	return s.selectedImports(ctx, ` WHERE i.user_id = $2 AND (i.state IN ('running', 'paused') OR coalesce(i.finished_at, i.created_at) > $3) GROUP BY i.id, u.id ORDER BY i.id DESC LIMIT 5`, userID, since)
}

// AddImport stores a new draft with its rows and returns its ID.
func (s *Store) AddImport(ctx context.Context, i meeting.Import, rows []meeting.ImportRow) (id int64, err error) {
	i.State, i.CreatedAt = meeting.ImportDraft, s.now()
	err = s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		fields := append(importFields(&i)[2:], column{"user_id", i.User.ID}) // a draft has no ID and no grant yet
		if err := tx.QueryRowContext(ctx, fields.insertInto("imports")+` RETURNING id`, values(fields)...).Scan(&id); err != nil {
			return err
		}
		add, err := tx.PrepareContext(ctx, `INSERT INTO import_rows (import_id, position, number, form, extra, external_id, ticket_key, choice, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'draft')`)
		if err != nil {
			return err
		}
		defer add.Close()
		for n, r := range rows {
			extra, err := json.Marshal(r.Extra)
			if err != nil {
				return err
			}
			if _, err := add.ExecContext(ctx, id, n+1, r.Number, r.Form, string(extra), r.ExternalID, meeting.TicketKey(r.ExternalID), r.Choice); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("add import: %w", err)
	}
	return id, nil
}

// importRowColumns lists the columns that scanImportRow reads.
const importRowColumns = `r.import_id, r.position, r.number, r.form, r.extra, r.external_id, r.choice, r.known_id, r.state, r.reason, r.args, r.meeting_id, r.tries, r.request`

// scanImportRow scans importRowColumns into an import row. The values of further columns
// go into more.
func scanImportRow(row scanner, more ...any) (r meeting.ImportRow, err error) {
	var extra, args, request string
	err = row.Scan(append([]any{&r.ImportID, &r.Position, &r.Number, &r.Form, &extra, &r.ExternalID, &r.Choice, idOrNull{&r.Known}, &r.State, &r.Reason, &args, idOrNull{&r.MeetingID}, &r.Tries, &request}, more...)...)
	for _, c := range []struct {
		text string
		into any
	}{{extra, &r.Extra}, {args, &r.Args}, {request, &r.Request}} {
		if err == nil && c.text != "" {
			err = json.Unmarshal([]byte(c.text), c.into)
		}
	}
	return r, err
}

// ImportRows returns all rows of an import.
func (s *Store) ImportRows(ctx context.Context, id int64) (list []meeting.ImportRow, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+importRowColumns+` FROM import_rows r WHERE r.import_id = $1 ORDER BY r.position`, id)
	if err != nil {
		return nil, fmt.Errorf("rows of import %d: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanImportRow(rows)
		if err != nil {
			return nil, fmt.Errorf("rows of import %d: %w", id, err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// EndedRows returns all rows of an import with the IDs of their meetings. It leaves out a
// meeting's ID if the person of the import can no longer see the meeting.
func (s *Store) EndedRows(ctx context.Context, id int64) (list []meeting.Ended, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+importRowColumns+`, m.id
		FROM import_rows r JOIN imports i ON i.id = r.import_id LEFT JOIN meetings m ON m.id = r.meeting_id
			AND EXISTS (SELECT 1 FROM meeting_people p WHERE p.meeting_id = m.id AND p.user_id = i.user_id)
		WHERE r.import_id = $1 ORDER BY r.position`, id)
	if err != nil {
		return nil, fmt.Errorf("result of import %d: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		var e meeting.Ended
		if e.ImportRow, err = scanImportRow(rows, idOrNull{&e.Meeting.ID}); err != nil {
			return nil, fmt.Errorf("result of import %d: %w", id, err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// ImportOfMeeting returns the row that created the meeting or, if none did, the newest one
// that uses it. If userID is not 0, it considers only the rows of that person's imports.
func (s *Store) ImportOfMeeting(ctx context.Context, meetingID, userID int64) (ref meeting.ImportRef, err error) {
	const q = `SELECT i.id, i.title, r.number FROM import_rows r JOIN imports i ON i.id = r.import_id
		WHERE r.meeting_id = $1 AND r.state IN ('created', 'found') AND ($2 = 0 OR i.user_id = $2)
		ORDER BY CASE r.state WHEN 'created' THEN 0 ELSE 1 END, i.id DESC LIMIT 1`
	err = s.read.QueryRowContext(ctx, q, meetingID, userID).Scan(&ref.ID, &ref.Title, &ref.Number)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return ref, fmt.Errorf("import of meeting %d: %w", meetingID, err)
	}
	return ref, nil
}

// ImportMatches returns the live meetings that exist for the tickets of a draft's rows, in
// any spelling. For each row, the meetings of the given person come first, then those with
// exactly the row's external ID, and then the newest.
func (s *Store) ImportMatches(ctx context.Context, id, userID int64) (list []meeting.RowMatch, err error) {
	q := `SELECT r.position, r.external_id, m.id, m.external_id, ` + userColumns + ` FROM import_rows r
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
			m       meeting.RowMatch
			spelled string
		)
		into := append([]any{&m.Position, &spelled, &m.MeetingID, &m.ExternalID}, values(userFields(&m.Organizer))...)
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("meetings for import %d: %w", id, err)
		}
		if meeting.MayMean(spelled, m.ExternalID) {
			list = append(list, m)
		}
	}
	return list, rows.Err()
}

// ChangeDraft stores the form, external ID, choice and known meeting of each of the given
// rows of a draft. It returns a Conflict error if the import has been started.
func (s *Store) ChangeDraft(ctx context.Context, id int64, rows []meeting.ImportRow) error {
	const q = `UPDATE import_rows SET form = $1, external_id = $2, ticket_key = $3, choice = $4, known_id = $5 WHERE import_id = $6 AND position = $7`
	err := s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		if err := inState(ctx, tx, id, meeting.ImportDraft); err != nil {
			return err
		}
		for _, r := range rows {
			known := sql.NullInt64{Int64: r.Known, Valid: r.Known != 0}
			if _, err := tx.ExecContext(ctx, q, r.Form, r.ExternalID, meeting.TicketKey(r.ExternalID), r.Choice, known, id, r.Position); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("change draft %d: %w", id, err)
	}
	return nil
}

// inState returns a Conflict error unless the import is in one of the states.
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

// draftLife is the time for which an import that nobody starts is kept.
const draftLife = 7 * 24 * time.Hour

// removeOldDrafts deletes the drafts that are older than draftLife, one at a time.
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

// RemoveDraft deletes an import that was never started.
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
