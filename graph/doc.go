// Package graph is a client for Microsoft Graph. It reads and writes online meetings,
// retries calls, and classifies failures. The caller is responsible for sign-in and
// storage.
package graph
