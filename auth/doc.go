// Package auth implements OpenID Connect and OAuth. It builds the URLs to which the
// browser is sent, checks the responses, and refreshes tokens. It stores nothing and
// knows nothing about cookies, pages or Microsoft Graph.
package auth
