// Package listing finds meetings: for the pages of the history, for full-text searches,
// for counts and exports, and by an ID or number that somebody reads out on the phone. It
// uses its own connections and only reads. Package store does all the writing.
//
// Files whose names do not begin with sqlite or postgres contain everything that does not
// depend on the database engine: the criteria, the order of a list, the rule for the next
// page, the number of candidates that a page examines, the columns of an export, and most
// of the SQL. The interface engine separates them from the files whose names begin with
// sqlite or postgres. Each method of reader runs one query, whose text is composed from
// constants. Everything that a person typed is passed as a parameter.
package listing
