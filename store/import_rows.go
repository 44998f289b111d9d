package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"meetdesk/meeting"
)

const importRowColumns = `r.import_id, r.position, r.number, r.form, r.external_id, r.choice, r.known_id, r.state, r.reason, r.args, r.meeting_id, r.tries, r.request`

// scanImportRow scans the columns in importRowColumns into an import row and any further
// columns into the additional targets.
func scanImportRow(row scanner, more ...any) (r meeting.ImportRow, err error) {
	var args, request string
	err = row.Scan(append([]any{&r.ImportID, &r.Position, &r.Number, &r.Form, &r.ExternalID, &r.Choice, idOrNull{&r.Known}, &r.State, &r.Reason, &args, idOrNull{&r.MeetingID}, &r.Tries, &request}, more...)...)
	for _, c := range []struct {
		text string
		into any
	}{{args, &r.Args}, {request, &r.Request}} {
		if err == nil && c.text != "" {
			err = json.Unmarshal([]byte(c.text), c.into)
		}
	}
	return r, err
}

// ImportRows returns an iterator over the rows of an import. An error ends the iteration.
func (s *Store) ImportRows(ctx context.Context, id int64) iter.Seq2[meeting.ImportRow, error] {
	return func(yield func(meeting.ImportRow, error) bool) {
		fail := func(err error) { yield(meeting.ImportRow{}, fmt.Errorf("rows of import %d: %w", id, err)) }
		rows, err := s.read.QueryContext(ctx, `SELECT `+importRowColumns+` FROM import_rows r WHERE r.import_id = $1 ORDER BY r.position`, id)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			r, err := scanImportRow(rows)
			if err != nil {
				fail(err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			fail(err)
		}
	}
}

// meetingOfRow joins each row r with its meeting m. The columns of m are NULL if the person
// who started the import cannot see the meeting.
const meetingOfRow = ` JOIN imports i ON i.id = r.import_id LEFT JOIN meetings m ON m.id = r.meeting_id
	AND EXISTS (SELECT 1 FROM meeting_people p WHERE p.meeting_id = m.id AND p.user_id = i.user_id)`

// EndedRows returns all rows of an import, including the cells of ignored columns. It omits
// the IDs of meetings that the person who started the import cannot see.
func (s *Store) EndedRows(ctx context.Context, id int64) (list []meeting.ImportRow, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+importRowColumns+`, coalesce(x.cells, ''), m.id FROM import_rows r`+meetingOfRow+`
		LEFT JOIN import_extras x ON x.import_id = r.import_id AND x.position = r.position WHERE r.import_id = $1 ORDER BY r.position`, id)
	if err != nil {
		return nil, fmt.Errorf("result of import %d: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			extra string
			seen  int64
		)
		r, err := scanImportRow(rows, &extra, idOrNull{&seen})
		if r.MeetingID = seen; err == nil && extra != "" {
			err = json.Unmarshal([]byte(extra), &r.Extra)
		}
		if err != nil {
			return nil, fmt.Errorf("result of import %d: %w", id, err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// These statements select the rows for the page of import $1. They omit columns that may
// contain several megabytes, except for the form of rows whose meeting already existed.
const (
	shownRow = `SELECT r.number, r.external_id, r.state, r.reason, r.args, CASE r.state WHEN 'found' THEN r.form ELSE '' END, m.id, coalesce(m.external_id, ''), coalesce(m.subject, ''),
			m.start_at, m.end_at, coalesce(m.time_zone, ''), coalesce(u.id, 0), coalesce(u.name, ''), coalesce(u.upn, '')
		FROM import_rows r` + meetingOfRow + ` LEFT JOIN users u ON u.id = m.organizer_id WHERE r.import_id = $1 AND `
	failedRows = shownRow + `r.state = 'failed' ORDER BY r.position LIMIT $2`
	otherRows  = shownRow + `r.state <> 'failed' ORDER BY r.position LIMIT $2`
)

// ShownRows returns the first failed rows and the first other rows of an import, up to the
// given limit for each kind. It omits the meetings that the person who started the import
// cannot see.
func (s *Store) ShownRows(ctx context.Context, id int64, limit int) (failed, others []meeting.RowOutcome, err error) {
	if failed, err = s.shownRows(ctx, failedRows, id, limit); err == nil {
		others, err = s.shownRows(ctx, otherRows, id, limit)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("rows of import %d: %w", id, err)
	}
	return failed, others, nil
}

func (s *Store) shownRows(ctx context.Context, q string, id int64, limit int) (list []meeting.RowOutcome, err error) {
	rows, err := s.read.QueryContext(ctx, q, id, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var (
			r          meeting.RowOutcome
			args       string
			start, end sql.NullInt64
		)
		err := rows.Scan(&r.Number, &r.ExternalID, &r.State, &r.Reason, &args, &r.Form, idOrNull{&r.Meeting.ID}, &r.Meeting.ExternalID, &r.Meeting.Subject,
			&start, &end, &r.Meeting.TimeZone, &r.Meeting.Organizer.ID, &r.Meeting.Organizer.Name, &r.Meeting.Organizer.UPN)
		r.Meeting.Start, r.Meeting.End = fromMillis(start), fromMillis(end)
		if err == nil && args != "" {
			err = json.Unmarshal([]byte(args), &r.Args)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// maxImportRefs limits how many import rows a meeting's page lists.
const maxImportRefs = 10

// ImportsOfMeeting returns the row that created the meeting, followed by the newest rows
// that used or found it. If userID is not 0, only that person's imports are considered.
func (s *Store) ImportsOfMeeting(ctx context.Context, meetingID, userID int64) (list []meeting.ImportRef, err error) {
	const q = `SELECT i.id, i.title, r.number, r.state FROM import_rows r JOIN imports i ON i.id = r.import_id
		WHERE r.meeting_id = $1 AND r.state IN ('created', 'found') AND ($2 = 0 OR i.user_id = $2)
		ORDER BY CASE r.state WHEN 'created' THEN 0 ELSE 1 END, i.id DESC, r.position LIMIT $3`
	rows, err := s.read.QueryContext(ctx, q, meetingID, userID, maxImportRefs)
	if err != nil {
		return nil, fmt.Errorf("imports of meeting %d: %w", meetingID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var ref meeting.ImportRef
		if err := rows.Scan(&ref.ID, &ref.Title, &ref.Number, &ref.State); err != nil {
			return nil, fmt.Errorf("imports of meeting %d: %w", meetingID, err)
		}
		list = append(list, ref)
	}
	return list, rows.Err()
}
