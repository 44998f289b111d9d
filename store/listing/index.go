package listing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"meetdesk/meeting"
	"meetdesk/search"
)

// Index is the full-text index of a database. Its methods must be called in the
// transaction that changes the meetings.
type Index struct{ engine indexEngine }

// indexEngine defines the operations on the full-text index that differ between SQLite and
// PostgreSQL.
type indexEngine interface {
	// listOf is the same method as engine.listOf.
	listOf(text, separator string) string
	// put adds the entries to the index or replaces those of the same meetings.
	put(ctx context.Context, tx *sql.Tx, entries ...indexEntry) error
	remove(ctx context.Context, tx *sql.Tx, meetingID int64) error
	merge(ctx context.Context, tx *sql.Tx, pages int) (done bool, err error)
	mergeAll(ctx context.Context, tx *sql.Tx, pages int) error
}

type indexEntry struct {
	meetingID                                        int64
	externalID, subject, organizer, attendees, scope string
}

// columns returns the columns of the full-text index with their texts.
func (e indexEntry) columns() []struct{ name, text string } {
	return []struct{ name, text string }{
		{"external_id", e.externalID}, {"subject", e.subject}, {"organizer", e.organizer}, {"attendees", e.attendees}, {"scope", e.scope},
	}
}

// Indexed contains the fields of a meeting that determine its entry in the full-text index.
// Equal values produce equal entries.
type Indexed struct {
	meetingID                                            int64
	externalID, ticketKey, subject, organizer, attendees string
	people                                               string // the people who may see the meeting, as tokens of the scope column
}

// selectIndexed returns a query for the Indexed values of the meetings m that meet the
// condition. The people column contains a token for each person who may see the meeting:
// the letter u and the person's ID, or k and the ID if the meeting was handed over to them.
func (x Index) selectIndexed(condition string) string {
	return `SELECT m.id, coalesce(m.external_id, ''), coalesce(m.ticket_key, ''), m.subject, u.name || ' ' || u.upn,
	coalesce((SELECT ` + x.engine.listOf(`name || ' ' || upn`, ` `) + ` FROM attendees WHERE meeting_id = m.id), ''),
	coalesce((SELECT string_agg(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '')
	FROM meetings m` + joinOrganizer + `WHERE ` + condition
}

// entry returns the meeting's entry. Its scope contains a token for each person who may see
// the meeting. Another token, the letter e and a number, identifies the meeting's era. An
// era is a range of IDs; see eraShift.
func (i Indexed) entry() indexEntry {
	return indexEntry{
		meetingID:  i.meetingID,
		externalID: search.Fold(i.externalID + " " + i.ticketKey),
		subject:    search.IndexText(i.subject),
		organizer:  search.IndexText(i.organizer),
		attendees:  search.IndexText(i.attendees),
		scope:      fmt.Sprintf("%s e%d", i.people, i.meetingID>>eraShift),
	}
}

// Read returns what the full-text index should contain for the meeting. Callers compare the
// values before and after a change and call Write only if they differ, because comparing is
// faster than writing.
func (x Index) Read(ctx context.Context, tx *sql.Tx, meetingID int64) (Indexed, error) {
	list, err := x.read(ctx, tx, `m.id = $1`, meetingID)
	if err == nil && len(list) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return Indexed{}, fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	return list[0], nil
}

// Write adds the meeting to the full-text index or replaces its entry.
func (x Index) Write(ctx context.Context, tx *sql.Tx, i Indexed) error {
	if err := x.engine.put(ctx, tx, i.entry()); err != nil {
		return fmt.Errorf("index meeting %d: %w", i.meetingID, err)
	}
	return nil
}

// Update reads the meeting and writes its current values to the full-text index. It
// returns an error if there is no such meeting.
func (x Index) Update(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	i, err := x.Read(ctx, tx, meetingID)
	if err != nil {
		return err
	}
	return x.Write(ctx, tx, i)
}

// Remove removes the meeting from the full-text index. It does nothing if the index does
// not contain the meeting.
func (x Index) Remove(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	return x.engine.remove(ctx, tx, meetingID)
}

// UpdateChunk updates the index entries and ticket keys of the organizer's meetings,
// newest first, up to the given limit. If organizerID is 0, it updates meetings of all
// organizers. Only meetings with IDs lower than the before argument are updated. The
// result is the before argument for the next call, or 0 if no meetings are left.
func (x Index) UpdateChunk(ctx context.Context, tx *sql.Tx, organizerID, before int64, limit int) (left int64, err error) {
	const (
		ofEverybody = `m.id IN (SELECT id FROM meetings WHERE $1 = 0 AND id < $2 ORDER BY id DESC LIMIT $3)`
		ofOrganizer = `m.id IN (SELECT meeting_id FROM meeting_people WHERE user_id = $1 AND relation = 'organizer' AND meeting_id < $2 ORDER BY meeting_id DESC LIMIT $3)`
	)
	chunk := ofOrganizer
	if organizerID == 0 {
		chunk = ofEverybody
	}
	list, err := x.read(ctx, tx, chunk, organizerID, before, limit)
	if err != nil {
		return 0, fmt.Errorf("index meetings below %d: %w", before, err)
	}
	left = before
	var entries []indexEntry
	for _, i := range list {
		if left = min(left, i.meetingID); i.ticketKey != meeting.TicketKey(i.externalID) {
			i.ticketKey = meeting.TicketKey(i.externalID)
			if _, err := tx.ExecContext(ctx, `UPDATE meetings SET ticket_key = nullif($2, '') WHERE id = $1`, i.meetingID, i.ticketKey); err != nil {
				return 0, fmt.Errorf("ticket key of meeting %d: %w", i.meetingID, err)
			}
		}
		entries = append(entries, i.entry())
	}
	if err := x.engine.put(ctx, tx, entries...); err != nil {
		return 0, fmt.Errorf("index meetings below %d: %w", before, err)
	}
	if len(list) < limit {
		return 0, nil
	}
	return left, nil
}

func (x Index) read(ctx context.Context, q interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}, condition string, args ...any) (list []Indexed, err error) {
	rows, err := q.QueryContext(ctx, x.selectIndexed(condition), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i Indexed
		if err := rows.Scan(&i.meetingID, &i.externalID, &i.ticketKey, &i.subject, &i.organizer, &i.attendees, &i.people); err != nil {
			return nil, err
		}
		i.people = strings.TrimSpace(i.people)
		list = append(list, i)
	}
	return list, rows.Err()
}

// Merge merges about the given number of pages in the full-text index. done is true if
// nothing is left to merge. With PostgreSQL, Merge does nothing.
func (x Index) Merge(ctx context.Context, tx *sql.Tx, pages int) (done bool, err error) {
	return x.engine.merge(ctx, tx, pages)
}

// MergeAll begins to merge the whole full-text index, which removes all deleted words.
// Calls to Merge then complete the work. With PostgreSQL, MergeAll does nothing.
func (x Index) MergeAll(ctx context.Context, tx *sql.Tx, pages int) error {
	return x.engine.mergeAll(ctx, tx, pages)
}
