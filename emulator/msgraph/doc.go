// Package msgraph is the emulated Microsoft Graph: online meetings, the signed-in user,
// the directory and batches, in v1.0 and beta.
package msgraph
