package listing

import (
	"fmt"
	"strings"

	"meetdesk/search"
)

// ftsQuery is a search in the full-text index for meetings that a person may see.
type ftsQuery struct {
	search.Query
	user    int64 // the person whose meetings are searched; 0 to search all meetings
	hasKits bool  // whether to ignore the attendees of meetings handed over to the person
}

// fts returns the list's search as a query for the full-text index. UserID must not be 0
// unless Everyone is set.
func (l list) fts() ftsQuery {
	if l.Everyone {
		return ftsQuery{Query: l.words}
	}
	return ftsQuery{Query: l.words, user: l.UserID, hasKits: l.hasKits}
}

// The columns that are searched for user input. They exclude the scope column, which must
// be compared only with values from the session.
const (
	searchedColumns    = `{external_id subject organizer attendees} : `
	searchedKitColumns = `{external_id subject organizer} : `
)

// conditions returns the conditions that every result of the search must meet, except
// results that match only the ticket.
func (q ftsQuery) conditions() (list []string) {
	if q.user != 0 {
		list = append(list, fmt.Sprintf(`scope : ("u%d" OR "k%d")`, q.user, q.user))
	}
	for _, t := range q.Terms {
		list = append(list, tokenConditions(t)...)
	}
	return list
}

// tokenConditions returns the conditions that every match of the term must meet: one for
// each token of its longest phrase. They contain neither phrases nor column filters,
// because those would make FTS5 read more than the matches.
func tokenConditions(term search.Term) (list []string) {
	longest := 1
	for _, p := range term {
		longest = max(longest, len(p.Tokens))
	}
	for n := range longest {
		var tokens search.Term
		for _, p := range term {
			if last := len(p.Tokens) - 1; last >= 0 {
				at := min(n, last)
				tokens = append(tokens, search.Phrase{Tokens: p.Tokens[at : at+1], Prefix: p.Prefix && at == last})
			}
		}
		list = append(list, ftsTerm(tokens))
	}
	return list
}

// match returns the FTS5 expression for the list's search, limited to its eras.
func (l list) match() string {
	var (
		q   = l.fts()
		all string
	)
	switch {
	case q.user == 0:
		all = q.in(searchedColumns)
	case q.hasKits:
		all = fmt.Sprintf(`(scope : "u%d" AND %s) OR (scope : "k%d" AND %s)`, q.user, q.in(searchedColumns), q.user, q.in(searchedKitColumns))
	default: // this includes handed-over meetings, because the help desk sees them in full
		all = fmt.Sprintf(`scope : ("u%d" OR "k%d") AND %s`, q.user, q.user, q.in(searchedColumns))
	}
	if l.bound != 0 {
		all = fmt.Sprintf(`scope : (%s) AND (%s)`, l.eraTokens(), all)
	}
	return all
}

func (l list) eraTokens() string {
	var tokens []string
	for era := l.eras[0]; era <= l.eras[1]; era++ {
		tokens = append(tokens, fmt.Sprintf(`"e%d"`, era))
	}
	return strings.Join(tokens, " OR ")
}

// in returns an FTS5 expression that matches if all terms occur in the given columns, or
// if the ticket occurs in the external ID.
func (q ftsQuery) in(columns string) string {
	var terms []string
	for _, t := range q.Terms {
		terms = append(terms, ftsTerm(t))
	}
	all := columns + "(" + strings.Join(terms, " AND ") + ")"
	if len(q.Ticket) > 0 {
		all = "external_id : (" + ftsTerm(q.Ticket) + ") OR " + all
	}
	return "(" + all + ")"
}

// ftsTerm returns the FTS5 expression for a term. Each phrase is quoted, because a word may
// be an FTS5 operator. Tokens consist of letters and digits and need no escaping.
func ftsTerm(term search.Term) string {
	var phrases []string
	for _, p := range term {
		phrase := `"` + strings.Join(p.Tokens, " ") + `"`
		if p.Prefix {
			phrase += "*"
		}
		phrases = append(phrases, phrase)
	}
	if len(phrases) == 1 {
		return phrases[0]
	}
	return "(" + strings.Join(phrases, " OR ") + ")"
}

func (sqlite) conditions(l list) []string { return l.fts().conditions() }

func (sqlite) ticketConditions(l list) []string { return tokenConditions(l.words.Ticket) }

// hasToKnow returns 2. FTS5 finds the matches of a single condition in list order, so the
// search can stop when the page is full.
func (sqlite) hasToKnow() int { return 2 }

func (sqlite) fewerMatches(b *binds, condition string, n int) string {
	limit := b.add(n)
	return `SELECT count(*) < ` + limit + ` FROM (SELECT 1 FROM meetings_fts f WHERE f.meetings_fts MATCH ` + b.add(condition) + ` LIMIT ` + limit + `)`
}

func (sqlite) anyMatch(b *binds, l list) string {
	return `SELECT EXISTS (SELECT 1 FROM meetings_fts WHERE meetings_fts MATCH ` + b.add(l.match()) + `)`
}

// isMatch compares the search with the meeting's fields. It does not use the index, because
// FTS5 would read the matches of each word from the beginning for every candidate.
func (sqlite) isMatch(b *binds, l list) string {
	attendees := `SELECT string_agg(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id`
	if l.hasKits {
		attendees += ` AND NOT EXISTS (SELECT 1 FROM meeting_people p WHERE p.user_id = ` + b.add(l.UserID) + ` AND p.meeting_id = m.id AND p.relation = 'handed over')`
	}
	typed := strings.ReplaceAll(l.Text, "\x00", "\uFFFD") // SQLite would truncate the text at U+0000
	return `search_matches(` + b.add(typed) + `, coalesce(m.external_id, ''), m.subject, (SELECT name || ' ' || upn FROM users WHERE id = m.organizer_id), coalesce((` + attendees + `), ''))`
}

func (sqlite) matches(b *binds, l list, limit int) string {
	_, order := l.direction()
	return `SELECT rowid AS id FROM meetings_fts WHERE meetings_fts MATCH ` + b.add(l.match()) + ` AND ` + l.idSQL(b, "rowid") + ` ORDER BY ` + l.matchOrder() + order + ` LIMIT ` + b.add(limit)
}

// matchOrder returns the sort key for a search's matches. FTS5 takes twice as long to read
// many matches backwards, so the few matches of a rare search are sorted instead. The unary
// plus makes SQLite sort them itself.
func (l list) matchOrder() string {
	if l.isRare && l.isDescending() {
		return `+rowid`
	}
	return `rowid`
}
