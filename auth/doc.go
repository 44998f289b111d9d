// Package auth implements OpenID Connect and OAuth. It builds the URLs to which the
// browser is sent, checks the responses, and gets and refreshes tokens. It writes nothing
// to disk and knows nothing about cookies or pages.
package auth
