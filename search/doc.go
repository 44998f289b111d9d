// Package search interprets what people type or paste to find a meeting.
//
// Recognize finds the identifiers in a text, such as tickets, links and meeting IDs. Parse
// turns the text into a full-text Query. The store translates a Query for its database
// engine, and Explain reports which parts of a meeting matched it, so both have to follow
// the same rules.
//
// The package knows neither SQL nor HTTP.
package search
