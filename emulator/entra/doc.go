// Package entra is the emulated Entra ID: discovery, sign-in, tokens and sign-out for one
// tenant.
//
// The module zitadel/oidc parses and checks the requests of OpenID Connect. This package
// checks the rules that Microsoft adds, and makes the tokens. It is the only package of
// the emulator that imports zitadel/oidc.
package entra
