// Package graph is the Microsoft Graph client. It reads and writes online meetings,
// retries calls, and classifies failures. It stores nothing, and handles neither sign-in
// nor web pages.
package graph
