package store

import (
	"context"
	"fmt"
	"strings"
)

// FindByPhone returns at most q.Limit meetings that the number dials into, the newest
// first. Most meetings share a number, so it looks at the newest 10,000 only. digits may
// lack the country code.
func (s *Store) FindByPhone(ctx context.Context, q HistoryQuery, digits string) (hits []Hit, err error) {
	var b binds
	newest := `SELECT id FROM meetings`
	if !q.Everyone {
		newest = `SELECT meeting_id AS id FROM meeting_people WHERE user_id = ` + b.add(q.UserID)
	}
	like := ` LIKE ` + b.add("%"+digits)
	l := listing{HistoryQuery: q, order: ByCreated, now: s.now().UnixMilli()}
	rows, err := s.lists.QueryContext(ctx, `SELECT `+listColumns+` FROM (`+newest+` ORDER BY id DESC LIMIT `+b.add(lookedAt)+`) h CROSS JOIN meetings m ON m.id = h.id`+joinOrganizer+`
		WHERE (`+plainPhone("m.toll_number")+like+` OR `+plainPhone("m.toll_free_number")+like+`) AND `+l.filter(&b)+` ORDER BY m.id DESC LIMIT `+b.add(q.Limit), b.values...)
	if err != nil {
		return nil, fmt.Errorf("find by phone: %w", err)
	}
	defer rows.Close()
	for scan := newListScan(); rows.Next(); {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("find by phone: %w", err)
		}
		hits = append(hits, Hit{Listed: *m, By: ByPhone})
	}
	return hits, rows.Err()
}

// plainPhone is an SQL expression for the number in the column without separators.
func plainPhone(column string) string {
	for _, mark := range strings.Split(" ,-,(,),.,/", ",") {
		column = `replace(` + column + `, '` + mark + `', '')`
	}
	return column
}
