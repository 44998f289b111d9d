package listing

import (
	"context"
	"fmt"

	"meetdesk/meeting"
)

// ticketNumber is an SQL expression that removes leading letters, hyphens and zeros from a
// ticket key. There is an index on this expression.
const ticketNumber = `ltrim(ticket_key, 'abcdefghijklmnopqrstuvwxyz-0')`

// guess returns the meetings with the given ticket number, latest first. It examines at
// most maxMatches of them.
func (db reader) guess(ctx context.Context, l list, number string) (found []meeting.Listed, err error) {
	b := db.binds()
	q := `SELECT ` + listColumns + ` FROM (SELECT id FROM meetings` + db.useIndex("meetings_ticket_number") + ` WHERE ` + ticketNumber + ` = ` + b.add(number) +
		` AND ticket_key IS NOT NULL ORDER BY id DESC LIMIT ` + b.add(maxMatches) + `) h` + db.joinMeetings("h.id") + joinOrganizer + ` WHERE ` + l.filterSQL(b)
	if !l.Everyone {
		q += ` AND EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = ` + b.add(l.UserID) + ` AND p.meeting_id = m.id)`
	}
	q += db.sorted("m.id DESC")
	rows, err := db.QueryContext(ctx, q, b.values...)
	if err != nil {
		return nil, fmt.Errorf("guess a ticket: %w", err)
	}
	defer rows.Close()
	for scan := newListScan(); rows.Next(); {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("guess a ticket: %w", err)
		}
		found = append(found, *m)
	}
	return found, rows.Err()
}
