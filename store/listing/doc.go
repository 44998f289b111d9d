// Package listing finds meetings for the history, searches, counts and exports. It also
// looks up meetings by IDs, and by numbers that are read out on the phone. Its own
// connections only read. Package store runs all transactions that write.
//
// Files whose names begin with sqlite or postgres are for one database engine; the
// interface engine separates them from the rest. The methods of reader run the queries,
// which are composed from constants. Everything that a person typed is passed as a
// parameter.
package listing
