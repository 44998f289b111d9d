// Package auth implements OpenID Connect and OAuth. It builds the URLs to which the
// browser is sent, checks the responses, and gets and refreshes tokens. It does not write
// to disk, and does not handle cookies or pages.
package auth
