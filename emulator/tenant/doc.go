// Package tenant holds what the emulated Entra ID and Graph share: people, applications,
// the clock, the signing key, the settings of a test, and records of meetings and refresh
// tokens.
//
// The records live in a folder, or in memory if there is none.
package tenant
