package backup_test

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"
	"testing"

	"meetdesk/store/sqlitedb"
)

// records maps the tables of a database, except the full-text index, to their contents.
type records map[string]content

type content struct {
	columns []string
	rows    []string // sorted; the values are SQL literals
}

// onPurpose lists the changes to existing rows that an upgrade, a restore or a start of the
// desk is expected to make.
var onPurpose = []struct {
	table, column string // column is "" for the whole table
	before        int    // the number of the migration that makes the change; 0 if no migration does
	now           string // an SQL expression for the same value after the upgrade
	why           string
}{
	{"imports", "", 13, "", "migration 13 drops tables to which no program had written"},
	{"import_rows", "", 13, "", "migration 13 drops tables to which no program had written"},
	{"import_rows", "extra", 35, `(SELECT e.cells FROM import_extras e WHERE e.import_id = import_rows.import_id AND e.position = import_rows.position)`, "migration 35 moves the cells to another table"},
	{"index_rules", "", 0, "", "the start records by which rules it writes the full-text index"},
	{"next_ids", "meeting", 0, `(min(meeting, 1001))`, "a restore raises the number, which sqlitetest.Fill sets to 1001"},
	{"goose_db_version", "", 0, "", "the migrations write it"},
}

// added maps tables to SQL conditions for the rows that an upgrade, a restore or a start
// of the desk adds.
var added = map[string]string{
	"sqlite_sequence": `name = 'goose_db_version' OR seq < 100`, // databaseWithSchema raises the others
	"upgrades":        `program = '1.2.3'`,
	"audit":           `action = 'restored'`,
	"index_queue":     `organizer_id = 0`,
}

func readRecords(t *testing.T, path string) records {
	t.Helper()
	db := openFile(t, path)
	const q = `SELECT t.name || ',' || group_concat(c.name ORDER BY c.cid) FROM sqlite_schema t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'meetings_fts%' GROUP BY t.name`
	all := make(records)
	for _, names := range texts(t, db, q) {
		table, columns, _ := strings.Cut(names, ",")
		all[table] = content{columns: strings.Split(columns, ",")}
	}
	for table, c := range all {
		all[table] = content{c.columns, readRows(t, db, table, c.columns)}
	}
	return all
}

// readRows returns the rows of the table except those that match its condition in added.
func readRows(t *testing.T, db *sql.DB, table string, expressions []string) []string {
	t.Helper()
	rows := texts(t, db, `SELECT concat_ws(', ', quote(`+strings.Join(expressions, `), quote(`)+`)) FROM `+table+` WHERE NOT (`+cmp.Or(added[table], `0`)+`)`)
	slices.Sort(rows)
	return rows
}

func openFile(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sqlitedb.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func texts(t *testing.T, db *sql.DB, q string) []string {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	list, err := sqlitedb.Texts(t.Context(), c, q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return list
}

// kept checks that the upgraded database still contains all rows and values, apart from
// the changes in onPurpose.
func (before records) kept(t *testing.T, path string, schema int) {
	t.Helper()
	now, db := readRecords(t, path), openFile(t, path)
	for table, old := range before {
		if len(old.rows) == 0 && table != "retention" && table != "sqlite_sequence" {
			t.Errorf("the test has no row for %s", table)
		}
		expressions, excused := slices.Clone(old.columns), false
		for _, c := range onPurpose {
			switch at := slices.Index(expressions, c.column); {
			case c.table != table || c.before != 0 && schema >= c.before:
			case c.column == "":
				excused = true
			case at >= 0:
				expressions[at] = c.now
			}
		}
		if excused {
			continue
		}
		if missing := slices.DeleteFunc(slices.Clone(expressions), func(e string) bool {
			return strings.HasPrefix(e, "(") || slices.Contains(now[table].columns, e)
		}); len(missing) > 0 {
			t.Errorf("%s: the upgrade lost the columns %q", table, missing)
			continue
		}
		if rows := readRows(t, db, table, expressions); !slices.Equal(rows, old.rows) {
			t.Errorf("%s (%s) after the upgrade:\n%s\nwant\n%s", table, strings.Join(old.columns, ", "), strings.Join(rows, "\n"), strings.Join(old.rows, "\n"))
		}
	}
}
