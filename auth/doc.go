// Package auth implements the OpenID Connect and OAuth protocols. It builds the URLs to
// which the browser is sent, checks the response with which the browser comes back, and
// refreshes tokens. It stores nothing and knows nothing about cookies, pages or Microsoft
// Graph.
package auth
