// Package meeting is the language of the desk: meetings, requests, attendees,
// attempts and their outcomes, users and roles, the rules of tickets and times,
// and errors that a person may read. It imports the standard library only and
// knows nothing of HTTP, SQL or Microsoft Graph's JSON.
package meeting
