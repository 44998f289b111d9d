// Package entra emulates Entra ID for one tenant: discovery, sign-in, tokens and
// sign-out.
//
// The module zitadel/oidc parses and checks OpenID Connect requests. This package
// enforces Microsoft's additional rules and issues the tokens.
package entra
