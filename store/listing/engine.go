package listing

// engine contains the parts of lists that differ between SQLite and PostgreSQL: parts of
// statements, and everything about the full-text index. The files of this package whose
// names begin with an engine's name are for that engine. All other files are the same for
// both.
type engine interface {
	// bind returns the placeholder for parameter number n, which has the given value.
	bind(n int, value any) string
	// least and greatest return the names of the SQL functions that return the least and
	// the greatest of their arguments.
	least() string
	greatest() string
	// listOf returns an SQL expression that joins the texts of a meeting's attendees, in
	// the order of the attendees and with the separator in between.
	listOf(text, separator string) string
	// each returns an SQL expression for a table with the given name. The table has one
	// row for each of the values, in the column value. The values are passed as one
	// parameter, so the statement does not depend on their number.
	each(b *binds, values any, as string) string
	// useIndex returns the clause that makes the engine use the index with the given name.
	// It belongs after the name of the table.
	useIndex(name string) string
	// inOrder returns the operator that joins a subquery to a table so that the result
	// keeps the order of the subquery. The statement must end with the clause that sorted
	// returns.
	inOrder() string
	sorted(by string) string

	// matches returns a query for the IDs of the meetings that match the list's search, at
	// most limit of them, in the order of the list.
	matches(b *binds, l list, limit int) string
	// ownByStart returns a query for the IDs of the meetings that one person may see and
	// that meet the condition, at most limit of them, in the order of their starts.
	ownByStart(b *binds, l list, where string, limit int) string
	// isMatch returns an SQL condition that is met if the meeting m matches the list's
	// search.
	isMatch(b *binds, l list) string
	// anyMatch returns a query that reports whether any meeting matches the list's search.
	anyMatch(b *binds, l list) string

	// conditions returns the conditions that every result of the list's search must meet.
	// ticketCondition returns the condition for the search's ticket. fewerMatches returns
	// a query that reports whether fewer than n meetings match such a condition.
	conditions(l list) []string
	ticketCondition(l list) string
	fewerMatches(b *binds, condition string, n int) string
	// hasToKnow returns the minimum number of conditions with which a search has to know
	// whether one of them is rare.
	hasToKnow() int

	// inThreads returns a query for the IDs of the meetings in the threads.
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
