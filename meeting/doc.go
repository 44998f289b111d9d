// Package meeting defines the domain language of the desk: meetings, requests, attendees,
// attempts and their outcomes, users and roles, the rules for tickets and times, and
// errors that a person may read. It imports only the standard library and knows nothing
// about HTTP, SQL or the JSON of Microsoft Graph.
package meeting
