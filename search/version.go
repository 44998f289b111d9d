package search

// IndexVersion is the version of the indexing rules: IndexText, Fold and
// meeting.TicketKey. If the database records a different version, the store reindexes
// every meeting. Increase IndexVersion whenever a rule changes; otherwise TestIndexVersion
// fails.
const IndexVersion = 4
