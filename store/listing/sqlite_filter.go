package listing

import "time"

// createdSQL limits the IDs to the range of dates, which works because IDs increase with
// time. It is "" for ByStart.
func (l list) createdSQL(b *binds, id string) (sql string) {
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

// longestMeeting limits how far back the list of everybody's upcoming meetings reads.
// Teams ends a meeting after 24 hours, and the desk creates none that is longer. A
// meeting that was planned elsewhere to last longer disappears from the list this long
// after its start.
const longestMeeting = 48 * time.Hour

// startSQL limits the start to the range of dates, and to the times at which an upcoming
// or past meeting can start.
func (l list) startSQL(b *binds) (sql string) {
	from, to := l.From, l.To
	switch now := time.UnixMilli(l.now); l.Filter.State {
	case Upcoming:
		if since := now.Add(-longestMeeting); l.Everyone && from.Before(since) {
			from = since
		}
	case Past:
		if to.IsZero() || to.After(now) {
			to = now
		}
	}
	if !from.IsZero() {
		sql += ` AND ` + startKey + ` >= ` + b.add(from.UnixMilli())
	}
	if !to.IsZero() {
		sql += ` AND ` + startKey + ` < ` + b.add(to.UnixMilli())
	}
	return sql
}

// filterSQL returns the filter and the range of dates as a condition on the meetings m.
func (l list) filterSQL(b *binds) string {
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
	if l.limitsStart() {
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
