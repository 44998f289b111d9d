// Package listing finds meetings for the history, searches, counts and exports. It also
// looks up meetings by ID and by phone number. Its database connections are read-only;
// package store runs all transactions that write.
//
// Files whose names begin with sqlite or postgres are specific to that database engine;
// the engine interface separates them from the rest. The methods of reader run the
// queries, which are composed from constants. User input is always passed as a parameter.
package listing
