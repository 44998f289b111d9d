// Package auth implements the protocols OpenID Connect and OAuth. It decides where to
// send the browser, reads the response that the browser brings back, and refreshes
// tokens. It stores nothing and knows nothing about cookies, pages or Microsoft Graph.
package auth
