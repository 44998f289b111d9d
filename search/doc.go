// Package search interprets the text that users enter to find a meeting.
//
// Recognize finds identifiers such as tickets, links and meeting IDs. Parse turns text
// into a full-text Query, which the store translates for its database engine. Explain
// must find the same matches as the database engine, because it reports which parts of a
// meeting matched.
//
// The package is independent of SQL and HTTP.
package search
