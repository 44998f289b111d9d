// Package tenant holds what the emulated Entra ID and Graph share: the people, the
// registered applications, the clock, the signing key, the settings that a test
// changes, and the records of meetings and refresh tokens.
//
// The records live in a folder, or in memory if there is none. The package
// sends no responses; entra, msgraph and control do that.
package tenant
