package store_test

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meetdesk/store/postgresdb"
	"meetdesk/store/postgrestest"
	"meetdesk/store/sqlitedb"
	"meetdesk/store/sqlitetest"
)

// Both engines have the same tables and columns, apart from the full-text index and
// SQLite's filler table.
func TestSchemasAreTheSame(t *testing.T) {
	t.Parallel()
	address, err := postgresdb.Parse(postgrestest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	postgres := address.OpenReader()
	defer postgres.Close()
	path := filepath.Join(t.TempDir(), "empty.db")
	sqlitetest.WriteEmpty(t, path)
	sqlite, err := sqlitedb.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer sqlite.Close()
	const (
		ofSQLite = `SELECT t.name, c.name, c.type, c."notnull" OR c.pk > 0 FROM sqlite_schema t JOIN pragma_table_info(t.name) c
			WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT IN ('goose_db_version', 'filler')`
		ofPostgres = `SELECT table_name, column_name, data_type, is_nullable = 'NO' FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name <> 'goose_db_version'`
	)
	want, got := readSchema(t, sqlite, ofSQLite), readSchema(t, postgres, ofPostgres)
	for _, column := range slices.Sorted(maps.Keys(want)) {
		if got[column] != want[column] {
			t.Errorf("%s is %q in SQLite and %q in PostgreSQL", column, want[column], got[column])
		}
		delete(got, column)
	}
	for _, column := range slices.Sorted(maps.Keys(got)) {
		t.Errorf("SQLite has no %s", column)
	}
}

// readSchema returns SQLite's name for the type of each column, with NOT NULL where
// applicable. It skips the full-text index.
func readSchema(t *testing.T, db *sql.DB, q string) map[string]string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns := make(map[string]string)
	for rows.Next() {
		var (
			table, name, kind string
			notNull           bool
		)
		if err := rows.Scan(&table, &name, &kind, &notNull); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(table, "meetings_fts") {
			continue
		}
		kind = cmp.Or(map[string]string{"bigint": "INTEGER", "boolean": "INTEGER", "text": "TEXT", "bytea": "BLOB"}[kind], kind)
		if notNull {
			kind += " NOT NULL"
		}
		columns[table+"."+name] = kind
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return columns
}
