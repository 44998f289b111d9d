package listing

import "strconv"

// postgres implements the engine interface for PostgreSQL. Its statements run on connections
// from postgresdb.OpenLister, whose settings make the query plans predictable.
type postgres struct{}

// bind casts the placeholder to the type of the value. Otherwise, PostgreSQL would treat a
// parameter as an int4 if it is compared with a small integer constant.
func (postgres) bind(n int, value any) string {
	kind := "text"
	switch value.(type) {
	case int, int64:
		kind = "bigint"
	case tsQuery:
		kind = "tsquery"
	case bool:
		kind = "boolean"
	case []int64:
		kind = "bigint[]"
	case []string:
		kind = "text[]"
	}
	return "$" + strconv.Itoa(n) + "::" + kind
}

func (postgres) least() string { return "least" }

func (postgres) greatest() string { return "greatest" }

func (postgres) listOf(text, separator string) string {
	return `string_agg(` + text + `, '` + separator + `' ORDER BY position)`
}

func (postgres) each(b *binds, values any, as string) string {
	return `unnest(` + b.add(values) + `) WITH ORDINALITY ` + as + ` (value, ord)`
}

// useIndex returns "", because PostgreSQL has no clause that names an index.
func (postgres) useIndex(string) string { return "" }

func (postgres) inOrder() string { return ` JOIN ` }

func (postgres) sorted(by string) string { return ` ORDER BY ` + by }

// joinMeetings returns a lateral join. In a simple join, the planner could read all
// meetings first and run the subquery for each of them. OFFSET 0 prevents the planner from
// flattening the lateral join.
func (postgres) joinMeetings(column string) string {
	return ` CROSS JOIN LATERAL (SELECT * FROM meetings WHERE id = ` + column + ` OFFSET 0) m`
}

// ownByStart limits each of the two queries, because the planner sorts all rows of a union.
func (postgres) ownByStart(b *binds, l list, inRange func(startColumn, idColumn string) string, limit int) string {
	_, order := l.direction()
	user, rows := b.add(l.UserID), b.add(limit)
	end := func(start, id string) string {
		return ` ORDER BY ` + start + order + `, ` + id + order + ` LIMIT ` + rows
	}
	return `SELECT id FROM (
		(SELECT id, ` + startKey + ` AS start FROM meetings WHERE organizer_id = ` + user + ` AND ` + inRange(startKey, "id") + end(startKey, "id") + `)
		UNION ALL (SELECT meeting_id, start_at FROM meeting_people WHERE user_id = ` + user + ` AND ` + inRange("start_at", "meeting_id") + end("start_at", "meeting_id") + `)
		) own` + end("start", "id")
}

func (postgres) inThreads(b *binds, threads []thread) string {
	var ids, lost, messages []string
	for _, t := range threads {
		ids, lost, messages = append(ids, t.ID), append(lost, strconv.FormatBool(t.Lost)), append(messages, t.Message)
	}
	return `SELECT m.id FROM unnest(` + b.add(ids) + `, ` + b.add(lost) + `, ` + b.add(messages) + `) t (id, lost, message)
		JOIN meetings m ON lower(substr(m.thread_id, 12, 10)) = lower(substr(t.id COLLATE "C", 12, 10)) AND lower(m.thread_id) = lower(t.id COLLATE "C") AND m.thread_id <> ''
		WHERE (t.lost = 'true' OR m.thread_id = t.id) AND (t.message = '' OR strpos(m.join_url, '/' || t.message) > 0)`
}
