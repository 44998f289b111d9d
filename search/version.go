package search

// IndexVersion is the version of the rules by which meetings are indexed: IndexText, Fold
// and meeting.TicketKey. The database has the version with which its index was written,
// and a store that knows another one reindexes every meeting. Raise it when a rule
// changes; a test fails otherwise.
const IndexVersion = 1
