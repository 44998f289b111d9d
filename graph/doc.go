// Package graph is the Microsoft Graph client. It reads and writes online meetings,
// retries calls, and classifies failures. It stores nothing, and knows nothing about
// sign-in or pages.
package graph
