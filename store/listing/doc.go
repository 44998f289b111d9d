// Package listing finds meetings: the pages of the history, full-text searches,
// look-ups by what a caller reads out, counts and exports. It has connections of its own
// and only reads. Package store writes.
//
// What all database engines share is in files with ordinary names: the criteria, the
// order of a list, the rule for the next page, how far a page looks, and the columns of an
// export. The files sqlite_*.go are SQLite's: each method of the type sqlite runs one
// query, and composes its text from constants. Everything a person typed is a parameter.
package listing
