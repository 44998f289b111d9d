// Package tenant holds what the emulated Entra ID and Graph share: people, applications,
// the clock, the signing key, test settings, and records of meetings and refresh tokens.
//
// The records are kept in the folder Options.Data. If it is "", they exist only in memory.
package tenant
