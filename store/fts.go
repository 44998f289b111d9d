package store

import (
	"fmt"
	"strings"

	"meetdesk/search"
)

// ftsQuery is a search as FTS5 expressions, limited to the meetings that one person may
// see.
type ftsQuery struct {
	search.Query
	user int64 // whose meetings; 0 for everybody's
	kits bool  // the attendees of meetings that were handed over are not searched
}

// The columns that a person's words may match. The column scope is not among them,
// because the scope comes from the session alone.
const (
	searchedColumns    = `{external_id subject organizer attendees} : `
	searchedKitColumns = `{external_id subject organizer} : `
)

// conditions returns the parts of the search that each row must meet. They name no
// columns, because counting their matches is faster that way.
func (q ftsQuery) conditions() (list []string) {
	if q.user != 0 {
		list = append(list, fmt.Sprintf(`scope : ("u%d" OR "k%d")`, q.user, q.user))
	}
	for _, t := range q.Terms {
		list = append(list, ftsTerm(t))
	}
	return list
}

// match returns the whole search, with one more condition unless that is "".
func (q ftsQuery) match(more string) string {
	var all string
	switch {
	case q.user == 0:
		all = q.in(searchedColumns)
	case q.kits:
		all = fmt.Sprintf(`(scope : "u%d" AND %s) OR (scope : "k%d" AND %s)`, q.user, q.in(searchedColumns), q.user, q.in(searchedKitColumns))
	default: // including kits, which a help desk sees in full
		all = fmt.Sprintf(`scope : ("u%d" OR "k%d") AND %s`, q.user, q.user, q.in(searchedColumns))
	}
	if more != "" {
		all = more + " AND (" + all + ")"
	}
	return all
}

// in returns the condition that all terms are in the columns, or that the ticket is the
// external ID.
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

// ftsTerm returns the FTS5 expression of a term. Each phrase is in quotes, so that no word
// is an operator. Tokens contain no quotes: they are letters and digits.
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
