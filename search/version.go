package search

// IndexVersion is the version of the rules by which meetings are indexed: IndexText, Fold
// and meeting.TicketKey. The database records the version with which its index was
// written. If the two versions differ, the store reindexes every meeting. Increase
// IndexVersion whenever a rule changes; otherwise TestIndexVersion fails.
const IndexVersion = 4
