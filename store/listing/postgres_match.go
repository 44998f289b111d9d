package listing

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"meetdesk/search"
)

// mark precedes each lexeme in the text of a query. If the marks are removed, the query
// matches meetings of all eras. If they are replaced with an era's number and a full
// stop, it matches only meetings of that era.
const mark = "%"

// tsPhrase returns a tsquery for the phrase. If the phrase has several tokens or a very long
// one, meetings without the phrase may match as well.
func tsPhrase(p search.Phrase) string {
	parts := make([]string, len(p.Tokens))
	for i, token := range p.Tokens {
		parts[i] = quoted(mark + lexeme(token))
	}
	if last := len(parts) - 1; p.Prefix || len(p.Tokens[last]) > longestLexeme {
		parts[last] += ":*"
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, " & ") + ")"
}

func tsTerm(t search.Term) string {
	var parts []string
	for _, p := range t {
		if len(p.Tokens) > 0 {
			parts = append(parts, tsPhrase(p))
		}
	}
	return "(" + strings.Join(parts, " | ") + ")"
}

// tsScope returns the tsquery for the meetings that the person may see.
func tsScope(user int64) string { return fmt.Sprintf("('%s/u%d' | '%[1]s/k%[2]d')", mark, user) }

// ts returns the tsquery that every result of the list's search matches.
func (q ftsQuery) ts() string {
	terms := make([]string, len(q.Terms))
	for i, t := range q.Terms {
		terms[i] = tsTerm(t)
	}
	all := strings.Join(terms, " & ")
	if len(q.Ticket) > 0 {
		all = "(" + all + " | " + tsTerm(q.Ticket) + ")"
	}
	if q.user != 0 {
		all = tsScope(q.user) + " & " + all
	}
	return all
}

type tsQuery string

func plain(query string) tsQuery { return tsQuery(strings.ReplaceAll(query, mark, "")) }

// inEra returns an SQL expression for a tsquery that matches only meetings of one era. The
// parameters are SQL expressions for a marked query and the era's number.
func inEra(query, era string) string {
	return `replace(` + query + `, '` + mark + `', (` + era + `)::text || '.')::tsquery`
}

var (
	postgresColumns = []string{"external_id", "subject", "organizer", "attendees"}
	postgresKit     = postgresColumns[:3]
)

// isExact reports whether the tsquery alone determines which meetings match.
func (q ftsQuery) isExact() bool {
	isOneToken := func(p search.Phrase) bool {
		return len(p.Tokens) == 0 || len(p.Tokens) == 1 && len(p.Tokens[0]) <= longestLexeme
	}
	return !q.hasKits && len(q.Ticket) == 0 && !slices.ContainsFunc(q.Terms, func(t search.Term) bool {
		return slices.ContainsFunc(t, func(p search.Phrase) bool { return !isOneToken(p) })
	})
}

// texts returns the conditions that a meeting must meet in addition to the tsquery. The
// result is "" or begins with AND.
func (q ftsQuery) texts(b *binds) string {
	if q.isExact() {
		return ""
	}
	all := q.textsIn(b, postgresColumns)
	if q.user != 0 && q.hasKits {
		all = fmt.Sprintf(`(ts_match_vq(words, '''/u%d'''::tsquery) AND %s OR ts_match_vq(words, '''/k%d'''::tsquery) AND %s)`, q.user, all, q.user, q.textsIn(b, postgresKit))
	}
	return ` AND ` + all
}

// textsIn returns an SQL condition that is true if all terms occur in the given columns,
// or if the ticket occurs in the external ID.
func (q ftsQuery) textsIn(b *binds, columns []string) string {
	terms := make([]string, len(q.Terms))
	for i, t := range q.Terms {
		terms[i] = textTerm(b, t, columns)
	}
	all := strings.Join(terms, ` AND `)
	if len(q.Ticket) > 0 {
		all = textTerm(b, q.Ticket, postgresColumns[:1]) + ` OR ` + all
	}
	return `(` + all + `)`
}

func textTerm(b *binds, t search.Term, columns []string) string {
	parts := []string{`false`}
	for _, p := range t {
		if len(p.Tokens) == 0 {
			continue
		}
		text := " " + strings.Join(p.Tokens, " ")
		if !p.Prefix {
			text += " "
		}
		phrase := b.add(text)
		for _, column := range columns {
			parts = append(parts, `strpos(`+column+`, `+phrase+`) > 0`)
		}
	}
	return `(` + strings.Join(parts, ` OR `) + `)`
}

func (postgres) conditions(l list) (list []string) {
	q := l.fts()
	if q.user != 0 {
		list = append(list, tsScope(q.user))
	}
	for _, t := range q.Terms {
		list = append(list, tsTerm(t))
	}
	return list
}

func (postgres) ticketConditions(l list) []string { return []string{tsTerm(l.fts().Ticket)} }

// hasToKnow returns 1, because even a single condition is searched era by era unless it is
// rare.
func (postgres) hasToKnow() int { return 1 }

const newestEra = `(SELECT coalesce(max(meeting_id), 0) >> 14 FROM meetings_fts)`

// fewerMatches returns a query that examines the two newest eras first, because GIN reads
// all matches of a condition, even if n is small.
func (postgres) fewerMatches(b *binds, condition string, n int) string {
	marked, limit := b.add(condition), b.add(n)
	count := func(query string) string {
		return `(SELECT count(*) FROM (SELECT 1 FROM meetings_fts WHERE words @@ ` + query + ` LIMIT ` + limit + `) n) < ` + limit
	}
	return `SELECT CASE WHEN ` + count(twoEras(marked, newestEra, newestEra+` - 1`)) + ` THEN ` + count(b.add(plain(condition))) + ` ELSE false END`
}

func twoEras(marked, one, other string) string {
	return `(` + inEra(marked, one) + ` || ` + inEra(marked, other) + `)`
}

// anyMatch returns a query that examines all of the person's meetings. If all users'
// meetings are searched, it examines the two newest eras before the others.
func (postgres) anyMatch(b *binds, l list) string {
	q := l.fts()
	texts := q.texts(b)
	all := b.add(plain(q.ts()))
	if q.user != 0 {
		return `SELECT EXISTS (SELECT 1 FROM (SELECT * FROM meetings_fts WHERE words @@ ` + b.add(plain(tsScope(q.user))) + ` OFFSET 0) f WHERE ts_match_vq(words, ` + all + `)` + texts + `)`
	}
	marked := b.add(q.ts())
	return `SELECT CASE WHEN EXISTS (SELECT 1 FROM meetings_fts WHERE words @@ ` + twoEras(marked, newestEra, newestEra+` - 1`) + texts + `) THEN true
		ELSE EXISTS (SELECT 1 FROM meetings_fts WHERE words @@ ` + all + texts + `) END`
}

func (postgres) isMatch(b *binds, l list) string {
	q := l.fts()
	return `EXISTS (SELECT 1 FROM meetings_fts WHERE meeting_id = m.id AND ts_match_vq(words, ` + b.add(plain(q.ts())) + `)` + q.texts(b) + `)`
}

// Before a search for a common word uses the GIN index, it checks the first meetings one by
// one. If many of them match, it checks more meetings in this way, because GIN would take
// longer: it reads all matches of an era.
const (
	checked        = 128  // the number of IDs to check
	checkedIfDense = 2048 // the number if the matches are dense
	dense          = 4    // with this many matches among the first IDs, the matches are dense
)

// matches returns one of two queries. If a condition is rare, the query reads all of its
// matches and checks each of them. Otherwise, it checks the first meetings one by one and
// then searches the remaining ones era by era.
func (postgres) matches(b *binds, l list, limit int) string {
	q := l.fts()
	_, order := l.direction()
	all := b.add(plain(q.ts()))
	texts, rows := q.texts(b), fmt.Sprint(limit)
	low, high := l.idRange(b)
	ids := `WITH ids AS MATERIALIZED (SELECT ` + low + ` AS low, ` + high + ` AS high)`
	end := ` ORDER BY id` + order + ` LIMIT ` + rows
	if l.isRare {
		rare := l.rare
		if len(q.Ticket) > 0 {
			rare += " | " + tsTerm(q.Ticket)
		}
		return ids + ` SELECT id FROM (SELECT f.meeting_id AS id FROM (SELECT * FROM meetings_fts WHERE words @@ ` + b.add(plain(rare)) + ` OFFSET 0) f, ids
			WHERE f.meeting_id BETWEEN ids.low AND ids.high AND ts_match_vq(f.words, ` + all + `)` + texts + `) rare` + end
	}
	among := func(ids string) string {
		return `(SELECT meeting_id AS id FROM meetings_fts WHERE meeting_id BETWEEN ` + ids + ` AND ts_match_vq(words, ` + all + `)` + texts + end + `) f`
	}
	first, next, rest, eras := `low AND least(high, low + %[1]d - 1)`, `low + %[1]d AND least(high, low + n - 1)`, `low + n AND high`, `(low + n) >> 14, high >> 14`
	if l.isDescending() {
		first, next, rest, eras = `greatest(low, high - %[1]d + 1) AND high`, `greatest(low, high - n + 1) AND high - %[1]d`, `low AND high - n`, `(high - n) >> 14, low >> 14, -1`
	}
	return ids + `, first AS MATERIALIZED (SELECT f.id FROM ids CROSS JOIN LATERAL ` + among(fmt.Sprintf(first, checked)) + `),
		range AS MATERIALIZED (SELECT low, high, CASE WHEN (SELECT count(*) FROM first) < ` + fmt.Sprint(dense) + ` THEN ` + fmt.Sprint(checked) + ` ELSE ` + fmt.Sprint(checkedIfDense) + ` END AS n FROM ids)
		SELECT id FROM (
			(SELECT id FROM first` + end + `)
			UNION ALL (SELECT f.id FROM range CROSS JOIN LATERAL ` + among(fmt.Sprintf(next, checked)) + `)
			UNION ALL (SELECT f.id FROM range CROSS JOIN LATERAL generate_series(` + eras + `) era CROSS JOIN LATERAL (
				SELECT id FROM (SELECT meeting_id AS id FROM meetings_fts WHERE words @@ ` + inEra(b.add(q.ts()), "era") + texts + ` OFFSET 0) f WHERE id BETWEEN ` + rest + end + `) f)
		) common LIMIT ` + rows
}

// idRange returns SQL expressions for the first and the last ID that a search reads, both
// inclusive.
func (l list) idRange(b *binds) (low, high string) {
	const highest = math.MaxInt64 / 2 // half the maximum, to avoid overflow
	first, last := int64(0), int64(highest)
	if at := l.start().ID; l.isDescending() {
		last = min(last, max(at, 1)-1)
		first = max(first, l.bound)
	} else {
		first = max(first, min(at, highest)+1)
		if l.bound != 0 {
			last = l.bound
		}
	}
	from, to := l.createdIDs(b)
	low, high = b.add(first), `least((SELECT coalesce(max(meeting_id), 0) FROM meetings_fts), `+b.add(last)
	if from != "" {
		low = `greatest(` + low + `, least(` + from + `, ` + fmt.Sprint(highest) + `))`
	}
	if to != "" {
		high += `, ` + to
	}
	return low, high + `)`
}
