package search

// IndexVersion is the version of the rules by which meetings are indexed: IndexText, Fold
// and meeting.TicketKey. The database records the version with which its index was
// written. If that is not this version, the store reindexes every meeting. Increase it
// whenever a rule changes; otherwise TestIndexVersion fails.
const IndexVersion = 4
