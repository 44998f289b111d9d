package listing

import (
	"fmt"
	"strings"

	"meetdesk/search"
)

// ftsQuery turns a search into FTS5 expressions that match only meetings that a person
// may see.
type ftsQuery struct {
	search.Query
	user    int64 // the person whose meetings are searched; 0 to search everybody's
	hasKits bool  // whether to leave out the attendees of meetings that were handed over to the person
}

// fts returns the list's search for FTS5. UserID must not be 0 unless the list shows
// everybody's meetings.
func (l list) fts() ftsQuery {
	if l.Everyone {
		return ftsQuery{Query: l.words}
	}
	return ftsQuery{Query: l.words, user: l.UserID, hasKits: l.hasKits}
}

// The columns that are searched for typed words. The value of the column scope must come
// from the session, never from what the person typed.
const (
	searchedColumns    = `{external_id subject organizer attendees} : `
	searchedKitColumns = `{external_id subject organizer} : `
)

// conditions does not limit the terms to any column, because counting their matches is
// faster that way.
func (q ftsQuery) conditions() (list []string) {
	if q.user != 0 {
		list = append(list, fmt.Sprintf(`scope : ("u%d" OR "k%d")`, q.user, q.user))
	}
	for _, t := range q.Terms {
		list = append(list, ftsTerm(t))
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
		all = fmt.Sprintf(`scope : ("e%d" OR "e%d") AND (%s)`, l.eras[0], l.eras[1], all)
	}
	return all
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
		all = q.ticketCondition() + " OR " + all
	}
	return "(" + all + ")"
}

func (q ftsQuery) ticketCondition() string { return "external_id : (" + ftsTerm(q.Ticket) + ")" }

// ftsTerm returns the FTS5 expression for a term. Phrases are in quotes, because FTS5
// would mistake some words for operators.
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

func (sqlite) ticketCondition(l list) string { return l.fts().ticketCondition() }

// hasToKnow returns 2, because FTS5 finds the matches of a single condition in the order
// of the list.
func (sqlite) hasToKnow() int { return 2 }

func (sqlite) fewerMatches(b *binds, condition string, n int) string {
	limit := b.add(n)
	return `SELECT count(*) < ` + limit + ` FROM (SELECT 1 FROM meetings_fts f WHERE f.meetings_fts MATCH ` + b.add(condition) + ` LIMIT ` + limit + `)`
}

func (sqlite) anyMatch(b *binds, l list) string {
	return `SELECT EXISTS (SELECT 1 FROM meetings_fts WHERE meetings_fts MATCH ` + b.add(l.match()) + `)`
}

func (sqlite) isMatch(b *binds, l list) string {
	return `EXISTS (SELECT 1 FROM meetings_fts WHERE meetings_fts MATCH ` + b.add(l.match()) + ` AND rowid = m.id)`
}

func (sqlite) matches(b *binds, l list, limit int) string {
	_, order := l.direction()
	return `SELECT rowid AS id FROM meetings_fts WHERE meetings_fts MATCH ` + b.add(l.match()) + ` AND ` + l.idSQL(b, "rowid") + ` ORDER BY ` + l.matchOrder() + order + ` LIMIT ` + b.add(limit)
}

// matchOrder returns the sort key for a search's matches. FTS5 takes twice as long to
// read many matches backwards, so the few matches of a rare search are sorted instead.
// The plus sign keeps SQLite from asking FTS5 for the order.
func (l list) matchOrder() string {
	if l.isRare && l.isDescending() {
		return `+rowid`
	}
	return `rowid`
}
