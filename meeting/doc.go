// Package meeting defines the domain language of the desk: meetings, requests, attendees,
// attempts, users and roles, the rules for tickets and times, and errors that can be shown
// to people. It sends no requests, runs no SQL and does not parse Graph's JSON.
package meeting
