package store

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"meetdesk/meeting"
	"meetdesk/search"
	"meetdesk/store/compact"
)

// meetingRow is the part of a meeting's row that is needed to record a reply.
type meetingRow struct {
	id        int64
	organizer meeting.User // with the ID, tenant ID and object ID
	version   int
	state     meeting.State
	origin    meeting.Origin
	timeZone  string
	details   meeting.Details // shortened by package compact; without attendees
}

// fields returns the columns that a reply can change.
func (m *meetingRow) fields() columns {
	return append(columns{
		{"state", &m.state},
		{"origin", textOrNull[meeting.Origin]{&m.origin}},
		{"time_zone", &m.timeZone},
	}, graphFields(&m.details)...)
}

func readMeetingRow(ctx context.Context, tx *sql.Tx, id int64) (m meetingRow, err error) {
	m.id = id
	fields := m.fields()
	q := `SELECT m.version, u.id, u.tid, u.oid, ` + fields.of("m") + ` FROM meetings m` + joinOrganizer + `WHERE m.id = $1`
	into := []any{&m.version, &m.organizer.ID, &m.organizer.TenantID, &m.organizer.ObjectID}
	err = tx.QueryRowContext(ctx, q, id).Scan(append(into, values(fields)...)...)
	return m, err
}

// recordAndIndex records the reply, unless it is out of date, and returns the ID of its
// meeting. Most replies only repeat the requested values, so recordAndIndex updates the
// full-text index only if the text changed or the attempt moved to another meeting.
func (s *Store) recordAndIndex(ctx context.Context, tx *sql.Tx, r Result, asked int64) (meetingID int64, err error) {
	row, err := readMeetingRow(ctx, tx, asked)
	if err != nil {
		return 0, err
	}
	if meetingID, err = s.attach(ctx, tx, r, row); err != nil {
		return 0, err
	}
	moved := meetingID != asked
	if moved {
		if row, err = readMeetingRow(ctx, tx, meetingID); err != nil {
			return 0, err
		}
	}
	if old, err := isOutOfDate(ctx, tx, r, row, moved); err != nil || old {
		return meetingID, err
	}
	changed, err := s.record(ctx, tx, r, row)
	if err != nil || !changed && !moved {
		return meetingID, err
	}
	return meetingID, s.index.Update(ctx, tx, meetingID)
}

// isOutOfDate reports whether the meeting has changed since the attempt called Graph. For
// the attempt's own meeting, it compares versions. If the attempt has moved to another
// meeting, it compares the times of the last updates.
func isOutOfDate(ctx context.Context, tx *sql.Tx, r Result, row meetingRow, moved bool) (old bool, err error) {
	if !moved {
		return row.version > r.Version, nil
	}
	const byTime = `SELECT m.version > 0 AND m.updated_at > a.updated_at FROM meetings m, attempts a WHERE a.id = $1 AND m.id = $2`
	err = tx.QueryRowContext(ctx, byTime, r.AttemptID, row.id).Scan(&old)
	return old, err
}

// record inserts the reply and updates the meeting with its values. It sets only the
// columns that have changed, because otherwise SQLite would also rewrite the indexes of
// unchanged columns. If it returns true, the caller must update the full-text index.
func (s *Store) record(ctx context.Context, tx *sql.Tx, r Result, before meetingRow) (textChanged bool, err error) {
	now, after := s.now(), before
	if err := insertReply(ctx, tx, r, before.id, now); err != nil {
		return false, err
	}
	after.details = search.WithLinkIDs(r.Reply.Details)
	compact.Shorten(before.organizer, &after.details)
	after.state, after.origin, after.timeZone = meeting.Live, cmp.Or(before.origin, r.Origin), cmp.Or(r.TimeZone, before.timeZone)
	changes, err := after.fields().changedFrom(before.fields())
	if err != nil {
		return false, err
	}
	set := append(columns{{"version", before.version + 1}, {"updated_at", now.UnixMilli()}}, changes...)
	q := `UPDATE meetings SET ` + set.assignments(2) + ` WHERE id = $1`
	if _, err := tx.ExecContext(ctx, q, append([]any{before.id}, values(set)...)...); err != nil {
		return false, err
	}
	othersChanged, err := s.setAttendees(ctx, tx, before.id, after.details.Attendees)
	return othersChanged || after.details.Subject != before.details.Subject, err
}

func insertReply(ctx context.Context, tx *sql.Tx, r Result, meetingID int64, at time.Time) error {
	const q = `INSERT INTO replies (meeting_id, attempt_id, at, created, body, packed) VALUES ($1, $2, $3, $4, '', $5)`
	_, err := tx.ExecContext(ctx, q, meetingID, r.AttemptID, at.UnixMilli(), r.Reply.Created, r.packed)
	return err
}
