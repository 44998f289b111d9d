// Package migrations holds the database schema as numbered steps, embedded in
// the binary. It knows nothing of who runs them.
package migrations

import "embed"

// FS holds the steps, NNNN_name.sql, to be run in the order of their numbers.
//
//go:embed *.sql
var FS embed.FS
