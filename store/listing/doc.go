// Package listing finds meetings: for the pages of the history, for full-text searches,
// for counts and exports, and by an ID or number that somebody reads out on the phone. It
// has its own connections and only reads. Package store does all the writing.
//
// Files with ordinary names contain what does not depend on the database engine: the
// criteria, the order of a list, the rule for the next page, the number of candidates
// that a page examines, and the columns of an export. The interface engine separates them
// from the files sqlite_*.go, which contain what only SQLite needs. Each method of an
// engine runs one query, whose text it composes from constants. Everything that a person
// typed is passed as a parameter.
package listing
