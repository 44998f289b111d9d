package backup_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"meetdesk/store/sqlitedb"
)

// records maps each table of a database to its content, apart from the full-text index.
type records map[string]content

type content struct {
	columns []string
	rows    []string // sorted; each has the values of the columns as SQL literals
}

// onPurpose lists what an upgrade or the start after it changes in existing tables.
var onPurpose = []struct {
	table, column string // column is "" for the whole table
	before        int    // the number of the migration that makes the change; 0 if it is not a migration
	now           string // the SQL expression that has the value now; "" if the value is gone
	why           string
}{
	{"imports", "", 13, "", "migration 13 drops tables to which no program had written"},
	{"import_rows", "", 13, "", "migration 13 drops tables to which no program had written"},
	{"import_rows", "extra", 35, `(SELECT e.cells FROM import_extras e WHERE e.import_id = import_rows.import_id AND e.position = import_rows.position)`, "migration 35 moves the cells to another table"},
	{"index_rules", "", 0, "", "the start records by which rules it writes the full-text index"},
	{"next_ids", "", 0, "", "a restore raises the number; TestNumbersOfLostRecordsStayFree checks it"},
	{"goose_db_version", "", 0, "", "the migrations write it"},
}

// added has conditions for the rows that an upgrade, a restore or the start adds.
var added = map[string]string{
	"sqlite_sequence": `name = 'goose_db_version' OR seq < 100`, // databaseWithSchema raises the others
	"upgrades":        `program = '1.2.3'`,
	"audit":           `action = 'restored'`,
	"index_queue":     `organizer_id = 0`,
}

func readRecords(t *testing.T, path string) records {
	t.Helper()
	const q = `SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'meetings_fts%' ORDER BY t.name, c.cid`
	all := make(records)
	for _, row := range selectRows(t, path, q) {
		table, column, _ := strings.Cut(row, "|")
		all[table] = content{columns: append(all[table].columns, column)}
	}
	for table, c := range all {
		all[table] = content{c.columns, readRows(t, path, table, c.columns)}
	}
	return all
}

// readRows returns the rows of the table that no upgrade adds.
func readRows(t *testing.T, path, table string, expressions []string) []string {
	t.Helper()
	q := `SELECT concat_ws(', ', quote(` + strings.Join(expressions, `), quote(`) + `)), '' FROM ` + table
	rows := selectRows(t, path, q+` WHERE NOT (`+cmp.Or(added[table], `0`)+`)`)
	slices.Sort(rows)
	return rows
}

// selectRows returns two columns, separated by a vertical bar.
func selectRows(t *testing.T, path, q string) (list []string) {
	t.Helper()
	db, err := sqlitedb.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	for rows.Next() {
		var first, second string
		if err := rows.Scan(&first, &second); err != nil {
			t.Fatal(err)
		}
		list = append(list, first+"|"+second)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// kept checks that the upgraded database has all rows with all their values, except for what
// is changed on purpose.
func (before records) kept(t *testing.T, path string, schema int) {
	t.Helper()
	now := readRecords(t, path)
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
		if rows := readRows(t, path, table, expressions); !slices.Equal(rows, old.rows) {
			t.Errorf("%s (%s) after the upgrade:\n%s\nwant\n%s", table, strings.Join(old.columns, ", "), strings.Join(rows, "\n"), strings.Join(old.rows, "\n"))
		}
	}
}
