// Package migrations embeds the SQL files that create and change the database schema.
package migrations

import "embed"

// FS holds the migrations, which are named NNNN_name.sql. They run in the order of their
// numbers.
//
//go:embed *.sql
var FS embed.FS
