// Package msgraph emulates parts of Microsoft Graph, both v1.0 and beta: online meetings,
// the signed-in user, the directory and batches.
package msgraph
