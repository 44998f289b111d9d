package store

import (
	"time"

	"meetdesk/meeting"
)

// rows is a query for columns of at most so many rows m of the list, in its order.
// The rows of a subquery are joined one by one, and so stay in theirs.
func (l listing) rows(b *binds, columns, join string, limit int) string {
	if l.plain() {
		compare, order := l.direction()
		return `SELECT ` + columns + ` FROM meetings m` + joinOrganizer + join + ` WHERE m.id` + compare + b.add(l.at().ID) + l.created(b, "m.id") +
			` ORDER BY m.id` + order + ` LIMIT ` + b.add(limit)
	}
	return `SELECT ` + columns + ` FROM (` + l.candidates(b, l.look(limit)) + `) c CROSS JOIN meetings m ON m.id = c.id` + joinOrganizer + join +
		` WHERE ` + l.filter(b) + ` LIMIT ` + b.add(limit)
}

// plain reports whether the list is simply all rows.
func (l listing) plain() bool {
	return l.match == "" && l.order == ByCreated && l.Everyone && !l.filtered()
}

// candidates is a query for the IDs of at most so many rows, in the list's order.
func (l listing) candidates(b *binds, limit int) string {
	compare, order := l.direction()
	at := l.at()
	var q string
	switch {
	case l.match != "":
		q = `SELECT rowid AS id FROM meetings_fts WHERE meetings_fts MATCH ` + b.add(l.match) + ` AND rowid` + compare + b.add(at.ID) + l.created(b, "rowid") + ` ORDER BY ` + l.matchOrder() + order
	case l.order == ByStart:
		return l.byStartCandidates(b, limit)
	case !l.Everyone:
		q = `SELECT meeting_id AS id FROM meeting_people WHERE user_id = ` + b.add(l.UserID) + ` AND meeting_id` + compare + b.add(at.ID) + l.created(b, "meeting_id") + ` ORDER BY meeting_id` + order
	default:
		q = `SELECT id FROM meetings` + l.ofFew() + ` AND id` + compare + b.add(at.ID) + l.created(b, "id") + ` ORDER BY id` + order
	}
	return q + ` LIMIT ` + b.add(limit)
}

// matchOrder is what the matches of a search are ordered by. FTS5 goes through a
// long list backwards at half its speed, so few matches are read forwards and sorted:
// the plus keeps SQLite from asking FTS5 for the order.
func (l listing) matchOrder() string {
	if l.few && l.descending() {
		return `+rowid`
	}
	return `rowid`
}

// ofFew names the index of what few meetings are, where that is asked for.
func (l listing) ofFew() string {
	switch {
	case l.Filter.State == Failed || l.Filter.State == Unfinished || l.Filter.State == Removed:
		return ` INDEXED BY meetings_not_live WHERE state <> 'live'`
	case l.Filter.Origin == meeting.Found || l.Filter.Origin == meeting.Adopted:
		return ` INDEXED BY meetings_not_created WHERE origin IN ('found', 'adopted')`
	}
	return ` WHERE true`
}

// created limits IDs to those of the days asked for: IDs rise with time.
func (l listing) created(b *binds, id string) (sql string) {
	if l.Order == ByStart {
		return ""
	}
	if !l.From.IsZero() {
		sql += ` AND ` + id + ` >= coalesce((SELECT id FROM meetings WHERE created_at >= ` + b.add(l.From.UnixMilli()) + ` ORDER BY created_at LIMIT 1), 9223372036854775807)`
	}
	if !l.To.IsZero() {
		sql += ` AND ` + id + ` <= coalesce((SELECT id FROM meetings WHERE created_at < ` + b.add(l.To.UnixMilli()) + ` ORDER BY created_at DESC LIMIT 1), 0)`
	}
	return sql
}

// startOf is the expression that the indexes of the start are on.
const startOf = `coalesce(start_at, created_at)`

// byStartCandidates is candidates for the order by start. A person's own are
// those that they organize, and the few others that they may see.
func (l listing) byStartCandidates(b *binds, limit int) string {
	compare, order := l.direction()
	at := l.at()
	start, id := b.add(at.Start), b.add(at.ID)
	where := startOf + compare[:2] + `= ` + start + ` AND (` + startOf + compare + start + ` OR id` + compare + id + `)` + l.started(b)
	if l.Everyone {
		return `SELECT id FROM meetings WHERE ` + where + ` ORDER BY ` + startOf + order + `, id` + order + ` LIMIT ` + b.add(limit)
	}
	user := b.add(l.UserID)
	return `SELECT id FROM (SELECT id, ` + startOf + ` AS start FROM meetings WHERE organizer_id = ` + user + ` AND ` + where + `
		UNION ALL SELECT id, ` + startOf + ` AS start FROM meetings WHERE id IN (
			SELECT meeting_id FROM meeting_people INDEXED BY meeting_people_others WHERE user_id = ` + user + ` AND relation <> 'organizer') AND ` + where + `
		ORDER BY start` + order + `, id` + order + ` LIMIT ` + b.add(limit) + `)`
}

// longest is as long as a meeting lasts that is looked for among everybody's
// upcoming ones: Teams ends one after 24 hours, and the desk makes none longer. One
// that was planned for longer elsewhere is left out once it has begun so long ago.
const longest = 48 * time.Hour

// started limits the start to the days asked for, and to where there can be any
// that are upcoming or past.
func (l listing) started(b *binds) (sql string) {
	from, to := l.From, l.To
	switch now := time.UnixMilli(l.now); l.Filter.State {
	case Upcoming:
		if since := now.Add(-longest); l.Everyone && from.Before(since) {
			from = since
		}
	case Past:
		if to.IsZero() || to.After(now) {
			to = now
		}
	}
	if !from.IsZero() {
		sql += ` AND ` + startOf + ` >= ` + b.add(from.UnixMilli())
	}
	if !to.IsZero() {
		sql += ` AND ` + startOf + ` < ` + b.add(to.UnixMilli())
	}
	return sql
}

// filter is a condition on the meetings m.
func (l listing) filter(b *binds) string {
	sql := `true`
	switch l.Filter.State {
	case Upcoming:
		sql += ` AND m.state = 'live' AND m.end_at > ` + b.add(l.now)
	case Past:
		sql += ` AND m.state = 'live' AND m.end_at <= ` + b.add(l.now)
	case Failed:
		sql += ` AND m.state = 'failed'`
	case Unfinished:
		sql += ` AND m.state = 'unfinished'`
	case Removed:
		sql += ` AND m.state IN ('removed', 'replaced')`
	}
	if l.Filter.Origin != "" {
		sql += ` AND m.origin = ` + b.add(string(l.Filter.Origin))
	}
	date := `m.created_at`
	if l.byStart() {
		date = `coalesce(m.start_at, m.created_at)`
	}
	if !l.From.IsZero() {
		sql += ` AND ` + date + ` >= ` + b.add(l.From.UnixMilli())
	}
	if !l.To.IsZero() {
		sql += ` AND ` + date + ` < ` + b.add(l.To.UnixMilli())
	}
	return sql
}
