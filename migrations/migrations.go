// Package migrations embeds the SQL files that create and change the database schema.
package migrations

import (
	"embed"
	"io/fs"
	"strconv"
	"strings"
)

// FS holds the migrations. Their names have the form NNNN_name.sql, and they run in
// numerical order.
//
//go:embed *.sql
var FS embed.FS

// Latest returns the number of the last migration, which is the schema of this program.
func Latest() (latest int) {
	names, _ := fs.Glob(FS, "*.sql") // the pattern is valid
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		if n, err := strconv.Atoi(number); err == nil {
			latest = max(latest, n)
		}
	}
	return latest
}
