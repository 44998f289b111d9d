package listing

import (
	"context"
	"fmt"
	"strings"
)

// sqliteAttendees is an SQL expression that lists a meeting's attendees as "Name
// <address> role; …".
const sqliteAttendees = `coalesce((SELECT group_concat(CASE WHEN upn = '' THEN coalesce(nullif(name, ''), object_id) WHEN name = '' THEN upn ELSE name || ' <' || upn || '>' END || CASE role WHEN '' THEN '' WHEN 'attendee' THEN '' ELSE ' ' || role END, '; ')
			FROM attendees WHERE meeting_id = m.id), '')`

const joinMaker = `JOIN users k ON k.id = m.maker_id`

func (db sqlite) exportList(ctx context.Context, l list) (part []Exported, isFull bool, err error) {
	var b binds
	columns := exportSQL(&b, l.Criteria)
	return db.export(ctx, l.rowsQuery(&b, columns, joinMaker, exportRows), b.values...)
}

func (db sqlite) exportIDs(ctx context.Context, c Criteria, ids []int64) (part []Exported, err error) {
	var b binds
	columns := exportSQL(&b, c)
	part, _, err = db.export(ctx, `SELECT `+columns+` FROM `+jsonEach(&b, ids)+` c CROSS JOIN meetings m ON m.id = c.value`+joinOrganizer+joinMaker, b.values...)
	return part, err
}

// exportSQL returns the columns from which an Exported is read. An additional last column
// says whether the person may see only the kit.
func exportSQL(b *binds, c Criteria) string {
	list := []string{listColumns}
	for _, column := range exportColumns {
		list = append(list, column.sql)
	}
	isKit := `0`
	if c.KitOnly {
		isKit = `EXISTS (SELECT 1 FROM meeting_people p WHERE p.meeting_id = m.id AND p.user_id = ` + b.add(c.UserID) + ` AND p.relation = 'handed over')`
	}
	return strings.Join(append(list, isKit), ", ")
}

func (db sqlite) export(ctx context.Context, q string, args ...any) (part []Exported, isFull bool, err error) {
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
