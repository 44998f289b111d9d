// Package entra is the emulated Entra ID: discovery, sign-in, tokens and sign-out for one
// tenant.
//
// The module zitadel/oidc parses and checks OpenID Connect requests. This package
// enforces the rules that Microsoft adds, and issues the tokens.
package entra
