// Package tenant implements the state shared by the emulated Entra ID and Graph: people,
// applications, the clock, the signing key, test settings, and records of meetings and
// refresh tokens.
//
// The records are stored in the folder that is set in Options.Data. If Options.Data is "",
// they are kept only in memory.
package tenant
