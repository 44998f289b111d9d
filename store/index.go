package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"modernc.org/sqlite"

	"meetdesk/meeting"
	"meetdesk/search"
)

// Our functions in SQL. The driver has one set of them for the whole process, and
// a connection gets those that were there when it was made.
func init() {
	for name, of := range map[string]func(string) string{
		"search_fold": search.Fold, "search_words": search.IndexText,
		"ticket_key": meeting.TicketKey, "link_thread": search.ThreadID, "link_meeting_id": search.MeetingID,
	} {
		sqlite.MustRegisterDeterministicScalarFunction(name, 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			text, ok := args[0].(string)
			if !ok {
				return nil, fmt.Errorf("%s of a %T", name, args[0])
			}
			return of(text), nil
		})
	}
}

// indexed is what the full-text index knows of the meetings m of the organizers u.
const indexed = `search_fold(coalesce(m.external_id, '') || ' ' || coalesce(m.ticket_key, '')), search_words(m.subject), search_words(u.name || ' ' || u.upn),
	search_words(coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), '')),
	coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '') || ' e' || (m.id >> 14)`

const (
	indexFrom = ` INTO meetings_fts (rowid, external_id, subject, organizer, attendees, scope)
		SELECT m.id, ` + indexed + ` FROM meetings m` + joinOrganizer
	reindex = `INSERT OR REPLACE` + indexFrom + `WHERE m.id = $1`
)

// index sets the meeting's row in the full-text index, in the transaction that
// changed the meeting.
func index(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	if _, err := tx.ExecContext(ctx, reindex, meetingID); err != nil {
		return fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	return nil
}

// indexedText returns what the index is to know of the meeting. Comparing it is
// cheaper than setting the row again where a change was about something else.
func indexedText(ctx context.Context, tx *sql.Tx, meetingID int64) (text string, err error) {
	const q = `SELECT concat_ws(char(10), ` + indexed + `) FROM meetings m` + joinOrganizer + `WHERE m.id = $1`
	if err := tx.QueryRowContext(ctx, q, meetingID).Scan(&text); err != nil {
		return "", fmt.Errorf("index meeting %d: %w", meetingID, err)
	}
	return text, nil
}
