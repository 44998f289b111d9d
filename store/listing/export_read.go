package listing

import (
	"context"
	"fmt"
	"strings"
)

const joinMaker = `JOIN users k ON k.id = m.maker_id`

// exportList returns the next rows of the list. isFull reports whether it stopped at
// exportRows or exportBytes.
func (db reader) exportList(ctx context.Context, l list) (part []Exported, isFull bool, err error) {
	b := db.binds()
	columns := exportSQL(b, l.Criteria)
	return db.export(ctx, l.rowsQuery(b, columns, joinMaker, exportRows), b.values...)
}

// exportIDs returns the meetings with the given IDs, in the given order. If their values
// exceed exportBytes, the last meetings are missing.
func (db reader) exportIDs(ctx context.Context, c Criteria, ids []int64) (part []Exported, err error) {
	b := db.binds()
	columns := exportSQL(b, c)
	part, _, err = db.export(ctx, `SELECT `+columns+` FROM `+db.each(b, ids, "c")+db.joinMeetings("c.value")+joinOrganizer+joinMaker+db.sorted("c.ord"), b.values...)
	return part, err
}

// exportSQL returns the list of SQL expressions from which an Exported is read. An
// additional last column is true if the person may see only the invitation kit.
func exportSQL(b *binds, c Criteria) string {
	// The attendees of the meeting m, as "Name <address> role; …".
	attendees := `coalesce((SELECT ` + b.engine.listOf(`CASE WHEN upn = '' THEN coalesce(nullif(name, ''), object_id) WHEN name = '' THEN upn ELSE name || ' <' || upn || '>' END || CASE role WHEN '' THEN '' WHEN 'attendee' THEN '' ELSE ' ' || role END`, `; `) + `
			FROM attendees WHERE meeting_id = m.id), '')`
	list := []string{listColumns}
	for _, column := range exportColumns {
		list = append(list, strings.Replace(column.sql, "attendees(m)", attendees, 1))
	}
	isKit := `false`
	if c.KitOnly {
		isKit = `EXISTS (SELECT 1 FROM meeting_people p WHERE p.meeting_id = m.id AND p.user_id = ` + b.add(c.UserID) + ` AND p.relation = 'handed over')`
	}
	return strings.Join(append(list, isKit), ", ")
}

func (db reader) export(ctx context.Context, q string, args ...any) (part []Exported, isFull bool, err error) {
	rows, err := db.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, false, fmt.Errorf("export: %w", err)
	}
	defer rows.Close()
	var (
		e     Exported
		isKit bool
		bytes int
	)
	targets := make([]any, len(e.More), len(e.More)+1)
	for i := range e.More {
		targets[i] = &e.More[i]
	}
	for scan := newListScan(append(targets, &isKit)...); rows.Next() && bytes < exportBytes; {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, false, fmt.Errorf("export: %w", err)
		}
		e.Listed = *m
		e.More[joinURLAt] = m.JoinURL
		e.More[graphIDAt] = scan.row.FullGraphID(e.More[graphIDAt])
		bytes += len(e.ExternalID) + len(e.Subject)
		for i, column := range exportColumns {
			if isKit && column.beyondKit {
				e.More[i] = ""
			}
			bytes += len(e.More[i])
		}
		part = append(part, e)
	}
	return part, len(part) == exportRows || bytes >= exportBytes, rows.Err()
}
