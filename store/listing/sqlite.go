package listing

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"meetdesk/meeting"
)

// sqlite implements engine for SQLite.
type sqlite struct{ *sql.DB }

// binds collects the parameters of a statement and numbers their placeholders.
type binds struct{ values []any }

func (b *binds) add(value any) string {
	b.values = append(b.values, value)
	return "$" + strconv.Itoa(len(b.values))
}

func (db sqlite) newestID(ctx context.Context) (id int64, err error) {
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM meetings`).Scan(&id); err != nil {
		return 0, fmt.Errorf("history: %w", err)
	}
	return id, nil
}

func (db sqlite) createdFrom(ctx context.Context, id int64) (time.Time, error) {
	var created int64
	const q = `SELECT created_at FROM meetings WHERE id >= $1 ORDER BY id LIMIT 1`
	if err := db.QueryRowContext(ctx, q, id).Scan(&created); err != nil {
		return time.Time{}, fmt.Errorf("history: %w", err)
	}
	return time.UnixMilli(created).UTC(), nil
}

func (db sqlite) hasHandedOver(ctx context.Context, userID int64) (has bool, err error) {
	const q = `SELECT EXISTS (SELECT 1 FROM meeting_people INDEXED BY meeting_people_others WHERE user_id = $1 AND relation <> 'organizer' AND relation = 'handed over')`
	if err := db.QueryRowContext(ctx, q, userID).Scan(&has); err != nil {
		return false, fmt.Errorf("history: %w", err)
	}
	return has, nil
}

func (db sqlite) attendees(ctx context.Context, c Criteria, meetingIDs []int64) (map[int64][]meeting.Attendee, error) {
	ids, err := json.Marshal(meetingIDs)
	if err != nil {
		return nil, fmt.Errorf("attendees: %w", err)
	}
	const q = `SELECT a.meeting_id, a.name, a.upn FROM json_each($1) id CROSS JOIN attendees a ON a.meeting_id = id.value
		WHERE NOT $2 OR NOT EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = $3 AND p.meeting_id = a.meeting_id AND p.relation = 'handed over')
		ORDER BY a.meeting_id, a.position`
	rows, err := db.QueryContext(ctx, q, string(ids), c.KitOnly, c.UserID)
	if err != nil {
		return nil, fmt.Errorf("attendees: %w", err)
	}
	defer rows.Close()
	found := make(map[int64][]meeting.Attendee)
	for rows.Next() {
		var (
			id int64
			a  meeting.Attendee
		)
		if err := rows.Scan(&id, &a.Name, &a.UPN); err != nil {
			return nil, fmt.Errorf("attendees: %w", err)
		}
		found[id] = append(found[id], a)
	}
	return found, rows.Err()
}
