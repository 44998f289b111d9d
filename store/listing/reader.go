package listing

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"meetdesk/meeting"
)

// reader runs the queries for Lists. Each method runs one query, except the audit method,
// which may run several.
type reader struct {
	*sql.DB
	engine
}

func (db reader) binds() *binds { return &binds{engine: db.engine} }

func (db reader) newestID(ctx context.Context) (id int64, err error) {
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM meetings`).Scan(&id); err != nil {
		return 0, fmt.Errorf("history: %w", err)
	}
	return id, nil
}

func (db reader) createdFrom(ctx context.Context, id int64) (time.Time, error) {
	var created int64
	const q = `SELECT created_at FROM meetings WHERE id >= $1 ORDER BY id LIMIT 1`
	if err := db.QueryRowContext(ctx, q, id).Scan(&created); err != nil {
		return time.Time{}, fmt.Errorf("history: %w", err)
	}
	return time.UnixMilli(created).UTC(), nil
}

func (db reader) hasHandedOver(ctx context.Context, userID int64) (has bool, err error) {
	q := `SELECT EXISTS (SELECT 1 FROM meeting_people` + db.useIndex("meeting_people_handed_over") + ` WHERE user_id = $1 AND relation = 'handed over')`
	if err := db.QueryRowContext(ctx, q, userID).Scan(&has); err != nil {
		return false, fmt.Errorf("history: %w", err)
	}
	return has, nil
}

// attendees returns the attendees by meeting ID. If KitOnly is set, it omits the attendees
// of meetings that were handed over to the person.
func (db reader) attendees(ctx context.Context, c Criteria, meetingIDs []int64) (map[int64][]meeting.Attendee, error) {
	b := db.binds()
	q := `SELECT a.meeting_id, a.name, a.upn FROM ` + db.each(b, meetingIDs, "id") + db.inOrder() + `attendees a ON a.meeting_id = id.value
		WHERE NOT ` + b.add(c.KitOnly) + ` OR NOT EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = ` + b.add(c.UserID) + ` AND p.meeting_id = a.meeting_id AND p.relation = 'handed over')
		ORDER BY a.meeting_id, a.position`
	rows, err := db.QueryContext(ctx, q, b.values...)
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
