package listing

import (
	"time"

	"meetdesk/meeting"
)

// createdSQL limits the IDs to those in the range of dates. This works because IDs
// increase with the creation time. If the range limits the start, it returns "".
func (l list) createdSQL(b *binds, id string) (sql string) {
	if l.Dates == ByStart {
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

// longestMeeting limits how far back the list of everybody's upcoming meetings is read.
// Teams ends a meeting after 24 hours, and the desk does not create longer meetings. If a
// meeting was planned elsewhere to last longer, it disappears from the list this long
// after its start.
const longestMeeting = 48 * time.Hour

// startSQL returns a condition on the start. It limits the start to the range of dates,
// and for upcoming or past meetings also to the times at which such a meeting can start.
func (l list) startSQL(b *binds) (sql string) {
	var from, to time.Time
	if l.Dates == ByStart {
		from, to = l.From, l.To
	}
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

// filterSQL returns a condition on the meetings m that applies the filter, the range of
// dates, and the words that each candidate is matched with.
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
		sql += ` AND m.state = 'unfinished' AND coalesce(` + AskedAt + `, 0) <= ` + b.add(l.now-meeting.LongestRun.Milliseconds())
	case Removed:
		sql += ` AND m.state IN ('removed', 'replaced')`
	}
	if l.Filter.Origin != "" {
		sql += ` AND m.origin = ` + b.add(string(l.Filter.Origin))
	}
	if l.matchesEach() {
		sql += ` AND EXISTS (SELECT 1 FROM meetings_fts WHERE meetings_fts MATCH ` + b.add(l.match()) + ` AND rowid = m.id)`
	}
	date := `m.created_at`
	if l.Dates == ByStart {
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
