package enginetest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"meetdesk/store/postgrestest"
)

// Refuse makes writes of the given kind (such as INSERT) to the table fail with the
// message. Writes fail only for rows that meet the SQL condition, which refers to a row
// as "new", or for all rows if the condition is empty. Allow undoes Refuse.
func Refuse(t testing.TB, db execer, kind, table, when, message string) {
	t.Helper()
	if when != "" {
		when = "WHEN (" + when + ")"
	}
	if !postgrestest.Wanted() {
		execute(t, db, fmt.Sprintf(`CREATE TRIGGER refuse_%s BEFORE %s ON %s %s BEGIN SELECT RAISE(ABORT, '%s'); END`, table, kind, table, when, message))
		return
	}
	execute(t, db, `CREATE OR REPLACE FUNCTION refuse_in_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$`)
	execute(t, db, fmt.Sprintf(`CREATE TRIGGER refuse_%s BEFORE %s ON %s FOR EACH ROW %s EXECUTE FUNCTION refuse_in_test('%s')`, table, kind, table, when, message))
}

// Allow removes the trigger that Refuse created for the table.
func Allow(t testing.TB, db *sql.DB, table string) {
	t.Helper()
	q := `DROP TRIGGER refuse_` + table
	if postgrestest.Wanted() {
		q += ` ON ` + table
	}
	execute(t, db, q)
}

// Tables returns the names of the tables that store the desk's data. With SQLite, these
// include most of the shadow tables of the full-text index.
func Tables(t testing.TB, db *sql.DB) []string {
	t.Helper()
	q := `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE '%_config'`
	if postgrestest.Wanted() {
		q = `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'`
	}
	return Texts(t, db, q)
}

// NumberWrites prepares the database for RefuseWrite. It creates triggers that record each
// write to the desk's tables in a new table, test_writes. Writes that are rolled back are
// not recorded.
func NumberWrites(t testing.TB, db *sql.DB) {
	t.Helper()
	tables := Tables(t, db)
	execute(t, db, `CREATE TABLE test_writes (name TEXT)`)
	execute(t, db, `CREATE TABLE test_refused (number INTEGER)`)
	execute(t, db, `INSERT INTO test_refused VALUES (0)`)
	if postgrestest.Wanted() {
		execute(t, db, `CREATE FUNCTION number_in_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO test_writes VALUES (TG_OP || ' ' || TG_TABLE_NAME);
			IF (SELECT count(*) FROM test_writes) = (SELECT number FROM test_refused) THEN RAISE EXCEPTION 'the disk is full'; END IF;
			IF TG_OP = 'DELETE' THEN RETURN old; END IF;
			RETURN new; END $$`)
	}
	for _, table := range tables {
		// SQLite's full-text index cannot have triggers. However, each write to it also
		// changes the meetings_fts_docsize table.
		if strings.HasPrefix(table, "meetings_fts_") && table != "meetings_fts_docsize" {
			continue
		}
		for _, kind := range []string{"INSERT", "UPDATE", "DELETE"} {
			q := `CREATE TRIGGER test_%[1]s_%[2]s BEFORE %[2]s ON %[1]s BEGIN
				INSERT INTO test_writes VALUES ('%[2]s %[1]s');
				SELECT RAISE(ABORT, 'the disk is full') WHERE (SELECT count(*) FROM test_writes) = (SELECT number FROM test_refused); END`
			if postgrestest.Wanted() {
				q = `CREATE TRIGGER test_%[1]s_%[2]s BEFORE %[2]s ON %[1]s FOR EACH ROW EXECUTE FUNCTION number_in_test()`
			}
			execute(t, db, fmt.Sprintf(q, table, kind))
		}
	}
}

// RefuseWrite makes the write with the given number fail with "the disk is full". The
// first write after NumberWrites has the number 1.
func RefuseWrite(t testing.TB, db *sql.DB, number int) {
	t.Helper()
	execute(t, db, fmt.Sprintf(`UPDATE test_refused SET number = %d`, number))
}

// Blob returns an SQL literal for the bytes given in hexadecimal.
func Blob(hexadecimal string) string {
	if postgrestest.Wanted() {
		return `'\x` + hexadecimal + `'::bytea`
	}
	return `x'` + hexadecimal + `'`
}

// RandomText returns an SQL expression for random hexadecimal digits that differ for each
// row. The length must be a multiple of 32, and the table must have a column named id.
func RandomText(length int) string {
	if postgrestest.Wanted() {
		return fmt.Sprintf(`(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, %d) WHERE id IS NOT NULL)`, length/32)
	}
	return fmt.Sprintf(`hex(randomblob(%d))`, length/2)
}

// Dump returns the content of the tables listed by Tables, as text.
func Dump(t testing.TB, db *sql.DB) string {
	t.Helper()
	var text strings.Builder
	for _, table := range Tables(t, db) {
		var rows []string
		if postgrestest.Wanted() {
			rows = Texts(t, db, `SELECT r::text FROM `+table+` r`)
		} else {
			columns := Texts(t, db, fmt.Sprintf(`SELECT 'quote("' || name || '")' FROM pragma_table_info('%s')`, table))
			rows = Texts(t, db, fmt.Sprintf(`SELECT %s FROM %s`, strings.Join(columns, ` || ' ' || `), table))
		}
		slices.Sort(rows)
		fmt.Fprintf(&text, "%s\n%s\n", table, strings.Join(rows, "\n"))
	}
	return text.String()
}

// Texts returns the values of the query's only column.
func Texts(t testing.TB, db *sql.DB, q string) (list []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// NumberFromOne resets the numbering of an empty table, so that the ID of its next row
// is 1.
func NumberFromOne(t testing.TB, db *sql.DB, table string) {
	t.Helper()
	if postgrestest.Wanted() {
		execute(t, db, `ALTER TABLE `+table+` ALTER COLUMN id RESTART`)
		return
	}
	execute(t, db, `DELETE FROM sqlite_sequence WHERE name = '`+table+`'`)
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func execute(t testing.TB, db execer, q string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}
