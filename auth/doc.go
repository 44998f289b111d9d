// Package auth implements an OpenID Connect and OAuth client. It builds the URLs to which
// the browser is sent, checks the responses, and gets and refreshes tokens. It does not
// write to disk or handle cookies or pages.
package auth
