// Package auth implements the protocols OpenID Connect and OAuth: where to send the
// browser, what it brings back, and how to refresh tokens. It stores nothing and knows
// nothing about cookies, pages or Microsoft Graph.
package auth
