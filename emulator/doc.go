// Package emulator stands in for Microsoft Entra ID and Microsoft Graph behind
// one http.Handler, so that a demo or a test talks to something that behaves
// like the real thing, down to its errors.
//
// It owns the people, their consents and tokens, and the online meetings. It
// keeps them in a folder, or in memory when there is none. zitadel/oidc reads and
// checks the requests of OpenID Connect; what Microsoft adds to it, and the
// tokens, are made here.
//
// It must not know the desk: nothing of this module is imported, for a peer
// that shared the desk's types would also share its misreadings.
package emulator
