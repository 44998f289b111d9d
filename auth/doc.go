// Package auth is OpenID Connect and OAuth as protocol only: where to send the
// browser, what came back with it, and fresh tokens. It stores nothing, and knows
// nothing of cookies, pages or Microsoft Graph.
package auth
