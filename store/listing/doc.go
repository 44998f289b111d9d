// Package listing finds meetings for the history, searches, counts and exports. It also
// looks up meetings by IDs, and by numbers that are read out over the phone. Its own
// connections are only for reading. Package store runs all transactions that write.
//
// Files whose names begin with sqlite or postgres are for one database engine; the
// interface engine separates them from the rest. The methods of reader run the queries,
// which are composed from constants. Everything that a person types is passed as a
// parameter.
package listing
