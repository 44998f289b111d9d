// Package entra is the emulated Entra ID: discovery, sign-in, tokens and
// sign-out for one tenant.
//
// The module zitadel/oidc parses and checks the requests of OpenID Connect. The
// rules that Microsoft adds are checked here, and the tokens are made here. No
// other package of the emulator imports that module.
package entra
