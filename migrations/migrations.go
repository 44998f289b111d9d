// Package migrations embeds the SQL files that create and change the database schema.
package migrations

import "embed"

// FS holds the migrations. Their names have the form NNNN_name.sql, and they run in
// numerical order.
//
//go:embed *.sql
var FS embed.FS
