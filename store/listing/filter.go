package listing

import (
	"math"
	"strings"
	"time"

	"meetdesk/meeting"
)

// idSQL returns an SQL condition on a meeting's ID. It selects the IDs after the position
// where the page starts. If the range of dates limits when meetings were recorded, the
// condition also limits the IDs to that range, because IDs increase with time.
//
// The condition contains at most one lower and one upper bound. With two lower or two
// upper bounds, SQLite would seek to one of them and read all rows between the two,
// possibly a million.
func (l list) idSQL(b *binds, id string) (sql string) {
	compare, _ := l.direction()
	from, to := l.createdIDs(b)
	switch at := l.start().ID; {
	case l.isDescending() && to != "":
		to = b.engine.least() + `(` + to + `, ` + b.add(max(at, math.MinInt64+1)-1) + `)`
	case !l.isDescending() && from != "":
		from = b.engine.greatest() + `(` + from + `, ` + b.add(min(at, math.MaxInt64-1)+1) + `)`
	default:
		sql = ` AND ` + id + compare + b.add(at)
	}
	if from != "" {
		sql += ` AND ` + id + ` >= ` + from
	}
	if to != "" {
		sql += ` AND ` + id + ` <= ` + to
	}
	return strings.TrimPrefix(sql, ` AND `)
}

// createdIDs returns SQL expressions for the first and the last ID in the range of dates.
// "" means no limit. Both are "" if the range limits when meetings start.
func (l list) createdIDs(b *binds) (from, to string) {
	if l.Dates == ByStart {
		return "", ""
	}
	if !l.From.IsZero() {
		from = `coalesce((SELECT id FROM meetings WHERE created_at >= ` + b.add(l.From.UnixMilli()) + ` ORDER BY created_at LIMIT 1), 9223372036854775807)`
	}
	if !l.To.IsZero() {
		to = `coalesce((SELECT id FROM meetings WHERE created_at < ` + b.add(l.To.UnixMilli()) + ` ORDER BY created_at DESC LIMIT 1), 0)`
	}
	return from, to
}

// longestMeeting limits how far back the list of all users' upcoming meetings is read. A
// meeting that was not created by the desk may be longer than meeting.MaxDuration. The
// list omits it once longestMeeting has passed since its start, even if it has not ended.
const longestMeeting = 48 * time.Hour

// starts returns the range of starts of the list's candidates, both inclusive. It takes into
// account the range of dates, the position where the page begins, and whether only upcoming
// or past meetings are wanted. A query needs one lower and one upper bound; see idSQL.
func (l list) starts() (first, last int64) {
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
	first, last = math.MinInt64, math.MaxInt64
	if !from.IsZero() {
		first = from.UnixMilli()
	}
	if !to.IsZero() {
		last = to.UnixMilli() - 1
	}
	if at := l.start().Start; l.isDescending() {
		last = min(last, at)
	} else {
		first = max(first, at)
	}
	return first, last
}

// filterSQL returns an SQL condition on the meeting m for the filter and the range of dates.
// If EachWord is set, the meeting must also match the search.
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
		sql += ` AND m.state = 'unfinished' AND abs(` + b.add(l.now) + ` - coalesce(` + AskedAt + `, 0)) >= ` + b.add(meeting.LongestRun.Milliseconds())
	case Removed:
		sql += ` AND m.state IN ('removed', 'replaced')`
	}
	if l.Filter.Origin != "" {
		sql += ` AND m.origin = ` + b.add(string(l.Filter.Origin))
	}
	if l.matchesEach() {
		sql += ` AND ` + b.engine.isMatch(b, l)
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
