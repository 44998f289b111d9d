package sqlitetest

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// values contains SQL expressions for columns whose values must have a certain form. In the
// expressions, i is the row number, starting at 1.
var values = map[string]string{
	"users.time_zone":         `'Europe/Lisbon'`,
	"users.language":          `'pt-BR'`,
	"meetings.external_id":    `printf('INC%04d', i)`,
	"meetings.ticket_key":     `'inc' || i`,
	"meetings.subject":        `'Søren''s printer ' || i`,
	"meetings.time_zone":      `'Europe/Lisbon'`,
	"meetings.version":        `i`,
	"attempts.asked":          `iif(i % 2, '{"subject":"Asked"}', '{}')`,
	"attempts.asked_packed":   `iif(i % 2, NULL, x'030000010200FDFF7B7D')`, // {}, see store/reply_pack.go
	"replies.body":            `iif(i % 2, '{"id":"AAMk"}', '')`,
	"replies.packed":          `iif(i % 2, NULL, x'01010200FDFF7B7D')`, // {}
	"imports.time_zone":       `'Europe/Lisbon'`,
	"import_rows.asked":       `'{"subject":"Asked"}'`,
	"import_rows.form":        `'ticket=INC' || i`,
	"import_rows.extra":       `json_array('Cell ' || i)`,
	"import_rows.request":     `'{"externalId":"INC' || i || '"}'`,
	"import_rows.args":        `'{"ID":"' || i || '"}'`,
	"audit.meeting_id":        `i`, // not a foreign key since migration 27
	"import_extras.cells":     `json_array('Cell ' || i)`,
	"retention_tasks.subject": `'{}'`,
	"upgrades.schema":         `i`,
}

// leftOut maps the names of the tables that Fill skips to the reasons.
var leftOut = map[string]string{
	"goose_db_version": "the migrations write it",
	"index_rules":      "its row says which program wrote the full-text index",
	"retention":        "it has rows only during a transaction",
}

// settled lists the states that Fill does not use, because a desk changes them whenever it
// starts.
var settled = map[string]string{"attempts": `'pending'`, "import_rows": `'running'`}

// Fill fills the tables of a new database, whatever its schema, except those in leftOut.
// Each table gets at least two rows, and enough rows for all values that a CHECK constraint
// lists, except those in settled. Every column has a value other than its default in at
// least one row. If a migration has already added a row to a table, Fill changes that row
// instead. Fill also writes the full-text index.
func Fill(t testing.TB, db *sql.DB) {
	t.Helper()
	tables := readTables(t, db)
	filled := make(map[string]bool)
	for _, onlyRequired := range []bool{false, true, false} { // attempts and replies refer to each other
		for again := true; again; {
			again = false
			for _, table := range tables {
				if filled[table.name] || !table.canBeFilled(filled, onlyRequired) {
					continue
				}
				execute(t, db, table.statement(t, db, filled))
				filled[table.name], again = true, !onlyRequired
			}
		}
	}
	for _, table := range tables {
		for _, c := range table.columns {
			if c.parent != "" && !c.required {
				execute(t, db, fmt.Sprintf(`UPDATE %s SET %s = (SELECT min(%s) FROM %s) WHERE (SELECT count(%[2]s) FROM %[1]s) = 0`, table.name, c.name, c.parentColumn, c.parent))
			}
		}
	}
	index(t, db)
}

type filledTable struct {
	name, definition string
	columns          []filledColumn
}

type filledColumn struct {
	name, kind           string
	place                int
	required             bool
	parent, parentColumn string // the table and column that this column references, or ""
	parentKey            string // the parent's columns in the foreign key; its rows are sorted by them
}

func readTables(t testing.TB, db *sql.DB) (tables []filledTable) {
	t.Helper()
	const q = `SELECT t.name, t.sql, c.name, c.type, c.cid, c."notnull" OR c.pk > 0, coalesce(f."table", ''), coalesce(f."to", ''),
			coalesce((SELECT group_concat(k."to", ', ' ORDER BY k.seq) FROM pragma_foreign_key_list(t.name) k WHERE k.id = f.id), '')
		FROM sqlite_schema t JOIN pragma_table_info(t.name) c LEFT JOIN pragma_foreign_key_list(t.name) f ON f."from" = c.name
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'meetings_fts%' ORDER BY t.rowid, c.cid`
	rows, err := db.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			table filledTable
			c     filledColumn
		)
		if err := rows.Scan(&table.name, &table.definition, &c.name, &c.kind, &c.place, &c.required, &c.parent, &c.parentColumn, &c.parentKey); err != nil {
			t.Fatal(err)
		}
		if leftOut[table.name] != "" {
			continue
		}
		if len(tables) == 0 || tables[len(tables)-1].name != table.name {
			tables = append(tables, table)
		}
		last := &tables[len(tables)-1]
		last.columns = append(last.columns, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tables
}

// canBeFilled reports whether the tables to which this one refers have rows. With
// onlyRequired, it ignores columns that may be NULL.
func (table filledTable) canBeFilled(filled map[string]bool, onlyRequired bool) bool {
	return !slices.ContainsFunc(table.columns, func(c filledColumn) bool {
		return c.parent != "" && !filled[c.parent] && (c.required || !onlyRequired)
	})
}

// statement returns the SQL that adds rows to the table or changes the row that it already
// has.
func (table filledTable) statement(t testing.TB, db *sql.DB, filled map[string]bool) string {
	t.Helper()
	rules := readRules(table)
	var names, expressions, changes []string
	for _, c := range table.columns {
		e := table.expression(c, rules, filled)
		names, expressions, changes = append(names, c.name), append(expressions, e), append(changes, c.name+" = "+e)
	}
	var exists bool
	if err := db.QueryRowContext(t.Context(), `SELECT EXISTS (SELECT 1 FROM `+table.name+`)`).Scan(&exists); err != nil {
		t.Fatal(err)
	}
	if exists {
		return `UPDATE ` + table.name + ` SET ` + strings.Join(changes, ", ") + ` FROM (SELECT 1 AS i)`
	}
	return fmt.Sprintf(`WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO %s (%s) SELECT %s FROM n`,
		rules.rows, table.name, strings.Join(names, ", "), strings.Join(expressions, ", "))
}

func (table filledTable) expression(c filledColumn, rules rules, filled map[string]bool) string {
	full := table.name + "." + c.name
	switch list := rules.lists[c.name]; {
	case values[full] != "":
		return values[full]
	case c.parent != "" && !filled[c.parent]:
		return `NULL`
	case c.parent != "": // refer to the parent's rows in turn
		return fmt.Sprintf(`(SELECT %s FROM (SELECT %[1]s, row_number() OVER (ORDER BY %s) AS place, count(*) OVER () AS places FROM %s) WHERE place = (i - 1) %% places + 1)`,
			c.parentColumn, c.parentKey, c.parent)
	case list != nil: // use the listed values in turn
		e := `CASE i % ` + fmt.Sprint(len(list))
		for k, value := range list {
			e += fmt.Sprintf(` WHEN %d THEN %s`, (k+1)%len(list), value)
		}
		return e + ` END`
	case rules.most[c.name] != "":
		return rules.most[c.name] + ` - i`
	case c.name == "id":
		return `i`
	case c.kind == "INTEGER":
		return fmt.Sprintf(`%d + i`, 1000*(c.place+1))
	}
	return fmt.Sprintf(`CAST('%s ' || i AS %s)`, full, c.kind)
}

// rules contains the CHECK constraints of a table.
type rules struct {
	lists map[string][]string // the possible values of each column, as SQL literals
	most  map[string]string   // the maximum of each column
	rows  int                 // how many rows the table gets
}

var (
	oneOf   = regexp.MustCompile(`CHECK \((\w+) IN \(([^)]*)\)\)`)
	between = regexp.MustCompile(`CHECK \((\w+) BETWEEN \d+ AND (\d+)\)`)
)

func readRules(table filledTable) rules {
	r := rules{make(map[string][]string), make(map[string]string), 2}
	for _, m := range oneOf.FindAllStringSubmatch(table.definition, -1) {
		list := slices.DeleteFunc(strings.Split(m[2], ", "), func(value string) bool { return value == settled[table.name] })
		r.lists[m[1]], r.rows = list, max(r.rows, len(list))
	}
	for _, m := range between.FindAllStringSubmatch(table.definition, -1) {
		r.most[m[1]] = m[2]
	}
	return r
}

// index writes the full-text index as the program with the database's schema would have
// written it.
func index(t testing.TB, db *sql.DB) {
	t.Helper()
	var first bool
	if err := db.QueryRowContext(t.Context(), `SELECT EXISTS (SELECT 1 FROM pragma_table_info('meetings_fts') WHERE name = 'people')`).Scan(&first); err != nil {
		t.Fatal(err)
	}
	scope, era := `scope`, ` || ' e' || (m.id >> 14)`
	if first {
		scope, era = `people`, ``
	}
	execute(t, db, `INSERT INTO meetings_fts (rowid, external_id, subject, organizer, attendees, `+scope+`)
		SELECT m.id, search_fold(m.external_id || ' ' || m.ticket_key), search_words(m.subject), search_words(u.name || ' ' || u.upn),
			search_words(coalesce((SELECT group_concat(name || ' ' || upn, ' ') FROM attendees WHERE meeting_id = m.id), '')),
			coalesce((SELECT group_concat(CASE relation WHEN 'handed over' THEN 'k' ELSE 'u' END || user_id, ' ') FROM meeting_people WHERE meeting_id = m.id), '')`+era+`
		FROM meetings m JOIN users u ON u.id = m.organizer_id`)
}

func execute(t testing.TB, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
