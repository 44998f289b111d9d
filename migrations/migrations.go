// Package migrations embeds the SQL files that create and change the database schema.
package migrations

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// FS holds the migrations for SQLite. The files are named NNNN_name.sql and run in
// numerical order.
//
//go:embed *.sql
var FS embed.FS

//go:embed postgres/*.sql
var postgres embed.FS

// Postgres returns the migrations for PostgreSQL. The first one creates the schema that
// SQLite has after the migration with the same number. Each later one makes the same
// changes as SQLite's migration with the same number.
func Postgres() fs.FS {
	files, err := fs.Sub(postgres, "postgres")
	if err != nil {
		panic(err) // cannot happen, because the name is valid
	}
	return files
}

// Latest returns the number of the last migration, which is the schema version of this
// program.
func Latest() (latest int) {
	names, _ := fs.Glob(FS, "*.sql") // Glob fails only if the pattern is invalid
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		if n, err := strconv.Atoi(number); err == nil {
			latest = max(latest, n)
		}
	}
	return latest
}

// Compatible is the oldest schema version from which a PostgreSQL database can be migrated
// while desks are running. Programs for that version or a later one keep running until a
// newer program replaces them. A migration may add tables, indexes, and columns with
// defaults. If it makes a change that older programs cannot handle, set Compatible to its
// number. The migration then runs only when all desks have stopped. Migration 37 is the
// latest such migration, because older programs would not record how many rows an import
// has.
const Compatible = 37

// NewerSchemaError means that a newer version of the program has upgraded the database.
// This program might not write all the data that the newer version needs.
type NewerSchemaError struct {
	Schema, Known int64  // the numbers of the last migrations in the database and in this program
	Program       string // the version of the program that upgraded the database
}

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("meetdesk %s has upgraded the database to schema %d, and this version of meetdesk knows only schema %d; start meetdesk %[1]s or a newer version, or restore a backup from before the upgrade",
		e.Program, e.Schema, e.Known)
}
