package listing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
)

// rows returns up to limit rows of the list, in the order in which they are read.
func (db reader) rows(ctx context.Context, l list, limit int) ([]meeting.Listed, error) {
	b := db.binds()
	rows, err := db.QueryContext(ctx, l.rowsQuery(b, listColumns, "", limit), b.values...)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	defer rows.Close()
	list, scan := make([]meeting.Listed, 0, min(limit, 64)), newListScan()
	for rows.Next() {
		m, err := scan.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		list = append(list, *m)
	}
	return list, rows.Err()
}

// candidate returns the nth candidate of the list. ok is false if the list has fewer than n
// candidates.
func (db reader) candidate(ctx context.Context, l list, n int) (m meeting.Listed, ok bool, err error) {
	b := db.binds()
	q := `SELECT ` + listColumns + ` FROM (SELECT id FROM (` + l.candidatesQuery(b, n) + `) n
			LIMIT 1 OFFSET ` + b.add(n-1) + `) c JOIN meetings m ON m.id = c.id` + joinOrganizer
	found, err := newListScan().scan(db.QueryRowContext(ctx, q, b.values...))
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("history: %w", err)
	}
	return *found, true, nil
}

// count returns the number of rows in the list, up to the given limit. If the list is
// filtered, it ignores the limit and examines at most as many candidates as for one page.
func (db reader) count(ctx context.Context, l list, limit int) (n int, err error) {
	b := db.binds()
	q := `SELECT count(*) FROM (` + l.candidatesQuery(b, limit) + `) c`
	if l.isFiltered() {
		b = db.binds()
		q = `SELECT count(*) FROM (` + l.candidatesQuery(b, l.candidates(0)) + `) c` + db.joinMeetings("c.id") + ` WHERE ` + l.filterSQL(b)
	}
	if err := db.QueryRowContext(ctx, q, b.values...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

func (l list) rowsQuery(b *binds, columns, join string, limit int) string {
	_, order := l.direction()
	if l.isPlain() {
		return `SELECT ` + columns + ` FROM meetings m` + joinOrganizer + join + ` WHERE ` + l.idSQL(b, "m.id") +
			` ORDER BY m.id` + order + ` LIMIT ` + b.add(limit)
	}
	return `SELECT ` + columns + ` FROM (` + l.candidatesQuery(b, l.candidates(limit)) + `) c` + b.engine.joinMeetings("c.id") + joinOrganizer + join +
		` WHERE ` + l.filterSQL(b) + b.engine.sorted(l.sortKey("m.", order)) + ` LIMIT ` + b.add(limit)
}

// isPlain reports whether the list contains all meetings, or all meetings in a range of
// IDs, ordered by ID.
func (l list) isPlain() bool {
	return !l.isSearch() && l.order == ByCreated && l.Everyone && !l.isFiltered()
}

// sortKey returns the columns by which the list is sorted. It puts the prefix before each
// column name and the sort order after each column.
func (l list) sortKey(prefix, order string) string {
	if l.order == ByStart {
		return `coalesce(` + prefix + `start_at, ` + prefix + `created_at)` + order + `, ` + prefix + `id` + order
	}
	return prefix + `id` + order
}

// candidatesQuery returns a query for the IDs of the list's candidates, in list order and
// up to the given limit.
func (l list) candidatesQuery(b *binds, limit int) string {
	_, order := l.direction()
	var q string
	switch {
	case l.isSearch():
		return b.engine.matches(b, l, limit)
	case l.order == ByStart:
		return l.byStartQuery(b, limit)
	case !l.Everyone:
		q = `SELECT meeting_id AS id FROM meeting_people WHERE user_id = ` + b.add(l.UserID) + ` AND ` + l.idSQL(b, "meeting_id") + ` ORDER BY meeting_id` + order
	default:
		q = `SELECT id FROM meetings` + l.partialIndex(b.engine) + ` AND ` + l.idSQL(b, "id") + ` ORDER BY id` + order
	}
	return q + ` LIMIT ` + b.add(limit)
}

// partialIndex returns the beginning of a WHERE clause. If there is a partial index for
// the filter, the result also makes SQLite use that index.
func (l list) partialIndex(e engine) string {
	switch {
	case l.Filter.State == Failed || l.Filter.State == Unfinished || l.Filter.State == Removed:
		return e.useIndex("meetings_not_live") + ` WHERE state <> 'live'`
	case l.Filter.Origin == meeting.Found || l.Filter.Origin == meeting.Adopted:
		return e.useIndex("meetings_not_created") + ` WHERE origin IN ('found', 'adopted')`
	}
	return ` WHERE true`
}

// startKey is the sort key for ByStart. The database has indexes on this expression.
const startKey = `coalesce(start_at, created_at)`

func (l list) byStartQuery(b *binds, limit int) string {
	compare, order := l.direction()
	at := l.start()
	first, last := l.starts()
	from, to, position, id := b.add(first), b.add(last), b.add(at.Start), b.add(at.ID)
	inRange := func(startColumn, idColumn string) string {
		return startColumn + ` BETWEEN ` + from + ` AND ` + to + ` AND (` + startColumn + compare + position + ` OR ` + idColumn + compare + id + `)`
	}
	if l.Everyone {
		return `SELECT id FROM meetings WHERE ` + inRange(startKey, "id") + ` ORDER BY ` + l.sortKey("", order) + ` LIMIT ` + b.add(limit)
	}
	return b.engine.ownByStart(b, l, inRange, limit)
}
