// Package graph is the Microsoft Graph client. It reads and writes online meetings,
// retries calls, and classifies failures. It stores neither tokens nor history, and
// knows nothing about sign-in, the database or pages.
package graph
