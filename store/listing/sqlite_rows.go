package listing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meetdesk/meeting"
)

func (db sqlite) rows(ctx context.Context, l list, limit int) ([]meeting.Listed, error) {
	var b binds
	rows, err := db.QueryContext(ctx, l.rowsQuery(&b, listColumns, "", limit), b.values...)
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

func (db sqlite) candidate(ctx context.Context, l list, n int) (m meeting.Listed, ok bool, err error) {
	var b binds
	q := `SELECT ` + listColumns + ` FROM (SELECT id FROM (` + l.candidatesQuery(&b, n) + `)
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

func (db sqlite) count(ctx context.Context, l list, limit int) (n int, err error) {
	var b binds
	q := `SELECT count(*) FROM (` + l.candidatesQuery(&b, limit) + `)`
	if l.isFiltered() {
		b = binds{}
		q = `SELECT count(*) FROM (` + l.candidatesQuery(&b, l.candidates(0)) + `) c CROSS JOIN meetings m ON m.id = c.id WHERE ` + l.filterSQL(&b)
	}
	if err := db.QueryRowContext(ctx, q, b.values...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

// rowsQuery returns a query that selects the given columns from at most limit rows of the
// list. SQLite joins the rows of the subquery one by one, so the result keeps the order
// of the list.
func (l list) rowsQuery(b *binds, columns, join string, limit int) string {
	if l.isPlain() {
		_, order := l.direction()
		return `SELECT ` + columns + ` FROM meetings m` + joinOrganizer + join + ` WHERE ` + l.idSQL(b, "m.id") +
			` ORDER BY m.id` + order + ` LIMIT ` + b.add(limit)
	}
	return `SELECT ` + columns + ` FROM (` + l.candidatesQuery(b, l.candidates(limit)) + `) c CROSS JOIN meetings m ON m.id = c.id` + joinOrganizer + join +
		` WHERE ` + l.filterSQL(b) + ` LIMIT ` + b.add(limit)
}

// isPlain reports whether the list consists of all meetings, ordered by ID.
func (l list) isPlain() bool {
	return !l.isSearch() && l.order == ByCreated && l.Everyone && !l.isFiltered()
}

// candidatesQuery returns a query for the IDs of the list's candidates, at most limit of
// them, in the order of the list.
func (l list) candidatesQuery(b *binds, limit int) string {
	_, order := l.direction()
	var q string
	switch {
	case l.isSearch():
		q = `SELECT rowid AS id FROM meetings_fts WHERE meetings_fts MATCH ` + b.add(l.match()) + ` AND ` + l.idSQL(b, "rowid") + ` ORDER BY ` + l.matchOrder() + order
	case l.order == ByStart:
		return l.byStartQuery(b, limit)
	case !l.Everyone:
		q = `SELECT meeting_id AS id FROM meeting_people WHERE user_id = ` + b.add(l.UserID) + ` AND ` + l.idSQL(b, "meeting_id") + ` ORDER BY meeting_id` + order
	default:
		q = `SELECT id FROM meetings` + l.partialIndex() + ` AND ` + l.idSQL(b, "id") + ` ORDER BY id` + order
	}
	return q + ` LIMIT ` + b.add(limit)
}

// matchOrder returns the sort key for a search's matches. When FTS5 reads a long list of
// matches backwards, it takes twice as long. A rare search has few matches, so they are
// read forwards and then sorted. The plus sign keeps SQLite from asking FTS5 for the
// matches in order, so SQLite sorts them itself.
func (l list) matchOrder() string {
	if l.isRare && l.isDescending() {
		return `+rowid`
	}
	return `rowid`
}

// partialIndex returns the clause that selects a partial index, if the filter is one that
// few meetings pass.
func (l list) partialIndex() string {
	switch {
	case l.Filter.State == Failed || l.Filter.State == Unfinished || l.Filter.State == Removed:
		return ` INDEXED BY meetings_not_live WHERE state <> 'live'`
	case l.Filter.Origin == meeting.Found || l.Filter.Origin == meeting.Adopted:
		return ` INDEXED BY meetings_not_created WHERE origin IN ('found', 'adopted')`
	}
	return ` WHERE true`
}

// startKey is the sort key for ByStart. The database has indexes on this expression.
const startKey = `coalesce(start_at, created_at)`

// byStartQuery is candidatesQuery for ByStart. It combines two queries: one for the many
// meetings that the person organizes, and one for the few others that the person may see.
func (l list) byStartQuery(b *binds, limit int) string {
	compare, order := l.direction()
	at := l.start()
	start, id := b.add(at.Start), b.add(at.ID)
	where := l.startSQL(b) + ` AND (` + startKey + compare + start + ` OR id` + compare + id + `)`
	if l.Everyone {
		return `SELECT id FROM meetings WHERE ` + where + ` ORDER BY ` + startKey + order + `, id` + order + ` LIMIT ` + b.add(limit)
	}
	user := b.add(l.UserID)
	return `SELECT id FROM (SELECT id, ` + startKey + ` AS start FROM meetings WHERE organizer_id = ` + user + ` AND ` + where + `
		UNION ALL SELECT id, ` + startKey + ` AS start FROM meetings WHERE id IN (
			SELECT meeting_id FROM meeting_people INDEXED BY meeting_people_others WHERE user_id = ` + user + ` AND relation <> 'organizer') AND ` + where + `
		ORDER BY start` + order + `, id` + order + ` LIMIT ` + b.add(limit) + `)`
}
