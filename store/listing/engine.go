package listing

// engine contains the parts of lists that differ between SQLite and PostgreSQL, including
// the full-text index. Files whose names begin with an engine's name implement it.
type engine interface {
	// bind returns the placeholder for parameter number n, which has the given value.
	bind(n int, value any) string
	// least and greatest return the names of the SQL functions that return the least and
	// the greatest of their arguments.
	least() string
	greatest() string
	// listOf returns an SQL expression that evaluates another expression, text, for each
	// attendee of a meeting. It joins the results with the separator, in the attendees'
	// order.
	listOf(text, separator string) string
	// each returns an SQL expression for a table with the given name. The table has one
	// column, named value, and one row for each of the given values. The whole list is a
	// single parameter, so the statement does not depend on its length.
	each(b *binds, values any, as string) string
	// useIndex returns the clause that makes the engine use the index. The clause follows
	// the table name.
	useIndex(name string) string
	// inOrder returns the operator that joins a subquery to a table in the subquery's
	// order. The statement must end with the clause that the sorted method returns.
	inOrder() string
	sorted(by string) string
	// joinMeetings returns a join that finds the meeting m for each row of a subquery, by
	// the ID in the given column. The rows keep their order if the statement ends with the
	// clause that the sorted method returns.
	joinMeetings(column string) string

	// matches returns a query for the IDs of the meetings that match the list's search, in
	// list order and up to the given limit.
	matches(b *binds, l list, limit int) string
	// ownByStart returns a query for the IDs of the meetings that one person may see, sorted
	// by start and up to the given limit. inRange returns the condition that they must meet.
	// The query merges two others, each in the order of an index: one for the meetings that
	// the person organizes, and one for the others that the person may see.
	ownByStart(b *binds, l list, inRange func(startColumn, idColumn string) string, limit int) string
	// isMatch returns an SQL condition that is met if the meeting m matches the list's
	// search.
	isMatch(b *binds, l list) string
	// anyMatch returns a query that reports whether any meeting matches the list's search.
	anyMatch(b *binds, l list) string

	// conditions returns the conditions that every result of the list's search must meet.
	// Results that match the search's ticket are an exception: they must meet the
	// conditions that ticketConditions returns. fewerMatches returns a query that reports
	// whether fewer than n meetings match a condition. The query must not read many more
	// than n matches.
	conditions(l list) []string
	ticketConditions(l list) []string
	fewerMatches(b *binds, condition string, n int) string
	// hasToKnow returns the smallest number of conditions for which a search must determine
	// whether one of them is rare; see limitSearch.
	hasToKnow() int

	// inThreads returns a query for the IDs of the meetings in the given threads.
	inThreads(b *binds, threads []thread) string
}

// binds collects the parameters of a statement and numbers their placeholders.
type binds struct {
	values []any
	engine engine
}

func (b *binds) add(value any) string {
	b.values = append(b.values, value)
	return b.engine.bind(len(b.values), value)
}
